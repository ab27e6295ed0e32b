"""CMS SignedData, made and judged by OpenSSL as well: what it takes we take, but for what this verifier refuses."""

import hashlib
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import algos
from asn1crypto import cms as asn1_cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.pure.pki.forge import MESSAGE, NOW, an_authority, rsa_key
from verifier.pki import cms
from verifier.pki.profiles import Purpose, World
from verifier.validation.envelope import Envelope, open_cms
from verifier.validation.question import Question
from verifier.validation.signature import STEP_IDS, verify
from verifier.validation.signature_value import Content
from verifier.validation.trust import TrustStore
from verifier.validation.verdict import StepResult, Verdict


def ca() -> Any:
    return an_authority("sign-1")


def judged(envelope: Envelope) -> Verdict:
    question = Question(
        Purpose.SIGNATURE, envelope.certificate_der, envelope.signed, None, (envelope.opened.as_step("container"),)
    )
    trust = TrustStore((ca().anchor,))
    return verify(question, trust=trust, crls=ca().index(ca().crl()), world=World.SANDBOX, at=NOW)


def code(data: bytes, **given: Any) -> str:
    return judged(open_cms(data, **given)).code


@dataclass
class Openssl:
    """`openssl cms` in a folder with the holder's certificate and key."""

    folder: Path

    def __post_init__(self) -> None:
        (self.folder / "message").write_bytes(MESSAGE)
        self.person("holder", 1001)

    def person(self, label: str, serial: int) -> bytes:
        der = ca().issue(serial=serial, holder=label)
        (self.folder / f"{label}.der").write_bytes(der)
        self.run("x509", "-inform", "DER", "-in", f"{label}.der", "-out", f"{label}.pem")
        key = rsa_key(label).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (self.folder / f"{label}.key").write_bytes(key)
        return der  # type: ignore[no-any-return]

    def run(self, *words: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(["openssl", *words], cwd=self.folder, capture_output=True, check=False)

    def sign(self, *options: str, signers: tuple[str, ...] = ("holder",)) -> bytes:
        people = [word for label in signers for word in ("-signer", f"{label}.pem", "-inkey", f"{label}.key")]
        call = ("cms", "-sign", "-binary", "-in", "message", "-outform", "DER", "-out", "out", *people, *options)
        done = self.run(*call)
        assert done.returncode == 0, done.stderr
        return (self.folder / "out").read_bytes()

    def takes(self, data: bytes, *options: str) -> bool:
        """Whether OpenSSL takes the signature; the certificate's path is not its matter here."""
        (self.folder / "in").write_bytes(data)
        call = ("cms", "-verify", "-binary", "-in", "in", "-inform", "DER", "-noverify", "-out", "/dev/null", *options)
        return self.run(*call).returncode == 0


@pytest.fixture
def openssl(tmp_path: Path) -> Openssl:
    return Openssl(tmp_path)


DETACHED = Content(MESSAGE)


@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
@pytest.mark.parametrize("cades", [(), ("-cades",)], ids=["plain", "cades"])
@pytest.mark.parametrize(
    "padded", [(), ("-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:digest")], ids=["pkcs1", "pss"]
)
def test_what_openssl_signs_is_valid(
    openssl: Openssl, digest: str, cades: tuple[str, ...], padded: tuple[str, ...]
) -> None:
    options = (*padded, "-md", digest, *cades)
    attached, detached = openssl.sign("-nodetach", *options), openssl.sign(*options)
    whole = hashlib.new(digest, MESSAGE).digest()

    assert code(attached) == "ok"
    assert code(attached, content=DETACHED) == "ok"
    assert code(attached, content=Content(whole, is_digest=True)) == "ok"
    assert code(detached, content=DETACHED) == "ok"
    assert code(detached, content=Content(whole, is_digest=True)) == "ok"
    assert code(detached, content=Content(b"another")) == "cms.message_digest"
    assert code(detached) == "cms.content_missing"
    assert code(attached, content=Content(b"another")) == "cms.content_differs"


def test_every_step_is_told_and_the_container_stands_first(openssl: Openssl) -> None:
    verdict = judged(open_cms(openssl.sign("-nodetach", "-cades")))
    assert [step.id for step in verdict.steps] == ["container", *STEP_IDS]
    assert {step.result for step in verdict.steps} == {StepResult.PASSED}
    (value,) = [step for step in verdict.steps if step.id == "signature_value"]
    assert value.looked_at["scheme"] == "rsa_pkcs1_sha256"
    assert value.looked_at["signing_certificate"] == "named"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("-nodetach", "-noattr"), "cms.no_signed_attributes"),
        (("-nodetach", "-md", "sha1"), "sig.sha1"),
        (("-nodetach", "-econtent_type", "1.2.3.4"), "cms.content_type"),
        (("-nodetach", "-nocerts"), "cms.certificate_missing"),
        (("-nodetach", "-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:20"), "cms.algorithm"),
        (("-nodetach", "-md", "sha224"), "cms.algorithm"),
        (("-nodetach", "-stream"), "cms.not_der"),
    ],
)
def test_what_openssl_may_make_and_we_refuse(openssl: Openssl, options: tuple[str, ...], expected: str) -> None:
    assert code(openssl.sign(*options)) == expected


