"""What is this signature worth?  A list of steps, read from the top down; the first one that does not pass ends it.

    format                 the bytes are one certificate
    kind                   purpose, medium and world, without contradiction, and the ones asked for
    issuer                 a pinned anchor is named by key, and may issue now
    certificate_signature  that anchor's key signed these very bytes
    validity               the certificate's own window
    usage_and_policy       the profile's rules
    signature_value        the certificate's key signed the content
    revocation             fresh evidence under the issuer's key does not name it

Revocation stands last for two reasons: needs are stated only for a certificate that is proven, so nobody can make us
fetch by showing us something made up; and a signature that is definitely wrong is never hidden behind a stale list.

Nothing raises: whatever the bytes are, the answer is a Verdict.  The exception is a naive ``at``, a broken promise of
ours.
"""

from collections.abc import Mapping
from datetime import datetime

from verifier.pki.profiles import World
from verifier.validation.case import Case, StepFunction
from verifier.validation.crl_index import CrlIndex
from verifier.validation.ocsp_evidence import NO_ANSWERS, OcspAnswers
from verifier.validation.question import Question
from verifier.validation.seen import Asked, Seen, SeenCertificates
from verifier.validation.steps import path, reading, signed_content, status
from verifier.validation.trust import TrustStore
from verifier.validation.verdict import CertificateFinding, RevocationSource, Status, Step, StepResult, Verdict

_STEPS: dict[str, StepFunction] = {
    "format": reading.read_certificate,
    "kind": reading.tell_kind,
    "issuer": path.find_issuer,
    "certificate_signature": path.prove_issuer,
    "validity": path.check_window,
    "usage_and_policy": path.check_profile,
    "signature_value": signed_content.check_signature,
    "revocation": status.check_revocation,
}
_WITHOUT_A_SIGNATURE = {step_id: step for step_id, step in _STEPS.items() if step_id != "signature_value"}

STEP_IDS = tuple(_STEPS)


# What rests on the certificate's bytes, the anchors and the question alone, and so can be remembered (``seen``).
_REMEMBERED = ("format", "kind", "issuer", "certificate_signature", "usage_and_policy")


def verify(
    question: Question,
    *,
    trust: TrustStore,
    crls: CrlIndex,
    world: World,
    at: datetime,
    ocsp: OcspAnswers = NO_ANSWERS,
    source: RevocationSource = RevocationSource.AUTOMATIC,
    seen: SeenCertificates | None = None,
) -> Verdict:
    """Judge a signature at the moment ``at`` (aware UTC).

    ``trust``, ``crls`` and ``ocsp`` are those of one environment; ``world`` is that environment's; ``source`` is where
    the caller wants the revocation status from.  ``seen`` is asked for what was proven of the certificate before, and
    told.  Raises ``ValueError`` for a naive ``at`` and nothing else.
    """
    case = Case(
        der=question.certificate_der,
        purpose=question.purpose,
        declared_medium=question.declared_medium,
        signed=question.signed,
        trust=trust,
        crls=crls,
        ocsp=ocsp,
        source=source,
        world=world,
        at=at,
    )
    return _judge(case, _STEPS, seen, question.before)


def inspect(
    certificate_der: bytes,
    *,
    trust: TrustStore,
    crls: CrlIndex,
    world: World,
    at: datetime,
    ocsp: OcspAnswers = NO_ANSWERS,
    source: RevocationSource = RevocationSource.AUTOMATIC,
) -> Verdict:
    """Judge a certificate alone: the same steps, of any purpose and medium, without ``signature_value``."""
    case = Case(der=certificate_der, trust=trust, crls=crls, ocsp=ocsp, source=source, world=world, at=at)
    return _judge(case, _WITHOUT_A_SIGNATURE)


def _judge(
    case: Case,
    functions: Mapping[str, StepFunction],
    seen: SeenCertificates | None = None,
    before: tuple[Step, ...] = (),
) -> Verdict:
    if case.at.tzinfo is None:
        raise ValueError("`at` must be an aware UTC datetime")
    steps = list(before)
    ended_at = next((step for step in before if step.result is not StepResult.PASSED), None)
    recalled = _recall(case, seen) if ended_at is None else _NOTHING
    for step_id, function in functions.items():
        if ended_at is not None:
            steps.append(Step(step_id, StepResult.NOT_RUN, "", {}))
            continue
        step = recalled.get(step_id) or function(case).as_step(step_id)
        steps.append(step)
        if step.result is not StepResult.PASSED:
            ended_at = step
    if seen is not None and not recalled:
        _remember(case, steps, seen)
    return _verdict(case, tuple(steps), ended_at)


_NOTHING: Mapping[str, Step] = {}


def _recall(case: Case, seen: SeenCertificates | None) -> Mapping[str, Step]:
    """The steps that need not be taken again, their findings entered into the case file."""
    if seen is None:
        return _NOTHING
    known = seen.recall(case.der, trust=case.trust, asked=_asked(case), at=case.at)
    if known is None:
        return _NOTHING
    case.parsed, case.link = known.certificate, known.subject
    case.told_kind, case.proven_by, case.finding = known.kind, known.anchor, known.finding
    return known.steps


def _remember(case: Case, steps: list[Step], seen: SeenCertificates) -> None:
    """Keep what holds as long as the certificate and all anchors that it names are valid; where one of these had to
    be set aside, nothing is kept."""
    kept = {step.id: step for step in steps if step.id in _REMEMBERED and step.result is StepResult.PASSED}
    if len(kept) < len(_REMEMBERED) or case.set_aside:
        return
    windows = [case.subject, *(anchor.link.certificate for anchor in case.candidates)]
    since, until = max(each.not_before for each in windows), min(each.not_after for each in windows)
    case.finding = _certificate_finding(case)
    known = Seen(case.certificate, case.subject, case.kind, case.anchor, kept, case.finding, _asked(case), since, until)
    seen.remember(known, trust=case.trust)


def _asked(case: Case) -> Asked:
    return Asked(case.world, case.purpose, case.declared_medium)


def _verdict(case: Case, steps: tuple[Step, ...], ended_at: Step | None) -> Verdict:
    if ended_at is None:
        status = Status.VALID
    elif ended_at.result is StepResult.INDETERMINATE:
        status = Status.INDETERMINATE
    else:
        status = Status.INVALID
    return Verdict(
        status=status,
        code=ended_at.code if ended_at else "ok",
        retryable=status is Status.INDETERMINATE,
        steps=steps,
        needs=case.needs,
        certificate=case.finding or (_certificate_finding(case) if case.parsed else None),
        revocation=case.revocation,
        anchor_id=case.proven_by.anchor_id if case.proven_by else None,
    )


def _certificate_finding(case: Case) -> CertificateFinding:
    certificate = case.certificate
    return CertificateFinding(
        fingerprint_sha256=certificate.sha256.hex(),
        not_before=certificate.not_before,
        not_after=certificate.not_after,
        kind=case.told_kind,
        told_by={
            "policy_oid": " ".join(certificate.policies) or None,
            "issuer": certificate.issuer_text,
            "declared_medium": case.declared_medium,
        },
    )
