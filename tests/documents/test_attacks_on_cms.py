"""Known attacks on CMS files (RFC 5652): what the holder did not sign is never valid."""

from collections.abc import Callable
from typing import Any

import pytest
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from tests.documents.judged import CERTIFICATE, CRLS, TRUST
from tests.pure.pki.forge import NOW, rsa_key
from verifier.pki.profiles import World
from verifier.validation.document_findings import Document
from verifier.validation.document_signatures import questions
from verifier.validation.envelope import open_each
from verifier.validation.signature import verify


def signed(content: bytes) -> bytes:
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
    builder = builder.add_signer(x509.load_der_x509_certificate(CERTIFICATE), rsa_key("holder"), hashes.SHA256())
    return builder.sign(Encoding.DER, [pkcs7.PKCS7Options.Binary])


def codes(octets: bytes) -> list[str]:
    asked = questions(Document("cms", octets), open_each(octets))
    return [verify(each, trust=TRUST, crls=CRLS, world=World.SANDBOX, at=NOW).code for each in asked]


def other_content(data: Any) -> None:
    data["encap_content_info"]["content"] = b"another application"


def attributes_as_content(data: Any) -> None:
    """What the signature value is over becomes the content, and the attributes are gone."""
    signer = data["signer_infos"][0]
    data["encap_content_info"]["content"] = b"\x31" + signer["signed_attrs"].dump()[1:]
    kept = ("version", "sid", "digest_algorithm", "signature_algorithm", "signature")
    data["signer_infos"] = cms.SignerInfos([cms.SignerInfo({name: signer[name] for name in kept})])


ATTACKS: dict[str, tuple[Callable[[Any], None], str]] = {
    "other content": (other_content, "cms.message_digest"),
    "the attributes as content": (attributes_as_content, "cms.no_signed_attributes"),
}


@pytest.mark.parametrize("what", ATTACKS)
def test_what_nobody_signed_is_refused(what: str) -> None:
    attack, code = ATTACKS[what]
    container = cms.ContentInfo.load(signed(b"an application"))
    attack(container["content"])
    assert codes(container.dump(force=True)) == [code]


@pytest.mark.parametrize("content", [b"", b"an application", signed(b"nested")])
def test_any_content_of_the_holder_s_is_valid_and_nothing_behind_it(content: bytes) -> None:
    assert codes(signed(content)) == ["ok"]
    assert codes(signed(content) + b"x") == ["cms.malformed"]
