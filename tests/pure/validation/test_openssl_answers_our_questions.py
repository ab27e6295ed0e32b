"""The `openssl ocsp` command, in file mode: a responder of our very request bytes, and a second judge of its answers.

It dates them by the machine's clock, so these certificates live around the real moment.
"""

import subprocess
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import ocsp as asn1_ocsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID

from tests.pure.pki.forge import DAY, YEAR, Authority, an_authority, ec_key, rsa_key
from tests.pure.validation.ocsp_forge import MINUTE, NONCE, RULES, delegate
from verifier.pki import certificate, ocsp
from verifier.pki.errors import MalformedInput
from verifier.pki.ocsp import HashName, RequestSigner
from verifier.pki.profiles import Medium
from verifier.pki.reasons import RevocationReason
from verifier.validation import ocsp_answers
from verifier.validation.crl_index import CrlIndex
from verifier.validation.ocsp_answers import Asked
from verifier.validation.ocsp_evidence import OcspEvidence
from verifier.validation.verdict import RevocationStatus

AT = datetime.now(UTC).replace(microsecond=0)
LIFE = {"not_before": AT - YEAR, "not_after": AT + YEAR}
CA = an_authority("openssl-ocsp", **LIFE)
OTHER = an_authority("openssl-ocsp-other", **LIFE)  # the other generation: the same name, another key
SHORT = {"not_before": AT - DAY / 4, "not_after": AT + DAY / 2}
REVOKED_AT = AT - timedelta(days=3)

GOOD, REVOKED, HELD, PLAIN, NOBODYS = 0x1001, 0x1002, 0x1003, 0x1004, 0x1005
REASONS = {REVOKED: ",affiliationChanged", HELD: ",certificateHold", PLAIN: ""}


@dataclass(frozen=True)
class Signer:
    """Who answers: a certificate, and the label of its key."""

    der: bytes
    label: str


DELEGATE = Signer(delegate("openssl-delegate", issuer=CA, **SHORT), "openssl-delegate")
THE_CA = Signer(CA.certificate_der, CA.label)
UNENTITLED = Signer(delegate("openssl-unentitled", issuer=CA, eku=False, **SHORT), "openssl-unentitled")
OF_THE_OTHER = Signer(delegate("openssl-of-other", issuer=OTHER, **SHORT), "openssl-of-other")
THE_OTHER = Signer(OTHER.certificate_der, OTHER.label)


def pem(der: bytes) -> bytes:
    return x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM)


def key_pem(label: str) -> bytes:
    return rsa_key(label).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def register() -> str:
    """The index of `openssl ca`: state, end, revocation, serial, file, subject."""
    end, since = f"{AT + YEAR:%y%m%d%H%M%SZ}", f"{REVOKED_AT:%y%m%d%H%M%SZ}"
    lines = [f"V\t{end}\t\t{GOOD:X}\tunknown\t/CN={GOOD:X}"]
    lines += [f"R\t{end}\t{since}{why}\t{serial:X}\tunknown\t/CN={serial:X}" for serial, why in REASONS.items()]
    return "\n".join(lines) + "\n"


