"""Sealing of secrets that only a worker may open: AES-256-GCM under the key-encryption key of the installation.

The key is handed to worker processes alone (CUSTODY_KEY or CUSTODY_KEY_FILE). Everywhere else every call raises
CustodyUnavailable, so a web process that reads the rows holds nothing it could use.
"""

import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE_BYTES = 12


class CustodyUnavailable(Exception):
    """This process has not been given the key-encryption key, or the sealed bytes are not what it sealed."""


def seal(plaintext: bytes, *, context: str) -> bytes:
    """Nonce and ciphertext of `plaintext`, bound to `context`: bytes moved to another row do not open there."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + _cipher().encrypt(nonce, plaintext, context.encode())


def unseal(sealed: bytes, *, context: str) -> bytes:
    """The plaintext; raises CustodyUnavailable without the key, for another context, or for altered bytes."""
    try:
        return _cipher().decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], context.encode())
    except InvalidTag:
        raise CustodyUnavailable("sealed bytes do not open in this context") from None


def _cipher() -> AESGCM:
    if not settings.CUSTODY_KEY:
        raise CustodyUnavailable("this process holds no custody key")
    return AESGCM(hashlib.sha256(settings.CUSTODY_KEY.encode()).digest())
