"""The case file of one judgement: what is asked, what there is to judge by, and what the steps have established."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from verifier.pki.certificate import Certificate
from verifier.pki.profiles import CertificateKind, Medium, Purpose, World
from verifier.validation.crl_index import CrlIndex
from verifier.validation.outcome import Outcome
from verifier.validation.question import SignedContent
from verifier.validation.trust import TrustAnchor, TrustStore
from verifier.validation.verdict import Need, RevocationFinding


@dataclass(slots=True, kw_only=True)
class Case:
    """``purpose``, ``declared_medium`` and ``signed`` are None where nothing was asked or said about them.  ``trust``
    and ``crls`` are those of one environment, ``world`` is that environment's, ``at`` the moment (aware UTC)."""

    der: bytes
    purpose: Purpose | None = None
    declared_medium: Medium | None = None
    signed: SignedContent | None = None
    trust: TrustStore
    crls: CrlIndex
    world: World
    at: datetime

    parsed: Certificate | None = field(default=None, init=False)
    issuer_text: str = field(default="", init=False)
    told_kind: CertificateKind | None = field(default=None, init=False)
    candidates: tuple[TrustAnchor, ...] = field(default=(), init=False)
    proven_by: TrustAnchor | None = field(default=None, init=False)
    revocation: RevocationFinding | None = field(default=None, init=False)
    needs: tuple[Need, ...] = field(default=(), init=False)

    # What an earlier step established.  Asking before it passed is our own mistake.
    @property
    def certificate(self) -> Certificate:
        """The certificate, once the step ``format`` has passed."""
        assert self.parsed is not None
        return self.parsed

    @property
    def kind(self) -> CertificateKind:
        """Its kind, once the step ``kind`` has passed."""
        assert self.told_kind is not None
        return self.told_kind

    @property
    def anchor(self) -> TrustAnchor:
        """The anchor whose key signed it, once the step ``certificate_signature`` has passed."""
        assert self.proven_by is not None
        return self.proven_by


StepFunction = Callable[[Case], Outcome]
