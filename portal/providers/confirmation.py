"""What reviewers say about an organisation's standing: confirmed, or refused with the reason it is told.

Nobody confirms what they belong to, and nobody is exempt. A decision is taken once; what was refused is entered anew.
"""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from portal.accounts.models import User
from portal.audit import services as audit
from portal.providers import mail, permissions
from portal.providers.editing import digest_of
from portal.providers.models import Accreditation, Confirmable, Delegation, ProviderChange, ServiceProvider
from portal.providers.refusals import Refused

KINDS: dict[str, type[Confirmable]] = {
    "certification": Accreditation,
    "delegation": Delegation,
    "change": ProviderChange,
}
BASIS = "basis"


@dataclass(frozen=True)
class Question:
    """One thing a reviewer is to look at. `row` is None for the legal basis of an administrative body."""

    kind: str
    provider: ServiceProvider
    row: Any = None

    @property
    def pk(self) -> int:
        return int(self.row.pk) if self.row is not None else 0


def may_decide(provider: ServiceProvider, by: User) -> None:
    """Raises Refused: review.not_a_reviewer, review.own_organisation."""
    if not by.is_reviewer:
        raise Refused("review.not_a_reviewer")
    if by.pk in permissions.member_ids(provider):
        raise Refused("review.own_organisation")


def open_questions(provider: ServiceProvider) -> list[Question]:
    """Everything of this organisation that waits for a reviewer, its basis first."""
    found = []
    bases = ServiceProvider.LegalBasis
    if provider.legal_basis == bases.ADMINISTRATIVE_BODY and _basis_is_open(provider):
        found.append(Question(BASIS, provider))
    if provider.legal_basis == bases.CERTIFIED_OPERATOR:
        found += [Question("certification", provider, row) for row in provider.accreditations.all() if row.is_undecided]
    if provider.legal_basis == bases.BEHIND_PLATFORM_OPERATOR:
        waiting = [row for row in provider.delegations.all() if row.is_live and row.is_undecided]
        found += [Question("delegation", provider, row) for row in waiting]
    changes = [row for row in provider.changes.all() if row.is_undecided and row.withdrawn_at is None]
    return found + [Question("change", provider, row) for row in changes]


def _basis_is_open(provider: ServiceProvider) -> bool:
    return provider.basis_confirmed_at is None and provider.basis_refused_at is None


def find(provider: ServiceProvider, kind: str, pk: int) -> Question | None:
    """The thing of that kind (KINDS, or BASIS with pk 0), decided or not; None when it is not this organisation's."""
    if kind == BASIS:
        return Question(BASIS, provider) if pk == 0 else None
    model = KINDS.get(kind)
    row: Any = model._default_manager.filter(pk=pk).first() if model else None
    return Question(kind, provider, row) if row is not None and row.provider_id == provider.pk else None


@transaction.atomic
def confirm(question: Question, *, by: User) -> bool:
    """The reviewer has seen that it is true; False if it was decided before. Raises Refused (see may_decide)."""
    may_decide(question.provider, by)
    if not _decide(question, by, confirmed=True):
        return False
    if question.kind == "change":
        row = question.row
        before = digest_of(question.provider)
        for name in ("name", "name_english", "address"):
            setattr(question.provider, name, getattr(row, name))
        question.provider.save(update_fields=["name", "name_english", "address"])
        _record(question, "confirmed", by, before=before, after=digest_of(question.provider))
    else:
        _record(question, "confirmed", by, before={"state": "open"}, after={"state": "confirmed"})
    mail.tell_owners(question.provider, "standing_confirmed", about=f"{question.kind}:{question.pk}")
    return True


@transaction.atomic
def refuse(question: Question, *, reason: str, by: User) -> bool:
    """The reviewer cannot confirm it; the owners are told `reason` (free text). False if it was decided before.

    Raises Refused: review.reason_missing, and as may_decide.
    """
    may_decide(question.provider, by)
    if not reason.strip():
        raise Refused("review.reason_missing")
    if not _decide(question, by, confirmed=False, reason=reason.strip()):
        return False
    _record(question, "refused", by, before={"state": "open"}, after={"state": "refused"})
    mail.tell_owners(
        question.provider, "standing_refused", about=f"{question.kind}:{question.pk}", reason=reason.strip()
    )
    return True


def _decide(question: Question, by: User, *, confirmed: bool, reason: str = "") -> bool:
    """A conditional update: of two decisions in one second the first stands."""
    ServiceProvider.hold(question.provider.pk)
    now = timezone.now()
    if question.kind == BASIS:
        rows = ServiceProvider.objects.filter(pk=question.provider.pk, basis_confirmed_at=None, basis_refused_at=None)
        said: dict[str, Any] = {"basis_refused_at": now, "basis_refusal_reason": reason}
        changed = rows.update(**({"basis_confirmed_at": now, "basis_confirmed_by": by} if confirmed else said))
        question.provider.refresh_from_db()
        return bool(changed)
    model = type(question.row)
    rows = model.objects.filter(pk=question.pk, confirmed_at=None, refused_at=None)
    if question.kind == "delegation":
        rows = rows.filter(Q(accepted_at__isnull=False), ended_on=None)
    if question.kind == "change":
        rows = rows.filter(withdrawn_at=None)
    said = {"refused_at": now, "refused_by": by, "refusal_reason": reason}
    changed = rows.update(**({"confirmed_at": now, "confirmed_by": by} if confirmed else said))
    question.row.refresh_from_db()
    return bool(changed)


_ACTIONS = {
    (BASIS, "confirmed"): "provider.basis_confirmed",
    (BASIS, "refused"): "provider.basis_refused",
    ("certification", "confirmed"): "accreditation.confirmed",
    ("certification", "refused"): "accreditation.refused",
    ("delegation", "confirmed"): "delegation.confirmed",
    ("delegation", "refused"): "delegation.refused",
    ("change", "confirmed"): "provider.change_confirmed",
    ("change", "refused"): "provider.change_refused",
}


def _record(question: Question, outcome: str, by: User, *, before: Any, after: Any) -> None:
    evidence = getattr(question.row, "evidence", None)
    details = {"legal_basis": question.provider.legal_basis}
    if evidence is not None:
        details["evidence"] = evidence.sha256
    subject = question.row if question.row is not None else question.provider
    action = _ACTIONS[question.kind, outcome]
    audit.record(action, subject, by=by, provider=question.provider, before=before, after=after, details=details)
