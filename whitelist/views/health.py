"""The desk's pages about live entries: the health board, one entry, stopping it and bringing it back."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib import messages as notices
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.permissions import fresh_log_in_required
from whitelist import impact, rechecks, suspensions
from whitelist.incident_forms import ReturnForm, SuspensionForm
from whitelist.messages import entry_words
from whitelist.models import Entry, Suspension
from whitelist.permissions import reviewer_view
from whitelist.policy.workflow import LISTED, EntryState
from whitelist.refusals import Refused
from whitelist.views import effects, entry_facts

form_page = require_http_methods(["GET", "HEAD", "POST"])
VIEWS = ("due", "warned", "stopped", "retiring", "all")
SHOWN = 100
_IN_VIEW = {
    "due": Q(state=EntryState.REVIEW_DUE)
    | Q(suspensions__ended_at=None, suspensions__effective_at=None, suspensions__isnull=False)
    | Q(suspensions__reinstatements__confirmed_at=None, suspensions__reinstatements__withdrawn_at=None)
    & Q(suspensions__reinstatements__isnull=False),
    "warned": Q(state__in=[EntryState.WARNED, EntryState.AT_RISK]),
    "stopped": Q(state=EntryState.SUSPENDED),
    "retiring": Q(state=EntryState.RETIRING),
    "all": Q(state__in=[*sorted(LISTED), EntryState.SUSPENDED]),
}


def desk_entry(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Below `reviewer_view`: the view gets the production entry; an unknown one does not exist (404)."""

    @wraps(view)
    def guarded(request: HttpRequest, public_id: str) -> HttpResponse:
        entry = _production().filter(public_id=public_id).select_related("provider").first()
        if entry is None:
            raise Http404
        return view(request, entry)

    return guarded


@require_safe
@reviewer_view
def board(request: HttpRequest) -> HttpResponse:
    """Entries that want a look first; the search finds any entry by host, number or organisation."""
    asked = request.GET.get("q", "").strip()[:200]
    chosen = request.GET.get("view", "all" if asked else "due")
    found = _production().filter(_IN_VIEW.get(chosen, _IN_VIEW["all"])).distinct()
    if asked:
        found = found.filter(Q(host__icontains=asked) | Q(public_id__iexact=asked) | Q(provider__name__icontains=asked))
    rows = list(found.select_related("provider").order_by("host", "id")[: SHOWN + 1])
    context = {
        "views": [
            {
                "name": name,
                "words": entry_words.HEALTH_VIEWS[name],
                "count": _production().filter(_IN_VIEW[name]).distinct().count(),
            }
            for name in VIEWS
        ],
        "chosen": chosen,
        "asked": asked,
        "rows": [_row(entry) for entry in rows[:SHOWN]],
        "has_more": len(rows) > SHOWN,
        "shown": SHOWN,
    }
    return render(request, "whitelist/reviewer/health_board.html", context)


def _production() -> Any:
    return Entry.objects.filter(world="production")


def _row(entry: Entry) -> dict[str, Any]:
    last = entry.rechecks.order_by("-at").first()
    return {
        "entry": entry,
        "state": entry_facts.state(entry),
        "strikes": rechecks.strikes_now(entry),
        "last": last,
        "meaning": entry_words.HEALTH_MEANINGS[last.health] if last else "not_run",
        "words": entry_words.HEALTH[last.health] if last else _("Not looked at yet"),
    }


@require_safe
@reviewer_view
@desk_entry
def entry_detail(request: HttpRequest, entry: Entry) -> HttpResponse:
    return _page(request, entry)


def _page(request: HttpRequest, entry: Entry, *, status: int = 200, **forms: Any) -> HttpResponse:
    context = entry_facts.shown(entry, at=_now())
    context |= {
        "return_form": forms.get("return_form") or ReturnForm(),
        "suspension_history": entry.suspensions.exclude(ended_at=None).select_related("asked_by").order_by("-asked_at"),
        "alone_per_hour": suspensions.ALONE_PER_HOUR,
    }
    return render(request, "whitelist/reviewer/entry_detail.html", context | _effect(entry), status=status)


