"""A reviewer looks at what an organisation says about its standing, with the evidence, and confirms or refuses it."""

from typing import Any

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.providers import confirmation, messages
from portal.providers.forms import StandingForm
from portal.providers.models import ServiceProvider
from portal.providers.permissions import member_ids, reviewer_required
from portal.providers.refusals import Refused


@require_http_methods(["GET", "POST"])
@reviewer_required
def standing_decide(request: HttpRequest, public_id: str, kind: str, pk: int) -> HttpResponse:
    provider = get_object_or_404(ServiceProvider, public_id=public_id)
    question = confirmation.find(provider, kind, pk)
    if question is None:
        raise Http404
    form = StandingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _say(request, _decide(question, form.cleaned_data, request.user))
        except Refused as refused:
            form.add_error(None, messages.sentence(refused.code))
        else:
            return redirect("providers:provider-file", public_id=public_id)
    context = {
        "provider": provider,
        "question": question,
        "kind_word": messages.STANDING_KINDS[kind],
        "legal_basis": messages.LEGAL_BASES[provider.legal_basis],
        "form": form,
        "is_own": request.user.pk in member_ids(provider),
        "is_open": question in confirmation.open_questions(provider),
    }
    return render(request, "providers/standing_decide.html", context)


def _decide(question: confirmation.Question, answers: dict[str, Any], by: Any) -> bool:
    if answers["decision"] == "confirm":
        return confirmation.confirm(question, by=by)
    return confirmation.refuse(question, reason=answers["reason"], by=by)


def _say(request: HttpRequest, done: bool) -> None:
    if done:
        notes.success(request, _("Your decision is recorded. The owners are told by mail."))
    else:
        notes.info(request, _("This was decided before. Nothing was changed."))
