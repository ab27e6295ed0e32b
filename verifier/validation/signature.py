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

from datetime import datetime

from verifier.pki.profiles import World
from verifier.validation.case import Case, Plan
from verifier.validation.crl_index import CrlIndex
from verifier.validation.ocsp_evidence import NO_ANSWERS, OcspAnswers
from verifier.validation.question import Question
from verifier.validation.seen import Asked, Seen, SeenCertificates
from verifier.validation.steps import path, reading, signed_content, status
from verifier.validation.trust import TrustStore
from verifier.validation.verdict import CertificateFinding, RevocationSource, Status, Step, StepResult, Verdict

_STEPS: Plan = (
    ("format", reading.read_certificate, None),
    ("kind", reading.tell_kind, None),
    ("issuer", path.find_issuer, None),
    ("certificate_signature", path.prove_issuer, None),
    ("validity", path.check_window, None),
    ("usage_and_policy", path.check_profile, None),
    ("signature_value", signed_content.check_signature, None),
    ("revocation", status.check_revocation, None),
)
_WITHOUT_A_SIGNATURE = tuple(row for row in _STEPS if row[0] != "signature_value")

STEP_IDS = tuple(step_id for step_id, _, _ in _STEPS)


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


def _judge(case: Case, plan: Plan, seen: SeenCertificates | None = None, before: tuple[Step, ...] = ()) -> Verdict:
    if case.at.tzinfo is None:
        raise ValueError("`at` must be an aware UTC datetime")
    steps, ended_at = list(before), _first_not_passed(before) if before else None
    known = None
    if seen is not None and ended_at is None:
        known = seen.recall(case.der, trust=case.trust, asked=_asked(case), at=case.at)
    if known is not None:
        _enter(known, case)
        plan = known.plan
    for step_id, take, step in plan:
        if ended_at is not None:
            step = Step(step_id, StepResult.NOT_RUN, "", {})
        elif step is None:
            step = take(case).as_step(step_id)
            if step.result is not _PASSED:
                ended_at = step
        steps.append(step)
    if seen is not None and known is None:
        _remember(case, steps, seen)
    return _verdict(case, tuple(steps), ended_at)


_PASSED = StepResult.PASSED


def _first_not_passed(steps: tuple[Step, ...]) -> Step | None:
    return next((step for step in steps if step.result is not _PASSED), None)


def _enter(known: Seen, case: Case) -> None:
    """Enter into the case file what the remembered steps established."""
    case.parsed, case.link = known.certificate, known.subject
    case.told_kind, case.proven_by, case.finding = known.kind, known.anchor, known.finding
    case.responder_question = known.responder_question


def _remember(case: Case, steps: list[Step], seen: SeenCertificates) -> None:
    """Keep what holds as long as the certificate and all anchors that it names are valid; where one of these had to
    be set aside, nothing is kept."""
    kept = {step.id: step for step in steps if step.id in _REMEMBERED and step.result is _PASSED}
    if len(kept) < len(_REMEMBERED) or case.set_aside:
        return
    windows = [case.subject, *(anchor.link.certificate for anchor in case.candidates)]
    since, until = max(each.not_before for each in windows), min(each.not_after for each in windows)
    case.finding = _certificate_finding(case)
    known = Seen(
        certificate=case.certificate,
        subject=case.subject,
        kind=case.kind,
        anchor=case.anchor,
        finding=case.finding,
        responder_question=case.asked_of_a_responder,
        plan=tuple((step_id, take, kept.get(step_id)) for step_id, take, _ in _STEPS),
        asked=_asked(case),
        since=since,
        until=until,
    )
    seen.remember(known, trust=case.trust)


def _asked(case: Case) -> Asked:
    return case.world, case.purpose, case.declared_medium


def _verdict(case: Case, steps: tuple[Step, ...], ended_at: Step | None) -> Verdict:
    status, code = (_VALID, "ok") if ended_at is None else (_STATUS[ended_at.result], ended_at.code)
    return Verdict(
        status,
        code,
        status is Status.INDETERMINATE,
        steps,
        case.needs,
        case.finding or (_certificate_finding(case) if case.parsed else None),
        case.revocation,
        case.proven_by.anchor_id if case.proven_by else None,
    )


_VALID = Status.VALID
_STATUS = {StepResult.FAILED: Status.INVALID, StepResult.INDETERMINATE: Status.INDETERMINATE}


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