def test_a_certificate_left_out_is_given_by_the_caller(openssl: Openssl) -> None:
    data, other = openssl.sign("-nodetach", "-nocerts"), openssl.person("second", 1002)
    assert code(data, certificate_der=(openssl.folder / "holder.der").read_bytes()) == "ok"
    assert code(data, certificate_der=other) == "cms.other_certificate"


def test_a_signer_named_by_key(openssl: Openssl) -> None:
    identifier = x509.SubjectKeyIdentifier.from_public_key(rsa_key("holder").public_key())
    (openssl.folder / "holder.der").write_bytes(ca().issue(serial=1003, extra=((identifier, False),)))
    openssl.run("x509", "-inform", "DER", "-in", "holder.der", "-out", "holder.pem")
    assert code(openssl.sign("-nodetach", "-keyid")) == "ok"


def test_of_several_signers_the_caller_chooses_one(openssl: Openssl) -> None:
    second = openssl.person("second", 1002)
    data = openssl.sign("-nodetach", signers=("holder", "second"))
    assert code(data) == "cms.several_signers"
    assert code(data, certificate_der=second) == "ok"


# --- changed by hand ------------------------------------------------------------------------------------------------


def changed(data: bytes, change: Callable[[Any, Any], None], *, sign_again: bool = False) -> bytes:
    """A SignedData in which ``change`` was made to (signed data, signer); the attributes signed again on request."""
    whole = asn1_cms.ContentInfo.load(data)
    signed_data = whole["content"]
    signer = signed_data["signer_infos"][0]
    change(signed_data, signer)
    if sign_again:
        octets = asn1_cms.CMSAttributes.load(b"\x31" + signer["signed_attrs"].dump(force=True)[1:])
        signed = cms.set_of(tuple(cms.Attribute("", (), item.dump(force=True)) for item in octets))
        signer["signature"] = rsa_key("holder").sign(signed, padding.PKCS1v15(), hashes.SHA256())
    return bytes(whole.dump(force=True))


def without(name: str) -> Callable[[Any, Any], None]:
    def change(_: Any, signer: Any) -> None:
        kept = [item for item in signer["signed_attrs"] if item["type"].native != name]
        signer["signed_attrs"] = asn1_cms.CMSAttributes(kept)

    return change


def with_attribute(name: str, *values: Any) -> Callable[[Any, Any], None]:
    def change(_: Any, signer: Any) -> None:
        kept = [item for item in signer["signed_attrs"] if item["type"].native != name]
        kept.append(asn1_cms.CMSAttribute({"type": name, "values": list(values)}))
        signer["signed_attrs"] = asn1_cms.CMSAttributes(kept)

    return change


