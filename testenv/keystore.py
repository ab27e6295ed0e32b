"""Sandbox CA keys at rest, and the only reader of their table. Only `testenv.steps` imports it; it works in workers.

A key is sealed to its CA: bytes moved to another CA's row do not open there (portal.custody).
"""

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from portal import custody
from testenv.ca.authority import Authority, load
from testenv.models import CaKey, CertificateAuthority


def seal(environment_id: int, purpose: str, key: rsa.RSAPrivateKey) -> bytes:
    """The key, to be stored beside the CA it belongs to. Raises CustodyUnavailable outside a worker."""
    der = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return custody.seal(der, context=_context(environment_id, purpose))


def keep(authority: CertificateAuthority, sealed: bytes) -> None:
    """Store the sealed key of a CA made in this transaction."""
    CaKey.objects.create(authority=authority, sealed=sealed)


def open_authority(authority: CertificateAuthority) -> Authority:
    """The CA with its key at hand. Raises CustodyUnavailable outside a worker."""
    sealed = bytes(CaKey.objects.values_list("sealed", flat=True).get(authority=authority))
    der = custody.unseal(sealed, context=_context(authority.environment_id, authority.purpose))
    key = serialization.load_der_private_key(der, None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return load(bytes(authority.der), key)


def _context(environment_id: int, purpose: str) -> str:
    return f"ca:{environment_id}:{purpose}"
