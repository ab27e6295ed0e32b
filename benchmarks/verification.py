"""One verification in the process, against the RSA verifications that no verifier can do without."""

from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from benchmarks.table import Row, timed
from benchmarks.timing import in_turns
from testenv.ca import crl_building
from testenv.ca.crl_building import CrlEntry
from tests.pure.ca.made import AT, SERIAL, a_certificate, an_authority, key
from verifier.pki import certificate, names
from verifier.pki.profiles import Medium, Purpose, World, crl_dp_name
from verifier.pki.reasons import RevocationReason
from verifier.validation import revocation
from verifier.validation.crl_index import CrlEvidence, CrlIndex
from verifier.validation.message_signature import MessageSignature
from verifier.validation.question import Question
from verifier.validation.seen import SeenCertificates
from verifier.validation.signature import verify
from verifier.validation.trust import TrustAnchor, TrustStore
from verifier.validation.verdict import Status

MESSAGE = bytes(range(256)) * 4
NOW = AT + timedelta(minutes=1)
LISTED = 300


def rows(*, rounds: int = 15, calls: int = 200) -> list[Row]:
    """A phone's certificate of each purpose, judged whole: parsed, path, profile, signature of 1 KiB, revocation."""
    return [row for purpose in Purpose for row in _rows_of(purpose, rounds, calls)]


def _rows_of(purpose: Purpose, rounds: int, calls: int) -> list[Row]:
    medium = Medium.PHONE_ANDROID
    trust = TrustStore(tuple(_anchor(each) for each in Purpose))
    crls = CrlIndex([_list(each, group) for each in Purpose for group in (Medium.CARD, medium)])
    der = a_certificate(purpose, medium)
    parsed = certificate.parse(der)
    holder, issuer = key("holder").public_key(), an_authority(purpose).private_key.public_key()
    signature = key("holder").sign(MESSAGE, PKCS1v15(), SHA256())
    question = Question(purpose, der, MessageSignature(signature, MESSAGE), medium)

    def judged() -> None:
        verdict = verify(question, trust=trust, crls=crls, world=World.SANDBOX, at=NOW)
        assert verdict.status is Status.VALID, verdict.code

    seen = SeenCertificates()

    def again() -> None:
        verdict = verify(question, trust=trust, crls=crls, world=World.SANDBOX, at=NOW, seen=seen)
        assert verdict.status is Status.VALID, verdict.code

    def one() -> None:
        holder.verify(signature, MESSAGE, PKCS1v15(), SHA256())

    def two() -> None:
        issuer.verify(parsed.signature, parsed.tbs, PKCS1v15(), SHA256())
        holder.verify(signature, MESSAGE, PKCS1v15(), SHA256())

    again()
    took = in_turns({"judged": judged, "again": again, "one": one, "two": two}, rounds=rounds, calls=calls)
    what = f"verification in process, {purpose.value.replace('_', ' ')} on a phone"
    return [
        timed(
            f"{what}, nothing kept", took["judged"], "two RSA-2048 verifications", took["two"], limits=((6, 4, "×"),)
        ),
        timed(
            f"{what}, certificate seen before",
            took["again"],
            "one RSA-2048 verification",
            took["one"],
            limits=((2, 1.3, "×"),),
        ),
    ]


def _anchor(purpose: Purpose) -> TrustAnchor:
    der = an_authority(purpose).certificate.public_bytes(Encoding.DER)
    return TrustAnchor(f"anchor {purpose}", purpose, World.SANDBOX, certificate.parse(der))


def _list(purpose: Purpose, medium: Medium) -> CrlEvidence:
    """A list of a few hundred others."""
    der = crl_building.build(
        purpose,
        medium.group,
        [CrlEntry(SERIAL + number, AT, RevocationReason.SUPERSEDED) for number in range(1, LISTED + 1)],
        number=1,
        this_update=AT,
        next_update=AT + timedelta(days=1),
        signer=an_authority(purpose),
    )
    dp_name = names.normalised(crl_dp_name(purpose, medium.group, World.SANDBOX))
    return revocation.accept_crl(der, issuer=_anchor(purpose), dp_name=dp_name, at=NOW)