def naming(certificate: bytes, digest: str = "sha256") -> Callable[[Any, Any], None]:
    from asn1crypto import tsp

    found = tsp.ESSCertIDv2(
        {
            "hash_algorithm": algos.DigestAlgorithm({"algorithm": digest}),
            "cert_hash": hashlib.new(digest, certificate).digest(),
        }
    )
    return with_attribute("signing_certificate_v2", tsp.SigningCertificateV2({"certs": [found]}))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (without("message_digest"), "cms.message_digest"),
        (without("content_type"), "cms.content_type"),
        (with_attribute("content_type", "signed_data"), "cms.content_type"),
        (with_attribute("message_digest", hashlib.sha256(b"another").digest()), "cms.message_digest"),
        (with_attribute("message_digest", hashlib.sha256(MESSAGE).digest(), b"\x00" * 32), "cms.message_digest"),
        (naming(b"another certificate"), "cms.signing_certificate"),
        (naming(ca().issue(), "sha512"), "ok"),
        (naming(ca().issue(), "sha1"), "sig.sha1"),
    ],
)
def test_attributes_that_say_something_else_are_refused(
    openssl: Openssl, change: Callable[[Any, Any], None], expected: str
) -> None:
    data = changed(openssl.sign("-nodetach"), change, sign_again=True)
    assert code(data) == expected


def test_a_changed_attribute_breaks_the_signature(openssl: Openssl) -> None:
    assert code(changed(openssl.sign("-nodetach"), without("signing_time"))) == "sig.mismatch"


def test_an_attribute_twice_is_no_container(openssl: Openssl) -> None:
    def change(_: Any, signer: Any) -> None:
        found = list(signer["signed_attrs"])
        signer["signed_attrs"] = asn1_cms.CMSAttributes([*found, found[0].copy()])

    assert code(changed(openssl.sign("-nodetach"), change, sign_again=True)) == "cms.malformed"


def test_attributes_in_another_order_are_not_der(openssl: Openssl) -> None:
    """RFC 5652 section 5.3: they are DER even where the rest is not.  OpenSSL hashes what was sent and refuses too."""
    data = openssl.sign("-nodetach")
    (signer,) = cms.parse(data).signers
    attributes = [attribute.encoded for attribute in signer.signed_attributes or ()]
    turned = data.replace(b"".join(attributes), b"".join(reversed(attributes)))
    assert turned != data
    assert code(turned) == "cms.not_der"
    assert not openssl.takes(turned)


def test_lists_and_unsigned_attributes_that_came_along_are_not_read(openssl: Openssl) -> None:
    """A list that revokes the certificate, put in by whoever made the container, decides nothing."""
    from asn1crypto import crl as asn1_crl

    revoking = ca().crl([(1001, None)])

    def change(signed_data: Any, _: Any) -> None:
        signed_data["crls"] = [asn1_cms.RevocationInfoChoice("crl", asn1_crl.CertificateList.load(revoking))]

    envelope = open_cms(changed(openssl.sign("-nodetach"), change))
    assert envelope.opened.looked_at["embedded_revocation"] == "ignored"
    assert judged(envelope).code == "ok"


def test_two_algorithms_that_contradict_each_other_are_refused(openssl: Openssl) -> None:
    def change(_: Any, signer: Any) -> None:
        signer["signature_algorithm"] = algos.SignedDigestAlgorithm({"algorithm": "sha512_rsa"})

    assert code(changed(openssl.sign("-nodetach"), change)) == "cms.algorithm"


def test_no_signer_is_no_signature(openssl: Openssl) -> None:
    def change(signed_data: Any, _: Any) -> None:
        signed_data["signer_infos"] = asn1_cms.SignerInfos([])

    assert code(changed(openssl.sign("-nodetach"), change)) == "cms.no_signer"


def test_every_bit_turned_and_every_cut_gets_a_verdict_and_none_is_valid_unless_openssl_says_so(
    openssl: Openssl,
) -> None:
    data = openssl.sign("-nodetach", "-cades")
    taken = []
    for position in range(0, len(data), 7):
        turned = data[:position] + bytes((data[position] ^ 0x04,)) + data[position + 1 :]
        if code(turned) == "ok":
            taken.append(turned)
        assert code(data[:position]).startswith("cms.")
    # The version of the whole is not signed; OpenSSL does not mind it either.
    assert len(taken) < 3
    assert all(openssl.takes(turned) for turned in taken)


def test_not_one_container(openssl: Openssl) -> None:
    data = openssl.sign("-nodetach")
    for wrong in (b"", b"\x30", data + b"\x00", b"-----BEGIN CMS-----", b"\x30\x80\x00\x00", b"\x30\x03\x02\x01\x01"):
        verdict = judged(open_cms(wrong))
        assert verdict.code in ("cms.malformed", "cms.not_der")
        assert [step.result for step in verdict.steps[1:]] == [StepResult.NOT_RUN] * 8