class OpenSsl:
    """The command in a folder with everything it reads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "index.txt").write_text(register())
        (folder / "ca.pem").write_bytes(pem(CA.certificate_der))

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            ["openssl", *arguments], cwd=self.folder, capture_output=True, text=True, check=False, timeout=20
        )
        return done.stdout + done.stderr

    def answer(self, request: bytes, signer: Signer, *options: str) -> bytes:
        (self.folder / "request.der").write_bytes(request)
        (self.folder / "signer.pem").write_bytes(pem(signer.der))
        (self.folder / "signer.key").write_bytes(key_pem(signer.label))
        (self.folder / "response.der").unlink(missing_ok=True)
        told = self.run(
            *("ocsp", "-index", "index.txt", "-CA", "ca.pem", "-rsigner", "signer.pem", "-rkey", "signer.key"),
            *("-reqin", "request.der", "-respout", "response.der", *(options or ("-nmin", "15"))),
        )
        assert (self.folder / "response.der").exists(), told
        return (self.folder / "response.der").read_bytes()

    def believes(self) -> bool:
        """Whether it would take the latest answer itself, for the latest request and under this CA alone."""
        told = self.run(
            *("ocsp", "-reqin", "request.der", "-respin", "response.der", "-issuer", "ca.pem", "-CAfile", "ca.pem")
        )
        assert ("Response verify OK" in told) is not ("Response Verify Failure" in told), told
        return "Response verify OK" in told

    def status(self, serial: int, hash_name: HashName) -> str:
        """What it reads in the latest answer about that serial."""
        told = self.run(
            *("ocsp", "-respin", "response.der", "-issuer", "ca.pem", "-CAfile", "ca.pem", "-no_nonce"),
            *(f"-{hash_name}", "-serial", f"{serial:#x}"),
        )
        return told.split(f"{serial:#x}: ")[1].split("\n")[0].strip()


@pytest.fixture(scope="module")
def openssl(tmp_path_factory: pytest.TempPathFactory) -> OpenSsl:
    return OpenSsl(tmp_path_factory.mktemp("openssl-ocsp"))


def a_question(
    serial: int = GOOD, *, hash_name: HashName = "sha1", nonce: bytes | None = NONCE, ca: Authority = CA
) -> Asked:
    subject = certificate.parse(ca.issue(Medium.CARD, serial=serial, **LIFE))
    return Asked(ocsp.cert_id(subject.issuer, ca.anchor.certificate, serial, hash_name), ca.anchor, nonce)


def encoded(asked: Asked, signer: RequestSigner | None = None) -> bytes:
    return ocsp.encode_request(asked.about, nonce=asked.nonce, signer=signer)


def judged(der: bytes, asked: Asked, *, at: datetime | None = None) -> OcspEvidence:
    now = datetime.now(UTC).replace(microsecond=0)
    return ocsp_answers.accept(
        der, asked=asked, rules=RULES, crls=CrlIndex(), at=at or now, fetched_at=now, responder="openssl"
    )


def an_asker(kind: str) -> RequestSigner:
    label = "openssl-asker"
    key = rsa_key(label) if kind == "rsa" else ec_key(label)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "署名検証者 見本")])
    builder = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(9).public_key(key.public_key())
    )
    builder = builder.not_valid_before(AT - DAY).not_valid_after(AT + DAY)
    return RequestSigner(builder.sign(key, hashes.SHA256()), key)


@pytest.mark.parametrize("hash_name", ["sha1", "sha256"])
@pytest.mark.parametrize("nonce", [NONCE, None], ids=["nonce", "plain"])
@pytest.mark.parametrize(
    ("serial", "status", "reason", "word"),
    [
        (GOOD, RevocationStatus.GOOD, None, "good"),
        (REVOKED, RevocationStatus.REVOKED, RevocationReason.AFFILIATION_CHANGED, "revoked"),
        (PLAIN, RevocationStatus.REVOKED, RevocationReason.UNSPECIFIED, "revoked"),
        (HELD, RevocationStatus.ON_HOLD, RevocationReason.CERTIFICATE_HOLD, "revoked"),
        (NOBODYS, RevocationStatus.UNKNOWN, None, "unknown"),
    ],
)
def test_it_understands_the_question_and_we_its_answer(
    openssl: OpenSsl,
    hash_name: HashName,
    nonce: bytes | None,
    serial: int,
    status: RevocationStatus,
    reason: RevocationReason | None,
    word: str,
) -> None:
    asked = a_question(serial, hash_name=hash_name, nonce=nonce)
    evidence = judged(openssl.answer(encoded(asked), DELEGATE), asked)
    assert (evidence.status, evidence.reason) == (status, reason)
    assert evidence.revoked_at == (None if reason is None else REVOKED_AT)
    assert evidence.nonce_matched is (None if nonce is None else True)
    assert openssl.believes()
    assert openssl.status(serial, hash_name) == word


def test_the_same_serial_of_the_other_generation_is_unknown_to_it(openssl: OpenSsl) -> None:
    """Names are the same, so this is the hash of the key: wrong bits under it, and everything would be unknown."""
    asked = a_question(ca=OTHER)
    openssl.answer(encoded(asked), DELEGATE)
    told = openssl.run("ocsp", "-respin", "response.der", "-noverify", "-resp_text")
    assert "Cert Status: unknown" in told


@pytest.mark.parametrize("options", [("-nmin", "15"), ("-nmin", "15", "-resp_key_id")])
@pytest.mark.parametrize(
    ("signer", "code"),
    [
        (DELEGATE, None),
        (THE_CA, None),
        (UNENTITLED, "ocsp.delegate"),
        (OF_THE_OTHER, "ocsp.delegate"),
        (THE_OTHER, None),
    ],
)
def test_both_believe_the_same_signers(
    openssl: OpenSsl, signer: Signer, code: str | None, options: tuple[str, ...]
) -> None:
    if signer is THE_OTHER:  # its name is the issuer's, its key is another: told by name, it is a false signature
        code = "ocsp.delegate" if "-resp_key_id" in options else "ocsp.bad_signature"
    asked = a_question()
    der = openssl.answer(encoded(asked), signer, *options)
    if code is None:
        assert judged(der, asked).status is RevocationStatus.GOOD
    else:
        with pytest.raises(MalformedInput) as refused:
            judged(der, asked)
        assert refused.value.code == code
    assert openssl.believes() is (code is None)


def test_an_answer_ends_with_its_next_update_or_with_its_greatest_age(openssl: OpenSsl) -> None:
    asked = a_question()
    for options, life in ((("-nmin", "30"), 30 * MINUTE), (("-no_certs",), RULES.max_age)):
        signer = THE_CA if "-no_certs" in options else DELEGATE
        der = openssl.answer(encoded(asked), signer, *options)
        evidence = judged(der, asked)
        assert (evidence.next_update is None) is (signer is THE_CA)
        end = evidence.this_update + life + RULES.skew
        assert judged(der, asked, at=end).status is RevocationStatus.GOOD
        refused_at(der, asked, end + timedelta(seconds=1), "ocsp.stale")
        refused_at(der, asked, evidence.this_update - RULES.skew - timedelta(seconds=1), "ocsp.not_yet_valid")


def refused_at(der: bytes, asked: Asked, at: datetime, code: str) -> None:
    with pytest.raises(MalformedInput) as refused:
        judged(der, asked, at=at)
    assert refused.value.code == code


def test_an_answer_to_another_question_is_no_answer(openssl: OpenSsl) -> None:
    asked = a_question()
    der = openssl.answer(encoded(asked), DELEGATE)
    for other, code in (
        (a_question(HELD), "ocsp.other_certificate"),
        (a_question(ca=OTHER), "ocsp.other_certificate"),
        (a_question(hash_name="sha256"), "ocsp.other_certificate"),
        (replace(asked, nonce=b"n" * 32), "ocsp.nonce_mismatch"),
        (replace(asked, nonce=None), "ocsp.nonce_mismatch"),
    ):
        refused_at(der, other, AT, code)


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_it_reads_a_signed_question_and_its_signature_is_right(openssl: OpenSsl, kind: str) -> None:
    asked, signer = a_question(hash_name="sha256"), an_asker(kind)
    request = encoded(asked, signer)
    assert judged(openssl.answer(request, DELEGATE), asked).status is RevocationStatus.GOOD
    text = openssl.run("ocsp", "-reqin", "request.der", "-req_text")
    assert "Requestor Name: DirName:CN" in text
    assert f"Serial Number: {GOOD:X}" in text
    assert "Hash Algorithm: sha256" in text
    assert NONCE.hex().upper() in text.replace("\n", "").replace(" ", "")
    parsed = asn1_ocsp.OCSPRequest.load(request, strict=True)
    key = signer.private_key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (openssl.folder / "asker.pem").write_bytes(key)
    (openssl.folder / "tbs.der").write_bytes(parsed["tbs_request"].dump())
    (openssl.folder / "signature.bin").write_bytes(parsed["optional_signature"]["signature"].native)
    command = ("dgst", "-sha256", "-verify", "asker.pem", "-signature", "signature.bin")
    assert openssl.run(*command, "tbs.der").strip() == "Verified OK"
    assert openssl.run(*command, "request.der").strip() != "Verified OK"
