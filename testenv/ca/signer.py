"""What the issuing engine needs of whoever signs: a name and a private key in the shape `cryptography` builders take.

The key may live elsewhere: any object that keeps the contract of `RSAPrivateKey` (a wrapper around a remote module, for
one) will do, since the builders only ask it to sign and for its public half.
"""

from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa


class Signer(Protocol):
    """A CA about to sign. `certificate` is its own, self-signed one."""

    @property
    def certificate(self) -> x509.Certificate: ...

    @property
    def private_key(self) -> rsa.RSAPrivateKey: ...
