"""A row of OcspResponder as the value a judgement and a question read: where to ask, how, and what to demand."""

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings

from verifier.models import OcspResponder
from verifier.pki.ocsp import HashName, RequestSigner
from verifier.validation.ocsp_evidence import NonceRule, OcspRules
from verifier.validation.trust import TrustAnchor


@dataclass(frozen=True, slots=True)
class Responder:
    """One responder of one environment; `is_failing` as the row said when it was read."""

    pk: int
    issuer: TrustAnchor
    label: str
    url: str
    hash_name: HashName
    by_get: bool
    signs_requests: bool
    keeps_answers: bool
    rules: OcspRules
    is_failing: bool


def responder_value(row: OcspResponder, issuer: TrustAnchor) -> Responder:
    return Responder(
        pk=row.pk,
        issuer=issuer,
        label=row.label,
        url=row.url,
        hash_name="sha256" if row.cert_id_hash == OcspResponder.CertIdHash.SHA256 else "sha1",
        by_get=row.method == OcspResponder.Method.GET,
        signs_requests=row.signs_requests,
        keeps_answers=row.keeps_answers,
        rules=OcspRules(
            nonce=NonceRule(row.nonce),
            max_age=timedelta(seconds=row.max_age_seconds),
            skew=timedelta(seconds=row.skew_seconds),
            delegate_life=timedelta(days=row.delegate_life_days),
        ),
        is_failing=row.failing_since is not None,
    )


class NoSigner(Exception):
    """A profile demands signed requests and this process has no usable key for them."""


def request_signer() -> RequestSigner:
    """Whom this process asks as; raises NoSigner."""
    names = (settings.OCSP_REQUEST_CERTIFICATE_FILE, settings.OCSP_REQUEST_KEY_FILE)
    if not all(names):
        raise NoSigner("OCSP_REQUEST_CERTIFICATE_FILE and OCSP_REQUEST_KEY_FILE are not set")
    return _signer(*names)


@lru_cache(maxsize=2)
def _signer(certificate_file: str, key_file: str) -> RequestSigner:
    try:
        certificate = x509.load_pem_x509_certificate(Path(certificate_file).read_bytes())
        key = load_pem_private_key(Path(key_file).read_bytes(), None)
        if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
            raise NoSigner("the key of OCSP requests is neither RSA nor EC")
        return RequestSigner(certificate, key)
    except (OSError, ValueError, TypeError) as error:
        raise NoSigner(str(error)) from error
