"""Keys of every row of the table: taken where the kind allows them, refused where it does not."""

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

from tests.pure.pki.forge import MESSAGE, NOW, an_authority
from verifier.pki import certificate
from verifier.pki.profiles import Medium, Purpose, World, kind
from verifier.pki.signature_schemes import SCHEMES, Family, SignatureScheme
from verifier.validation import signature
from verifier.validation.message_signature import MessageSignature
from verifier.validation.profile_checks import key_is_of_an_allowed_algorithm
from verifier.validation.question import Question
from verifier.validation.trust import TrustStore

CA = an_authority("algorithms", Purpose.SIGNATURE)


def scheme(family: Family, digest: str, curve: str | None) -> SignatureScheme:
    return next(s for s in SCHEMES.values() if (s.family, s.digest, s.curve) == (family, digest, curve))


@pytest.mark.parametrize(
    ("row", "digest"),
    [("rsa_2048", "sha256"), ("rsa_longer", "sha512"), ("ecdsa_p256", "sha256"), ("ecdsa_p384", "sha384")],
)
def test_a_holder_of_every_row_is_verified_in_the_sandbox(row: str, digest: str) -> None:
    hashed: hashes.HashAlgorithm = {
        "sha256": hashes.SHA256(),
        "sha384": hashes.SHA384(),
        "sha512": hashes.SHA512(),
    }[digest]
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
    if row.startswith("rsa"):
        key = rsa.generate_private_key(65537, 2048 if row == "rsa_2048" else 3072)
        value, chosen = key.sign(MESSAGE, PKCS1v15(), hashed), scheme(Family.RSA_PKCS1, digest, None)
    else:
        key = ec.generate_private_key(ec.SECP256R1() if row == "ecdsa_p256" else ec.SECP384R1())
        value, chosen = key.sign(MESSAGE, ec.ECDSA(hashed)), scheme(Family.ECDSA, digest, key.curve.name)
    der = CA.issue(Medium.CARD, public_key=key.public_key())
    verdict = signature.verify(
        Question(Purpose.SIGNATURE, der, MessageSignature(value, MESSAGE, chosen), None),
        trust=TrustStore((CA.anchor,)),
        crls=CA.index(CA.crl()),
        world=World.SANDBOX,
        at=NOW,
    )
    assert verdict.code == "ok", verdict.steps
    parsed = certificate.parse(der)
    found = parsed.key_algorithm
    assert found in kind(Purpose.SIGNATURE, Medium.CARD, World.SANDBOX).algorithms
    assert found is not None
    assert found.id == row
    refused = key_is_of_an_allowed_algorithm(parsed, kind(Purpose.SIGNATURE, Medium.CARD, World.PRODUCTION))
    assert (refused is None) == row.startswith("rsa")
