"""What one validation has to work with, and the purse it pays public key operations from."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes

from verifier.validation.paths.certificate import PathCertificate
from verifier.validation.paths.revocation_list import RevocationList
from verifier.validation.paths.settings import Limits, PathSettings
from verifier.validation.paths.signatures import Signed, is_signed


class WorkLimitReached(Exception):
    """The purse is empty.  Never leaves this package: it becomes the refusal ``path.work_limit``."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A pinned CA certificate.  ``anchor_id`` is the caller's own id for it and appears in answers."""

    anchor_id: str
    certificate: PathCertificate


class Work:
    """Counts signature checks and remembers their answers: several paths share certificates and lists."""

    def __init__(self, limits: Limits) -> None:
        self._checks = limits.signature_checks
        self._steps = limits.steps
        self._known: dict[tuple[bytes, bytes, bytes], bool] = {}

    def is_signed_by(self, item: Signed, signer: PathCertificate) -> bool:
        """Did the signer's key sign the certificate or list?  Raises ``WorkLimitReached``."""
        key = (item.tbs, item.signature, signer.spki)
        if key not in self._known:
            self._known[key] = self._check(item, signer.public_key)
        return self._known[key]

    def step(self) -> None:
        """One more link of a chain, or one more list weighed.  Raises ``WorkLimitReached``."""
        if self._steps <= 0:
            raise WorkLimitReached
        self._steps -= 1

    def _check(self, item: Signed, key: CertificatePublicKeyTypes | None) -> bool:
        if item.scheme is None or key is None:
            return False  # costs nothing
        if self._checks <= 0:
            raise WorkLimitReached
        self._checks -= 1
        return is_signed(item, key)


@dataclass(frozen=True, slots=True)
class Case:
    """One validation: anchors, untrusted certificates and lists by name, settings and purse.

    ``good_signers`` remembers which signers of lists were found good under which anchor, or not.
    """

    anchors: tuple[Anchor, ...]
    settings: PathSettings
    work: Work
    good_signers: dict[tuple[PathCertificate, str], bool] = field(default_factory=dict)
    _certificates: dict[bytes, list[PathCertificate]] = field(default_factory=dict)
    _lists: dict[bytes, list[RevocationList]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        anchors: Iterable[Anchor],
        certificates: Iterable[PathCertificate],
        lists: Iterable[RevocationList],
        settings: PathSettings,
    ) -> "Case":
        """File the evidence by name; a name only ever finds candidates, keys decide."""
        case = cls(tuple(anchors), settings, Work(settings.limits))
        for certificate in certificates:
            case._certificates.setdefault(certificate.subject_key, []).append(certificate)
        for item in lists:
            case._lists.setdefault(item.issuer_key, []).append(item)
        return case

    def for_signer_under(self, anchor: Anchor) -> "Case":
        """The same evidence and purse, for the path of a list's signer: it must lead to the very anchor of the
        certificate's own path (RFC 5280 section 6.3.3 (f)), and the caller's wishes about policies are not about it.
        """
        settings = PathSettings(
            at=self.settings.at,
            indirect_crls=self.settings.indirect_crls,
            delta_crls=self.settings.delta_crls,
            lists_name_their_point=self.settings.lists_name_their_point,
            limits=self.settings.limits,
        )
        return replace(self, anchors=(anchor,), settings=settings)

    def certificates_of(self, subject_key: bytes) -> list[PathCertificate]:
        """Untrusted certificates with this subject."""
        return self._certificates.get(subject_key, [])

    def lists_of(self, issuer_key: bytes) -> list[RevocationList]:
        """Lists that bear this issuer's name, whoever signed them."""
        return self._lists.get(issuer_key, [])
