"""Which signatures count: RSASSA-PKCS1-v1_5, RSASSA-PSS and ECDSA with SHA-2, under keys of a size we take."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding

from tests.pure.paths.made import NOW, YEAR, key, name
from tests.pure.pki.forge import rsa_key
from verifier.pki import oids
from verifier.pki.errors import MalformedCertificate
from verifier.validation.paths import certificate
from verifier.validation.paths.settings import PathSettings
from verifier.validation.paths.signatures import is_signed, scheme_of
from verifier.validation.paths.validation import validate
from verifier.validation.paths.work import Anchor

SHA256, SHA384, SHA512 = hashes.SHA256(), hashes.SHA384(), hashes.SHA512()


def pss(mask: hashes.HashAlgorithm, salt: int = 32) -> padding.PSS:
    return padding.PSS(padding.MGF1(mask), salt)


def issued(
    subject: str,
    signer: CertificateIssuerPrivateKeyTypes,
    digest: hashes.HashAlgorithm,
    scheme: padding.PSS | None = None,
    *,
    ca: bool = False,
) -> bytes:
    public = signer.public_key() if ca else key("holder").public_key()
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(name("root"))
        .serial_number(5)
        .not_valid_before(NOW - YEAR)
        .not_valid_after(NOW + YEAR)
        .public_key(public)  # type: ignore[arg-type]
    )
    if ca:
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
    return builder.sign(signer, digest, rsa_padding=scheme).public_bytes(Encoding.DER)


def refusal(
    signer: CertificateIssuerPrivateKeyTypes, digest: hashes.HashAlgorithm, scheme: padding.PSS | None = None
) -> tuple[str, str | None] | None:
    anchor = Anchor("root", certificate.parse(issued("root", signer, SHA256, ca=True)))
    holder = certificate.parse(issued("holder", signer, digest, scheme))
    found = validate(holder, anchors=[anchor], settings=PathSettings(at=NOW, check_revocation=False)).refusal
    return (found.code, found.oid) if found else None


RSA = rsa_key("sign-1")


@pytest.mark.parametrize("digest", [SHA256, SHA384, SHA512], ids=lambda digest: digest.name)
@pytest.mark.parametrize("signer", [RSA, *(ec.generate_private_key(c()) for c in (ec.SECP256R1, ec.SECP384R1))])
def test_taken(signer: CertificateIssuerPrivateKeyTypes, digest: hashes.HashAlgorithm) -> None:
    assert refusal(signer, digest) is None


@pytest.mark.parametrize("digest", [SHA256, SHA384, SHA512], ids=lambda digest: digest.name)
def test_pss_is_taken_with_a_mask_of_the_same_hash(digest: hashes.HashAlgorithm) -> None:
    assert refusal(RSA, digest, pss(digest)) is None
    assert refusal(RSA, digest, pss(hashes.SHA224())) == ("cert.algorithm", oids.RSASSA_PSS)


@pytest.mark.parametrize("digest", [hashes.SHA224(), hashes.SHA3_256()], ids=lambda digest: digest.name)
def test_other_hashes_are_not_taken(digest: hashes.HashAlgorithm) -> None:
    found = refusal(RSA, digest)
    assert found is not None
    assert found[0] == "cert.algorithm"


def test_sha1_is_not_taken() -> None:
    """The OID of sha1WithRSAEncryption put in place of sha256's, inside and outside."""
    sha256, sha1 = bytes.fromhex("06092a864886f70d01010b"), bytes.fromhex("06092a864886f70d010105")
    holder = certificate.parse(issued("holder", RSA, SHA256).replace(sha256, sha1))
    anchor = Anchor("root", certificate.parse(issued("root", RSA, SHA256, ca=True)))

    found = validate(holder, anchors=[anchor], settings=PathSettings(at=NOW)).refusal
    assert found is not None
    assert (found.code, found.oid) == ("cert.algorithm", "1.2.840.113549.1.1.5")


@pytest.mark.parametrize("bits", [1024, 1536])
def test_short_keys_are_not_taken(bits: int) -> None:
    assert refusal(rsa.generate_private_key(65537, bits), SHA256) == ("cert.weak_key", None)


def test_a_scheme_does_not_go_with_a_key_of_the_other_kind() -> None:
    by_rsa = certificate.parse(issued("holder", RSA, SHA256))
    by_curve = certificate.parse(issued("holder", key("curve"), SHA256))

    assert is_signed(by_rsa, RSA.public_key())
    assert is_signed(by_curve, key("curve").public_key())
    assert not is_signed(by_rsa, key("curve").public_key())
    assert not is_signed(by_curve, RSA.public_key())
    assert not is_signed(by_rsa, None)


def test_inner_and_outer_algorithm_must_be_the_same() -> None:
    data = issued("holder", RSA, SHA256)
    outer = data.rindex(bytes.fromhex("06092a864886f70d01010b"))
    changed = data[: outer + 10] + b"\x0c" + data[outer + 11 :]

    with pytest.raises(MalformedCertificate, match="signature_algorithm"):
        certificate.parse(changed)


def test_scheme_of_a_list() -> None:
    item = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(name("root"))
        .last_update(NOW)
        .next_update(NOW + YEAR)
        .sign(RSA, SHA384, rsa_padding=pss(SHA384))
    )
    found = scheme_of(item)

    assert found is not None
    assert found.digest.name == "sha384"
    assert isinstance(found.padding, padding.PSS)
