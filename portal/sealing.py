"""Short secrets the web process must be able to read back, encrypted under keys derived from SECRET_KEY.

Not custody: whoever holds SECRET_KEY can open them. It keeps them out of database dumps and backups.
"""

import base64

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def cipher(purpose: bytes) -> MultiFernet:
    """The cipher of one purpose. The present SECRET_KEY encrypts; those of SECRET_KEY_FALLBACKS still decrypt."""
    return MultiFernet(
        [_fernet(str(secret), purpose) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    )


def _fernet(secret: str, purpose: bytes) -> Fernet:
    key = HKDF(SHA256(), 32, salt=None, info=purpose).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(key))
