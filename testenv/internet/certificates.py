"""The toy web CA of the stand-in internet: a root that only an embedded site is told to trust, leaves of every kind.

Nothing here has to do with JPKI: these are the certificates that web servers show.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from testenv.internet.behaviour import Behaviour

_Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Authority:
    name: x509.Name
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


class WebAuthority:
    """Root, intermediate and a root that nobody trusts. `folder` receives `root.pem` and the servers' key files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._now = datetime.now(UTC).replace(microsecond=0)
        self._root = self._authority("Stand-in internet root", None)
        self._intermediate = self._authority("Stand-in internet issuer", self._root)
        self._stranger = self._authority("Nobody's root", None)
        self._key = ec.generate_private_key(ec.SECP256R1())
        (folder / "certificates").mkdir(parents=True, exist_ok=True)
        (folder / "root.pem").write_bytes(_pem(self._root.certificate))

    def chain_file(self, host: str, kind: Behaviour) -> Path:
        """A PEM file with the key and the chain that a host of that kind shows."""
        key: _Key = rsa.generate_private_key(65537, 1024) if kind is Behaviour.WEAK_KEY else self._key  # noqa: S505
        signer = {Behaviour.UNTRUSTED: self._stranger, Behaviour.SELF_SIGNED: None}.get(kind, self._intermediate)
        leaf = self._leaf(host, kind, key, signer)
        sent = [leaf]
        if signer is self._intermediate and kind is not Behaviour.INCOMPLETE:
            sent.append(self._intermediate.certificate)
        if signer is self._stranger:
            sent.append(self._stranger.certificate)
        path = self._folder / "certificates" / f"{host.replace('*', '_')[:200]}.pem"
        path.write_bytes(_private(key) + b"".join(_pem(certificate) for certificate in sent))
        return path

    def _leaf(self, host: str, kind: Behaviour, key: _Key, signer: _Authority | None) -> x509.Certificate:
        named = "another.example.org" if kind is Behaviour.WRONG_NAME else host
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, named[:64])])
        ends = {Behaviour.EXPIRED: -_DAY, Behaviour.EXPIRES_SOON: 5 * _DAY}.get(kind, 90 * _DAY)
        builder = self._builder(subject, signer.name if signer else subject, key, self._now + ends)
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(named)]), critical=False)
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        if signer:
            place = x509.UniformResourceIdentifier("http://ca.example.net/issuer.cer")
            access = x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, place)
            builder = builder.add_extension(x509.AuthorityInformationAccess([access]), critical=False)
            builder = builder.add_extension(_key_identifier(signer.key), critical=False)
        return builder.sign(signer.key if signer else key, hashes.SHA256())

    def _authority(self, name: str, signer: _Authority | None) -> _Authority:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{name} (not for real use)")])
        builder = self._builder(subject, signer.name if signer else subject, key, self._now + 365 * _DAY)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        builder = builder.add_extension(_ca_usage(), critical=True)
        builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        builder = builder.add_extension(_key_identifier(signer.key if signer else key), critical=False)
        return _Authority(subject, key, builder.sign(signer.key if signer else key, hashes.SHA256()))

    def _builder(self, subject: x509.Name, issuer: x509.Name, key: _Key, ends: datetime) -> x509.CertificateBuilder:
        begins = min(self._now, ends) - 30 * _DAY
        builder = x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
        return builder.not_valid_before(begins).not_valid_after(ends)


def _key_identifier(key: ec.EllipticCurvePrivateKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())


def _ca_usage() -> x509.KeyUsage:
    return x509.KeyUsage(False, False, False, False, False, True, True, False, False)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _private(key: _Key) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
