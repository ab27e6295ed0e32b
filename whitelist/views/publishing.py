"""The publication board for staff, and the operators' register of TSMs."""

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages as notes
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal import one_time
from portal.accounts.permissions import fresh_log_in_required, operator_required
from portal.environments import services as environments
from portal.signing import services as signing
from whitelist import consumers, lists, publication
from whitelist.consumer_form import ConsumerForm
from whitelist.messages import publication_words
from whitelist.models import Application, Consumer
from whitelist.policy.workflow import ApplicationState
from whitelist.refusals import Refused
from whitelist.views import effects

_NAME = "consumer-key"


@require_safe
@login_required
def board(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    if not (user.is_reviewer or user.is_operator or user.is_auditor):
        raise Http404
    now, production = timezone.now(), environments.production()
    version, head = publication.current_version(production), lists.current_head(production)
    context = {
        "version": version,
        "head": head,
        "head_is_over": head is not None and head.valid_until <= now,
        "kid": version.kid if version else "",
        "tree_head": lists.current_tree_head(production),
        "tsm": effects.shown(version, at=now) if version else None,
        "waiting": _waiting(),
        "server_says": lists.server_check(version) if version else "",
        "keys": _keys(now),
        "consumers": Consumer.objects.filter(environment=production, revoked_at=None).order_by("name"),
        "issued_key": one_time.take(request, _NAME) if user.is_operator else None,
    }
    return render(request, "whitelist/publishing/board.html", context)


def _keys(now: datetime) -> list[dict[str, Any]]:
    """The published keys of list and log, those in use first."""
    published = [key for key in signing.jwks()["keys"] if key["purpose"] in {"list", "log"}]
    ends = [(key, datetime.fromtimestamp(key["exp"], UTC)) for key in published]
    return [{"kid": key["kid"], "purpose": key["purpose"], "until": end, "is_over": end <= now} for key, end in ends]


def _waiting() -> list[Application]:
    """Decided and not yet in a published version, oldest first."""
    states = [ApplicationState.APPROVED, ApplicationState.PUBLISHING]
    return list(Application.objects.filter(state__in=states).select_related("provider").order_by("pk"))


@require_http_methods(["GET", "POST"])
@operator_required
def consumer_enter(request: HttpRequest) -> HttpResponse:
    form = ConsumerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _enter(request, form)
    return render(request, "whitelist/publishing/consumer_enter.html", {"form": form})


@fresh_log_in_required(act=gettext_lazy("enter a TSM"))
def _enter(request: HttpRequest, form: ConsumerForm) -> HttpResponse:
    try:
        _consumer, key = consumers.enter(
            environments.production(), name=form.cleaned_data["name"], by=request.user, at=timezone.now()
        )
    except Refused as refused:
        form.add_error("name", publication_words.refusal(refused.code))
        return render(request, "whitelist/publishing/consumer_enter.html", {"form": form})
    one_time.keep(request, _NAME, key)
    notes.success(request, _("The TSM is entered. Another operator has to confirm it before its key works."))
    return redirect("review:publication-board")


@require_POST
@operator_required
def consumer_confirm(request: HttpRequest, public_id: str) -> HttpResponse:
    return _confirm(request, _consumer(public_id))


@fresh_log_in_required(act=gettext_lazy("confirm a TSM"))
def _confirm(request: HttpRequest, consumer: Consumer) -> HttpResponse:
    try:
        consumers.confirm(consumer, by=request.user, at=timezone.now())
        notes.success(request, _("The TSM is confirmed. Its key works now."))
    except Refused as refused:
        notes.error(request, publication_words.refusal(refused.code))
    return redirect("review:publication-board")


@require_POST
@operator_required
def consumer_revoke(request: HttpRequest, public_id: str) -> HttpResponse:
    return _revoke(request, _consumer(public_id))


@fresh_log_in_required(act=gettext_lazy("end a TSM's key"))
def _revoke(request: HttpRequest, consumer: Consumer) -> HttpResponse:
    consumers.revoke(consumer, by=request.user, at=timezone.now())
    notes.success(request, _("The TSM's key is ended."))
    return redirect("review:publication-board")


def _consumer(public_id: str) -> Consumer:
    if "\0" in public_id:
        raise Http404
    return get_object_or_404(Consumer, public_id=public_id, is_stand_in=False)
