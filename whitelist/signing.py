"""The whitelist's two signatures: look-up answers by the web's short-lived key, list versions by the worker's."""

import json

from portal.signing import services as signing


def sign_lookup(claims: dict[str, object]) -> str:
    """Compact JWS over the claims; raises portal.signing.services.NoSigningKey before a worker has made the key."""
    return signing.web_signer("lookup").sign(claims)


def sign_list(payload: bytes) -> str:
    """Compact JWS over a list document; worker only. The payload is ASCII canonical JSON and is signed as it is."""
    return signing.worker_signer("list").sign(json.loads(payload))
