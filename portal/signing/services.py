"""The site's own keys, one per purpose, ES256, each purpose with its own JWS `typ`.

Worker-held purposes (`site`, `list`, `log`, `audit`) are sealed in custody. Web-held purposes (`lookup`) live at most
24 hours; each carries a certification: a JWS by the `site` key over its public key and lifetime, beside it in the JWKS.
"""

import json
import time
from datetime import timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.db.models import Q
from django.utils import timezone

from portal import custody, identifiers
from portal.signing.models import SigningKey

WORKER_PURPOSES = ("site", "list", "log", "audit")
WEB_PURPOSES = ("lookup",)
_TYPES = {
    "site": "jpki-portal-key+jwt",
    "list": "jpki-whitelist+jwt",
    "audit": "jpki-audit-checkpoint+jwt",
    "log": "jpki-whitelist-log+jwt",
    "lookup": "jpki-whitelist-lookup+jwt",
}
_WORKER_KEY_DAYS = 365
_WEB_KEY_LIFE = timedelta(hours=24)
_WEB_KEY_RENEW_BEFORE = timedelta(hours=12)
# A published key stays in the JWKS for a day after its end, so that the last answers can still be verified.
_PUBLISHED_AFTER_END = timedelta(days=1)
# What these signed is kept for years and must still be verifiable: their keys stay published.
_PUBLISHED_FOR_GOOD = ("list", "log", "audit")
_signers: dict[str, tuple[float, "Signer"]] = {}


class NoSigningKey(Exception):
    """No live key for the purpose: the worker has not made one yet."""


class Signer:
    """Signs claims as a compact JWS of the purpose's `typ`."""

    def __init__(self, kid: str, purpose: str, key: ec.EllipticCurvePrivateKey, not_after: float) -> None:
        self.kid, self.purpose, self._key, self.not_after = kid, purpose, key, not_after

    def sign(self, claims: dict[str, Any]) -> str:
        headers = {"kid": self.kid, "typ": _TYPES[self.purpose]}
        return jwt.encode(claims, self._key, algorithm="ES256", headers=headers)


def web_signer(purpose: str) -> Signer:
    """The live web-held signer of `purpose`, kept in the process for a minute; raises NoSigningKey."""
    kept = _signers.get(purpose)
    now = time.time()
    if kept is not None and kept[0] > now and kept[1].not_after > now:
        return kept[1]
    row = _live(purpose).exclude(web_key="").defer("sealed_key").first()
    if row is None:
        raise NoSigningKey(purpose)
    key = serialization.load_pem_private_key(row.web_key.encode(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    signer = Signer(row.kid, purpose, key, row.not_after.timestamp())
    _signers[purpose] = (now + 60, signer)
    return signer


def worker_signer(purpose: str) -> Signer:
    """The live worker-held signer, made on first use; raises CustodyUnavailable outside a worker."""
    row = _live(purpose).exclude(sealed_key=None).first() or _make_worker_key(purpose)
    der = custody.unseal(bytes(row.sealed_key or b""), context=f"signing:{row.kid}")
    key = serialization.load_der_private_key(der, None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return Signer(row.kid, purpose, key, row.not_after.timestamp())


def rotate() -> list[SigningKey]:
    """Make the keys that are missing or near their end, forget ended web keys; worker only."""
    now = timezone.now()
    SigningKey.objects.filter(not_after__lte=now).exclude(web_key="").update(web_key="")
    made = [_make_worker_key(p) for p in WORKER_PURPOSES if not _live(p).exists()]
    for purpose in WEB_PURPOSES:
        if not _live(purpose).filter(not_after__gt=now + _WEB_KEY_RENEW_BEFORE).exists():
            made.append(_make_web_key(purpose))
    return made


def jwks() -> dict[str, Any]:
    """The published keys (RFC 7517), with lifetime and, for web-held keys, their certification."""
    ended = timezone.now() - _PUBLISHED_AFTER_END
    shown = Q(not_after__gt=ended) | Q(purpose__in=_PUBLISHED_FOR_GOOD)
    rows = SigningKey.objects.filter(shown).defer("sealed_key").order_by("purpose", "-not_before")
    return {"keys": [_published(row) for row in rows]}


def _published(row: SigningKey) -> dict[str, Any]:
    lifetime = {"nbf": int(row.not_before.timestamp()), "exp": int(row.not_after.timestamp())}
    certified = {"certification": row.certification} if row.certification else {}
    return {**row.public_jwk, **lifetime, **certified}


def _live(purpose: str) -> Any:
    now = timezone.now()
    return SigningKey.objects.filter(Q(not_before__lte=now), purpose=purpose, not_after__gt=now).order_by("-not_before")


def _make_worker_key(purpose: str) -> SigningKey:
    key, kid = ec.generate_private_key(ec.SECP256R1()), identifiers.new(purpose, 12)
    der = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    now = timezone.now()
    return SigningKey.objects.create(
        kid=kid,
        purpose=purpose,
        public_jwk=_public_jwk(key, kid, purpose),
        sealed_key=custody.seal(der, context=f"signing:{kid}"),
        not_before=now,
        not_after=now + timedelta(days=_WORKER_KEY_DAYS),
    )


def _make_web_key(purpose: str) -> SigningKey:
    key, kid = ec.generate_private_key(ec.SECP256R1()), identifiers.new(purpose, 12)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    now = timezone.now()
    public = _public_jwk(key, kid, purpose)
    claims = {"key": public, "nbf": int(now.timestamp()), "exp": int((now + _WEB_KEY_LIFE).timestamp())}
    return SigningKey.objects.create(
        kid=kid,
        purpose=purpose,
        public_jwk=public,
        web_key=pem.decode(),
        certification=worker_signer("site").sign(claims),
        not_before=now,
        not_after=now + _WEB_KEY_LIFE,
    )


def _public_jwk(key: ec.EllipticCurvePrivateKey, kid: str, purpose: str) -> dict[str, Any]:
    jwk = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(key.public_key()))
    return {**jwk, "kid": kid, "use": "sig", "alg": "ES256", "purpose": purpose}
