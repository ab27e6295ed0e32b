"""The CAs that production believes: what was proposed, who confirms it, and how one is stopped at once."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.permissions import fresh_log_in_required, operator_required
from verifier import anchor_proposals
from verifier.anchor_form import FingerprintForm
from verifier.anchors import AnchorRefused
from verifier.messages import anchor_words, kind_nouns


@require_safe
@operator_required
def anchor_list(request: HttpRequest) -> HttpResponse:
    context = {
        "proposals": [_proposed(each, request.user) for each in anchor_proposals.open_ones(timezone.now())],
        "anchors": [_believed(each) for each in anchor_proposals.believed()],
    }
    return render(request, "verifier/anchors/anchor_list.html", context)


@require_http_methods(["GET", "POST"])
@operator_required
def proposal_confirm(request: HttpRequest, public_id: str) -> HttpResponse:
    proposal = _proposal(public_id)
    form = FingerprintForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _confirm(request, proposal, form)
    return _confirmation_page(request, proposal, form)


@fresh_log_in_required(act=gettext_lazy("have a CA certificate believed in production"))
def _confirm(request: HttpRequest, proposal: Any, form: FingerprintForm) -> HttpResponse:
    try:
        anchor_proposals.confirm(proposal, **form.cleaned_data, by=request.user, at=timezone.now())
    except AnchorRefused as refused:
        form.add_error("fingerprint", str(anchor_words.ANCHOR_REFUSALS[refused.code]))
        return _confirmation_page(request, proposal, form)
    notes.success(request, _("Production believes this certificate from now on."))
    return redirect("anchors:anchor-list")


def _confirmation_page(request: HttpRequest, proposal: Any, form: FingerprintForm) -> HttpResponse:
    context = {"form": form, "row": _proposed(proposal, request.user)}
    return render(request, "verifier/anchors/proposal_confirm.html", context)


@require_POST
@operator_required
def proposal_withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    verb = partial(anchor_proposals.withdraw, _proposal(public_id), by=request.user, at=timezone.now())
    return _told(request, verb, _("The proposal is withdrawn."))


@require_POST
@operator_required
def anchor_distrust(request: HttpRequest, public_id: str) -> HttpResponse:
    anchor = anchor_proposals.believed().filter(public_id=public_id).first()
    if anchor is None:
        raise Http404
    return _distrust(request, anchor)


@fresh_log_in_required(act=gettext_lazy("stop a CA certificate from being believed"))
def _distrust(request: HttpRequest, anchor: Any) -> HttpResponse:
    verb = partial(anchor_proposals.distrust, anchor, by=request.user)
    return _told(request, verb, _("Production does not believe this certificate any more."))


def _told(request: HttpRequest, verb: Callable[[], object], said: str) -> HttpResponse:
    try:
        verb()
    except AnchorRefused as refused:
        notes.error(request, str(anchor_words.ANCHOR_REFUSALS[refused.code]))
    else:
        notes.success(request, said)
    return redirect("anchors:anchor-list")


def _proposal(public_id: str) -> Any:
    proposal = anchor_proposals.by_public_id(public_id)
    if proposal is None:
        raise Http404
    return proposal


def _believed(anchor: Any) -> dict[str, Any]:
    return {"anchor": anchor, "purpose": kind_nouns.PURPOSES[anchor.purpose]}


def _proposed(proposal: Any, reader: Any) -> dict[str, Any]:
    standing = anchor_proposals.standing(proposal)
    return {
        "proposal": proposal,
        "purpose": kind_nouns.PURPOSES[proposal.purpose],
        "standing": anchor_words.SHORT_FORMS[standing.value],
        "is_mine": proposal.proposed_by_id == reader.pk,
    }
