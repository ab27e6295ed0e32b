"""The whitelist's signatures: look-up answers by the web's short-lived key, heads of lists and logs by the worker's."""

from typing import Any

from portal.signing import services as signing


def sign_lookup(claims: dict[str, object]) -> str:
    """Compact JWS over the claims; raises portal.signing.services.NoSigningKey before a worker has made the key."""
    return signing.web_signer("lookup").sign(claims)


def list_signer() -> Any:
    """Signs list heads; worker only. Its `kid` is written into the change log when it changes."""
    return signing.worker_signer("list")


def log_signer() -> Any:
    """Signs tree heads; worker only."""
    return signing.worker_signer("log")
