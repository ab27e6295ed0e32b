"""Operators on recoveries of accounts: what waits, the evidence, and the two confirmations."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from portal.accounts import messages, recovery
from portal.accounts.models import PersonRecovery
from portal.accounts.models.recovery import PersonRecoveryQuerySet
from portal.accounts.permissions import fresh_log_in_required, operator_required
from portal.accounts.recovery_forms import GroundsForm
from portal.accounts.sections import staff_sections
from portal.accounts.views.outcome import told
from portal.audit import services as audit

_PAST_SHOWN = 50
_DETAIL = "staff:recovery-detail"


@require_safe
@operator_required
def recovery_list(request: HttpRequest) -> HttpResponse:
    past = _proven().exclude(done_at=None, closed_at=None).order_by("-pk")[:_PAST_SHOWN]
    context = {
        "open": [_row(made, request.user) for made in _proven().open().order_by("proven_at")],
        "past": [_row(made, request.user) for made in past],
        "second_navigation": staff_sections(),
    }
    return render(request, "accounts/staff/recovery_list.html", context)


@require_safe
@operator_required
def recovery_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, get_object_or_404(_proven(), pk=pk), GroundsForm())


@require_POST
@operator_required
def recovery_propose(request: HttpRequest, pk: int) -> HttpResponse:
    made = get_object_or_404(_proven(), pk=pk)
    form = GroundsForm(request.POST)
    return _propose(request, made, form) if form.is_valid() else _page(request, made, form)


@fresh_log_in_required(act=gettext_lazy("give the first confirmation of a recovery"))
def _propose(request: HttpRequest, made: PersonRecovery, form: GroundsForm) -> HttpResponse:
    said = _("The first confirmation is recorded.")
    return told(request, partial(recovery.propose, made, **form.cleaned_data), said, _DETAIL, pk=made.pk)


@require_POST
@operator_required
def recovery_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    return _confirm(request, get_object_or_404(_proven(), pk=pk))


@fresh_log_in_required(act=gettext_lazy("give the second confirmation of a recovery"))
def _confirm(request: HttpRequest, made: PersonRecovery) -> HttpResponse:
    said = _("The second confirmation is recorded. The delay begins.")
    return told(request, partial(recovery.confirm, made), said, _DETAIL, pk=made.pk)


@require_POST
@operator_required
def recovery_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    made = get_object_or_404(_proven(), pk=pk)
    said = _("The recovery is refused. The account stays as it is.")
    return told(request, partial(recovery.refuse, made), said, "staff:recovery-list")


def _proven() -> PersonRecoveryQuerySet:
    """Until the address is proven a request concerns nobody but its owner."""
    rows = PersonRecovery.objects.filter(proven_at__isnull=False)
    return rows.select_related("user", "first_by", "second_by", "closed_by")


def _page(request: HttpRequest, made: PersonRecovery, form: GroundsForm) -> HttpResponse:
    context = {
        **_row(made, request.user),
        "form": form,
        "history": [_step(event) for event in audit.history(made)],
        "second_navigation": staff_sections(),
    }
    return render(request, "accounts/staff/recovery_detail.html", context)


def _step(event: Any) -> dict[str, Any]:
    return {"words": messages.RECOVERY_ACTS[event.action], "at": event.at, "by": event.actor}


def _row(made: PersonRecovery, reader: Any) -> dict[str, Any]:
    """What stands about one recovery, and what `reader` may do with it."""
    is_open = made.is_open and (made.second_by_id is not None or made.expires_at > timezone.now())
    is_other = is_open and made.user_id != reader.pk
    return {
        "recovery": made,
        "lost": messages.LOST.get(made.lost, ""),
        "role": messages.ROLES[made.user.role],
        "end": messages.RECOVERY_ENDS.get(made.closing, ""),
        "is_own": made.user_id == reader.pk,
        "may_propose": is_other and made.first_by_id is None,
        "may_confirm": is_other and made.second_by_id is None and made.first_by_id not in (None, reader.pk),
        "may_refuse": is_other,
    }
