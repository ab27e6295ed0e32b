"""By which schemes a CA signed, and may sign: its certificates, its lists, its OCSP answers.

Which ones are taken stands in the table of kinds (``kind_data``); what no row of ``SCHEMES`` describes (SHA-1, other
curves, a PSS with parameters of its own) is no scheme at all.
"""

from functools import cache, lru_cache

from verifier.pki import cms, der, oids
from verifier.pki.certificate import Certificate
from verifier.pki.profiles import ca_signatures
from verifier.pki.signature_schemes import DIGEST_BYTES, Family, SignatureScheme, scheme
from verifier.validation import signature_value
from verifier.validation.cms_algorithms import is_plain_pss
from verifier.validation.signature_value import Content
from verifier.validation.trust import TrustAnchor

_NULL = b"\x05\x00"
_STATED = {
    oids.SHA256_WITH_RSA_ENCRYPTION: (Family.RSA_PKCS1, "sha256"),
    oids.SHA384_WITH_RSA_ENCRYPTION: (Family.RSA_PKCS1, "sha384"),
    oids.SHA512_WITH_RSA_ENCRYPTION: (Family.RSA_PKCS1, "sha512"),
    oids.ECDSA_WITH_SHA256: (Family.ECDSA, "sha256"),
    oids.ECDSA_WITH_SHA384: (Family.ECDSA, "sha384"),
    oids.ECDSA_WITH_SHA512: (Family.ECDSA, "sha512"),
}

taken_from = cache(ca_signatures)


def allowed_for(issuer: TrustAnchor) -> frozenset[SignatureScheme]:
    """The schemes by which this CA may sign lists and answers."""
    return taken_from(issuer.purpose, issuer.world)


def stated(algorithm: bytes, signer: Certificate) -> SignatureScheme | None:
    """The scheme that an AlgorithmIdentifier (DER) states where ``signer``'s key is said to have signed, or None.

    The parameters have to be those of RFC 4055 and RFC 5758; the curve of ECDSA is that of the signer's key.
    """
    return _stated(algorithm, _curve_of(signer))


# Algorithms are few, and each is met again with every certificate and list.
@lru_cache(maxsize=64)
def _stated(algorithm: bytes, curve: str | None) -> SignatureScheme | None:
    try:
        found, _ = cms.algorithm(algorithm, 0, len(algorithm))
    except (der.DerError, cms.MalformedCms):
        return None
    if found.oid == oids.RSASSA_PSS:
        fits = (digest for digest in DIGEST_BYTES if is_plain_pss(found, digest))
        return next((scheme(Family.RSA_PSS, digest) for digest in fits), None)
    row = _stated_by_oid(found.oid, curve)
    if row is None or not (found.parameters is None or (row.curve is None and found.parameters == _NULL)):
        return None
    return row


def stated_by_oid(oid: str, signer: Certificate) -> SignatureScheme | None:
    """The same where only the algorithm's OID (dotted) is at hand.  PSS, which is nothing without parameters, is None
    then."""
    return _stated_by_oid(oid, _curve_of(signer))


def _stated_by_oid(oid: str, curve: str | None) -> SignatureScheme | None:
    family, digest = _STATED.get(oid, (None, ""))
    if family is None:
        return None
    return scheme(family, digest, curve if family is Family.ECDSA else None)


def _curve_of(signer: Certificate) -> str | None:
    return signer.key_algorithm.curve if signer.key_algorithm else None


def stated_in(signed: Certificate, signer: Certificate) -> SignatureScheme | None:
    """The scheme by which a certificate says that ``signer``'s key signed it."""
    return stated(signed.algorithm, signer)


def is_made_by(signer: Certificate, signature: bytes, content: Content, scheme: SignatureScheme) -> bool:
    """True if the signer's key, of a size and kind that is taken, made the signature by that scheme."""
    return signature_value.fits(signer.key_algorithm, scheme) and signature_value.is_made_by(
        signer.public_key, signature, content, scheme
    )


def issued(issuer: TrustAnchor, certificate: Certificate) -> bool:
    """True if the CA signed the certificate by a scheme that it may use."""
    scheme = stated_in(certificate, issuer.certificate)
    if scheme is None or scheme not in allowed_for(issuer):
        return False
    return is_made_by(issuer.certificate, certificate.signature, Content(certificate.tbs), scheme)
