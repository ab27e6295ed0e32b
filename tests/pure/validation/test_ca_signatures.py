"""By which algorithms a CA may sign is a value of the kind: certificates, lists and OCSP answers are held to it."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding

from tests.pure.pki.forge import NOW, Authority, PrivateKey, an_authority, ec_key, plain_pss, rsa_key
from tests.pure.validation import ocsp_forge
from tests.pure.validation.ocsp_forge import delegate, response
from verifier.pki import certificate, der, kind_data, oids
from verifier.pki.errors import RefusedCrl, RefusedOcsp
from verifier.pki.profiles import KINDS, Medium, Purpose, World, ca_signatures, kind
from verifier.pki.signature_schemes import SCHEMES
from verifier.validation import ca_signatures as signed
from verifier.validation import ocsp_answers, signature
from verifier.validation.case import Case
from verifier.validation.crl_index import CrlIndex
from verifier.validation.outcome import Outcome
from verifier.validation.paths import certificate as path_certificate
from verifier.validation.steps import path
from verifier.validation.trust import TrustStore

RSA, P256, P384 = rsa_key("ca-rsa"), ec_key("ca-p256"), ec_key("ca-p384", ec.SECP384R1)
P521 = ec_key("ca-p521", ec.SECP521R1)


@dataclass(frozen=True)
class Signing:
    """How a CA signs; ``sandbox`` and ``production`` say whether it may."""

    key: PrivateKey
    digest: hashes.HashAlgorithm
    sandbox: bool
    production: bool
    rsa_padding: padding.PSS | None = None

    def ca(self, world: World) -> Authority:
        return an_authority(f"signing-{world}", world=world, private=self.key)

    @property
    def how(self) -> dict[str, object]:
        return {"digest": self.digest, "rsa_padding": self.rsa_padding}


SIGNINGS = {
    "RSA SHA-256": Signing(RSA, hashes.SHA256(), sandbox=True, production=True),
    "RSA SHA-384": Signing(RSA, hashes.SHA384(), sandbox=True, production=False),
    "RSA SHA-512": Signing(RSA, hashes.SHA512(), sandbox=True, production=False),
    "RSA SHA-224": Signing(RSA, hashes.SHA224(), sandbox=False, production=False),
    "PSS SHA-256": Signing(RSA, hashes.SHA256(), False, False, plain_pss()),
    "PSS SHA-512": Signing(RSA, hashes.SHA512(), False, False, plain_pss(hashes.SHA512())),
    "P-256 SHA-256": Signing(P256, hashes.SHA256(), sandbox=True, production=False),
    "P-384 SHA-384": Signing(P384, hashes.SHA384(), sandbox=True, production=False),
    "P-256 SHA-384": Signing(P256, hashes.SHA384(), sandbox=False, production=False),
    "P-384 SHA-256": Signing(P384, hashes.SHA256(), sandbox=False, production=False),
    "P-521 SHA-512": Signing(P521, hashes.SHA512(), sandbox=False, production=False),
}
BOTH = pytest.mark.parametrize("world", World)
EACH = pytest.mark.parametrize("signing", SIGNINGS.values(), ids=SIGNINGS)


def issued(signing: Signing, world: World) -> bytes:
    row = kind(Purpose.SIGNATURE, Medium.CARD, world)
    return signing.ca(world).issue(policies=(row.policy_oid,), **signing.how)  # type: ignore[arg-type]


def step(der_bytes: bytes, ca: Authority) -> signature.Step:
    verdict = signature.inspect(der_bytes, trust=TrustStore((ca.anchor,)), crls=CrlIndex(), world=ca.world, at=NOW)
    return next(each for each in verdict.steps if each.id == "certificate_signature")


@BOTH
@EACH
def test_a_certificate_is_taken_if_its_kind_says_so(signing: Signing, world: World) -> None:
    found = step(issued(signing, world), signing.ca(world))
    may = getattr(signing, world.value)

    assert found.code == ("ok" if may else "cert.algorithm")
    assert found.looked_at["anchors_tried"] == (1 if may else 0)
    assert (found.looked_at["scheme"] is not None) is may


@BOTH
@EACH
def test_a_list_is_taken_if_the_kinds_of_its_ca_say_so(signing: Signing, world: World) -> None:
    ca = signing.ca(world)
    der_bytes = ca.crl([(1001, x509.ReasonFlags.superseded)], **signing.how)  # type: ignore[arg-type]

    if getattr(signing, world.value):
        assert len(ca.evidence(der_bytes).crl) == 1
    else:
        with pytest.raises(RefusedCrl) as caught:
            ca.evidence(der_bytes)
        assert caught.value.code == "crl.algorithm"


def with_sha1(data: bytes) -> bytes:
    """sha1WithRSAEncryption in place of sha256WithRSAEncryption, inside and outside: what it was signed by no longer
    matters."""
    return data.replace(bytes.fromhex("06092a864886f70d01010b"), bytes.fromhex("06092a864886f70d010105"))


@BOTH
def test_sha1_is_refused_by_its_name_and_nothing_is_computed(world: World) -> None:
    signing = SIGNINGS["RSA SHA-256"]
    found = step(with_sha1(issued(signing, world)), signing.ca(world))
    assert (found.code, found.looked_at["algorithm"]) == ("cert.algorithm", oids.SHA1_WITH_RSA_ENCRYPTION)
    assert found.looked_at["anchors_tried"] == 0
    with pytest.raises(RefusedCrl) as caught:
        signing.ca(world).evidence(with_sha1(signing.ca(world).crl()))
    assert caught.value.code == "crl.algorithm"


@pytest.mark.parametrize("name", [name for name, signing in SIGNINGS.items() if signing.sandbox])
def test_an_accepted_algorithm_under_another_key_is_a_bad_signature(name: str) -> None:
    signing = SIGNINGS[name]
    other = rsa_key("impostor") if signing.key is RSA else ec_key(f"impostor-{name}", type(signing.key.curve))  # type: ignore[union-attr]
    ca = signing.ca(World.SANDBOX)
    assert step(ca.issue(signer=other, digest=signing.digest), ca).code == "cert.bad_signature"
    with pytest.raises(RefusedCrl) as caught:
        ca.evidence(ca.crl(signer=other, digest=signing.digest))
    assert caught.value.code == "crl.bad_signature"


def test_a_row_that_takes_pss_lets_pss_in_and_nothing_else() -> None:
    """No row does today; the day one does, changing the table is enough."""
    row = kind(Purpose.SIGNATURE, Medium.CARD, World.SANDBOX)
    with_pss = replace(row, ca_signatures=frozenset((SCHEMES["rsa_pss_rsae_sha256"],)))
    ca = SIGNINGS["PSS SHA-256"].ca(World.SANDBOX)

    def proven(data: bytes) -> Outcome:
        case = Case(der=data, trust=TrustStore((ca.anchor,)), crls=CrlIndex(), world=World.SANDBOX, at=NOW)
        case.parsed = certificate.parse(data)
        case.link, case.told_kind = path_certificate.of(case.parsed), with_pss
        case.candidates = (ca.anchor,)
        return path.prove_issuer(case)

    assert proven(issued(SIGNINGS["PSS SHA-256"], World.SANDBOX)).code == "ok"
    assert proven(issued(SIGNINGS["PSS SHA-512"], World.SANDBOX)).code == "cert.algorithm"
    assert proven(issued(SIGNINGS["RSA SHA-256"], World.SANDBOX)).code == "cert.algorithm"
    short_salt = padding.PSS(padding.MGF1(hashes.SHA256()), 20)
    assert proven(ca.issue(rsa_padding=short_salt)).code == "cert.algorithm"
    assert proven(ca.issue(signer=rsa_key("impostor"), rsa_padding=plain_pss())).code == "cert.bad_signature"


NULL = b"\x05\x00"
RSA_OID, ECDSA_OID = bytes.fromhex("06092a864886f70d01010b"), bytes.fromhex("06082a8648ce3d040302")


@pytest.mark.parametrize(
    ("content", "key", "name"),
    [
        (RSA_OID + NULL, RSA, "rsa_pkcs1_sha256"),
        (RSA_OID, RSA, "rsa_pkcs1_sha256"),
        (RSA_OID + b"\x30\x00", RSA, None),
        (RSA_OID + NULL + NULL, RSA, None),
        (ECDSA_OID, P256, "ecdsa_secp256r1_sha256"),
        (ECDSA_OID + NULL, P256, None),
        (ECDSA_OID, RSA, None),
        (b"", RSA, None),
        (b"\x06", RSA, None),
    ],
)
def test_an_algorithm_is_stated_by_oid_and_parameters(content: bytes, key: PrivateKey, name: str | None) -> None:
    signer = an_authority("stating", private=key).anchor.certificate
    found = signed.stated(der.encode(der.SEQUENCE, content), signer)
    assert (found.name if found else None) == name
    assert signed.stated(b"\x31\x00", signer) is None


# --- OCSP ---


def answered(der_bytes: bytes, world: World) -> str:
    asked = replace(ocsp_forge.asked(), issuer=replace(ocsp_forge.CA.anchor, world=world))
    try:
        ocsp_answers.accept(
            der_bytes,
            asked=asked,
            rules=ocsp_forge.RULES,
            crls=CrlIndex(),
            at=NOW,
            fetched_at=NOW + timedelta(seconds=1),
            responder="test",
        )
    except RefusedOcsp as refused:
        return refused.code
    return "ok"


@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
@BOTH
def test_an_answer_of_the_ca_itself_is_held_to_its_kinds(digest: str, world: World) -> None:
    own = response(signer=ocsp_forge.CA.label, certificates=(), digest=digest)
    expected = "ok" if digest == "sha256" or world is World.SANDBOX else "ocsp.algorithm"
    assert answered(own, world) == expected


@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
@BOTH
def test_a_delegate_signs_as_it_likes_but_is_certified_as_the_kinds_say(digest: str, world: World) -> None:
    assert answered(response(digest=digest), world) == "ok"
    certified = response(certificates=(delegate(digest=digest),))
    expected = "ok" if digest == "sha256" or world is World.SANDBOX else "ocsp.delegate"
    assert answered(certified, world) == expected


# --- the table ---


def test_the_rows_are_pinned() -> None:
    further = ("rsa_pkcs1_sha384", "rsa_pkcs1_sha512", "ecdsa_secp256r1_sha256", "ecdsa_secp384r1_sha384")
    for (_, _, world), row in kind_data.ROWS.items():
        assert (row.ca_signatures.value, row.ca_signatures.basis) == (("rsa_pkcs1_sha256",), "public")
        assert row.further_ca_signatures.value == (further if world == "sandbox" else ())
        assert row.further_ca_signatures.basis == ("assumed" if world == "sandbox" else "public")


def test_the_kinds_of_one_ca_say_the_same() -> None:
    """Card and phone are under one CA and one key (briefing, June 2022); lists and answers rest on that."""
    for row in KINDS:
        assert row.ca_signatures == ca_signatures(row.purpose, row.world)
    assert len(ca_signatures(Purpose.SIGNATURE, World.PRODUCTION)) == 1