@require_safe
@reviewer_view
@desk_entry
def entry_effect(request: HttpRequest, entry: Entry) -> HttpResponse:
    """The part of the entry's page that says where it is in effect; the page asks for it anew."""
    return render(request, "whitelist/entry/effect.html", _effect(entry))


def _effect(entry: Entry) -> dict[str, Any]:
    url = reverse("review:entry-effect", args=[entry.public_id])
    return {"effect": effects.of_entry(entry, at=_now()), "effect_url": url}


@form_page
@reviewer_view
@desk_entry
@fresh_log_in_required
def entry_suspend(request: HttpRequest, entry: Entry) -> HttpResponse:
    form = SuspensionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            suspension = suspensions.suspend(entry, by=request.user, at=_now(), **form.cleaned_data)
        except Refused as refused:
            notices.error(request, entry_words.refusal(refused.code))
        else:
            _say(request, entry, suspension)
        return redirect("review:entry-detail", entry.public_id)
    context = {"entry": entry, "form": form, "impact": impact.of(entry, at=_now())}
    return render(request, "whitelist/reviewer/entry_suspend.html", context)


def _say(request: HttpRequest, entry: Entry, suspension: Suspension) -> None:
    if suspension.effective_at is not None:
        notices.success(request, _("%(entry)s is stopped.") % {"entry": entry.public_id})
    else:
        notices.warning(request, _("You have stopped three entries within an hour. A second reviewer has to join."))


def _act(request: HttpRequest, entry: Entry, verb: Callable[..., Any], done: Promise | str) -> HttpResponse:
    """Run one verb on the entry's open suspension and come back to its page, with what happened in words."""
    suspension = suspensions.open_suspension(entry)
    if suspension is None:
        notices.error(request, str(entry_words.REFUSALS["suspension.not_in_effect"]))
        return redirect("review:entry-detail", entry.public_id)
    try:
        verb(suspension, by=request.user, at=_now())
    except Refused as refused:
        notices.error(request, entry_words.refusal(refused.code))
    else:
        notices.success(request, str(done) % {"entry": entry.public_id})
    return redirect("review:entry-detail", entry.public_id)


def _button(verb: Callable[..., Any], done: Promise, *, wants_fresh_log_in: bool) -> Callable[..., HttpResponse]:
    """The view of a button without fields: one verb on the entry's open suspension."""

    def press(request: HttpRequest, entry: Entry) -> HttpResponse:
        return _act(request, entry, verb, done)

    guarded = fresh_log_in_required(press) if wants_fresh_log_in else press
    view: Callable[..., HttpResponse] = require_POST(reviewer_view(desk_entry(guarded)))
    return view


# What takes back is open to every log-in; what binds others wants a fresh one.
suspension_second = _button(suspensions.second, _("%(entry)s is stopped."), wants_fresh_log_in=True)
suspension_drop = _button(suspensions.drop, _("The stop of %(entry)s has been taken back."), wants_fresh_log_in=False)
return_confirm = _button(suspensions.confirm_return, _("%(entry)s is listed again."), wants_fresh_log_in=True)
return_withdraw = _button(
    suspensions.withdraw_return, _("The proposal for %(entry)s has been taken back."), wants_fresh_log_in=False
)


@require_POST
@reviewer_view
@desk_entry
@fresh_log_in_required
def return_propose(request: HttpRequest, entry: Entry) -> HttpResponse:
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return _page(request, entry, status=422, return_form=form)

    def propose(suspension: Suspension, *, by: Any, at: datetime) -> None:
        suspensions.propose_return(suspension, words=form.cleaned_data["words"], by=by, at=at)

    return _act(request, entry, propose, _("The return of %(entry)s waits for a second reviewer."))


@require_POST
@reviewer_view
@desk_entry
@fresh_log_in_required
def entry_settle(request: HttpRequest, entry: Entry) -> HttpResponse:
    """The reviewer has looked and leaves the entry live."""
    try:
        rechecks.settle(entry, by=request.user, at=_now())
    except Refused as refused:
        notices.error(request, entry_words.refusal(refused.code))
    else:
        notices.success(request, _("%(entry)s stays live.") % {"entry": entry.public_id})
    return redirect("review:entry-detail", entry.public_id)


def _now() -> datetime:
    return timezone.now().replace(microsecond=0)
