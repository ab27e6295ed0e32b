"""The case file of one judgement: what is asked, what there is to judge by, and what the steps have established."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from verifier.pki.certificate import Certificate
from verifier.pki.profiles import CertificateKind, Medium, Purpose, World
from verifier.validation.crl_index import CrlIndex
from verifier.validation.ocsp_evidence import NO_ANSWERS, OcspAnswers
from verifier.validation.outcome import Outcome
from verifier.validation.paths.certificate import PathCertificate
from verifier.validation.paths.refusal import Refusal
from verifier.validation.paths.settings import Limits, PathSettings
from verifier.validation.profile_checks import KEY_PURPOSES
from verifier.validation.question import SignedContent
from verifier.validation.trust import TrustAnchor, TrustStore
from verifier.validation.verdict import CertificateFinding, Need, OcspNeeded, RevocationFinding, RevocationSource, Step


@dataclass(kw_only=True)
class Case:
    """``purpose``, ``declared_medium`` and ``signed`` are None where nothing was asked or said about them.  ``trust``,
    ``crls`` and ``ocsp`` are those of one environment, ``world`` is that environment's, ``at`` the moment (aware UTC).
    ``source`` is where the caller wants the revocation status from."""

    der: bytes
    purpose: Purpose | None = None
    declared_medium: Medium | None = None
    signed: SignedContent | None = None
    trust: TrustStore
    crls: CrlIndex
    ocsp: OcspAnswers = NO_ANSWERS
    source: RevocationSource = RevocationSource.AUTOMATIC
    world: World
    at: datetime

    parsed: Certificate | None = field(default=None, init=False)
    told_kind: CertificateKind | None = field(default=None, init=False)
    link: PathCertificate | None = field(default=None, init=False)
    settings_: PathSettings | None = field(default=None, init=False)
    candidates: tuple[TrustAnchor, ...] = field(default=(), init=False)
    set_aside: tuple[Refusal, ...] = field(default=(), init=False)
    proven_by: TrustAnchor | None = field(default=None, init=False)
    finding: CertificateFinding | None = field(default=None, init=False)
    responder_question: OcspNeeded | None = field(default=None, init=False)
    revocation: RevocationFinding | None = field(default=None, init=False)
    needs: tuple[Need, ...] = field(default=(), init=False)

    # What an earlier step established.  Asking before it passed is our own mistake.
    @property
    def certificate(self) -> Certificate:
        """The certificate, once the step ``format`` has passed."""
        assert self.parsed is not None
        return self.parsed

    @property
    def subject(self) -> PathCertificate:
        """The certificate for the rules of paths, once the step ``format`` has passed."""
        assert self.link is not None
        return self.link

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

    @property
    def asked_of_a_responder(self) -> OcspNeeded:
        """The question a responder would get about it, once the step ``certificate_signature`` has passed."""
        if self.responder_question is None:
            certificate, group = self.certificate, self.kind.medium.group
            self.responder_question = OcspNeeded(
                self.anchor.anchor_id, group, certificate.issuer, certificate.serial, certificate.not_after
            )
        return self.responder_question

    @property
    def settings(self) -> PathSettings:
        """What the rules of paths are told, once the step ``kind`` has passed."""
        if self.settings_ is None:
            self.settings_ = PathSettings(
                at=self.at,
                initial_policies=frozenset((self.kind.policy_oid,)),
                explicit_policy=True,
                purposes=KEY_PURPOSES[self.kind.purpose],
                check_revocation=False,
                limits=_LIMITS,
            )
        return self.settings_


# JPKI has no intermediate CAs: pinned roots issue the holders' certificates.
_LIMITS = Limits(depth=1)

StepFunction = Callable[[Case], Outcome]

# The steps of a judgement in their order: the id, how it is taken, and how it went before if it need not be taken.
Plan = tuple[tuple[str, StepFunction, Step | None], ...]
