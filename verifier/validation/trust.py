"""What is believed without proof: the self-signed certificates of the CAs, pinned one by one.

All generations of a CA, and the CAs of all sandbox environments, share one name.  So an anchor is found by key, never
by name.
"""

from dataclasses import dataclass, field

from verifier.pki.certificate import Certificate
from verifier.pki.profiles import Purpose, World
from verifier.validation.paths import certificate as path_certificate
from verifier.validation.paths.work import Anchor


@dataclass(frozen=True, slots=True)
class TrustAnchor:
    """One pinned CA certificate.  ``anchor_id`` is the caller's own id for it and appears in answers.  ``link`` is the
    same anchor for the rules of paths.  Raises ``MalformedCertificate`` for what only these rules read."""

    anchor_id: str
    purpose: Purpose
    world: World
    certificate: Certificate
    link: Anchor = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "link", Anchor(self.anchor_id, path_certificate.of(self.certificate)))

    @property
    def key_id(self) -> bytes:
        """SHA-1 of the CA's public key bits, computed from the key: how revocation lists are filed."""
        return self.certificate.key_id

    def answers_to(self, authority_key_id: bytes) -> bool:
        """True if this key identifier names the anchor's key, as its SKI says it or as computed from the key."""
        return authority_key_id in (self.certificate.subject_key_id, self.certificate.key_id)


@dataclass(frozen=True, slots=True)
class TrustStore:
    """The anchors of ONE environment; a store never mixes environments.  ``generation`` is this store's own and no
    other's, even of equal anchors: what was proven under the store is filed by it (``seen``)."""

    anchors: tuple[TrustAnchor, ...]
    generation: object = field(default_factory=object, init=False, compare=False, repr=False)

    def for_purpose(self, purpose: Purpose, world: World) -> tuple[TrustAnchor, ...]:
        """The anchors that may issue this kind: signature and user-authentication CAs never stand in for each other."""
        return tuple(anchor for anchor in self.anchors if anchor.purpose is purpose and anchor.world is world)
