"""Operators on everybody's accounts: found, looked at, closed and opened again."""

from functools import partial
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from portal.accounts import messages, people, security
from portal.accounts.models import AccountClosure, User
from portal.accounts.people_forms import ReasonForm
from portal.accounts.permissions import fresh_log_in_required, operator_required
from portal.accounts.sections import staff_sections
from portal.accounts.views.outcome import told

PAGE = 50
_DETAIL = "staff:account-detail"


@require_safe
@operator_required
def account_list(request: HttpRequest) -> HttpResponse:
    asked = {name: request.GET.get(name, "")[:100] for name in ("q", "role", "factor", "state")}
    wanted = people.Wanted(text=asked["q"], role=asked["role"], factor=asked["factor"], state=asked["state"])
    page = Paginator(people.search(wanted), PAGE).get_page(request.GET.get("page"))
    named = people.organisations(page.object_list)
    context = {
        "page": page,
        "rows": [
            {"person": person, "role": messages.ROLES[person.role], "organisations": named.get(person.pk, [])}
            for person in page
        ],
        "asked": asked,
        "query": urlencode({name: value for name, value in asked.items() if value}),
        "roles": messages.ROLES.items(),
        "second_navigation": staff_sections(),
    }
    return render(request, "accounts/staff/account_list.html", context)


@require_safe
@operator_required
def account_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, get_object_or_404(User, pk=pk), ReasonForm())


@require_POST
@operator_required
def account_close(request: HttpRequest, pk: int) -> HttpResponse:
    person, form = get_object_or_404(User, pk=pk), ReasonForm(request.POST)
    return _close(request, person, form) if form.is_valid() else _page(request, person, form)


@fresh_log_in_required(act=gettext_lazy("close an account"))
def _close(request: HttpRequest, person: User, form: ReasonForm) -> HttpResponse:
    said = _("The account is closed. All sessions of this person have ended.")
    return told(request, partial(people.close, person, **form.cleaned_data), said, _DETAIL, pk=person.pk)


@require_POST
@operator_required
def account_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    person, form = get_object_or_404(User, pk=pk), ReasonForm(request.POST)
    return _reopen(request, person, form) if form.is_valid() else _page(request, person, form)


@fresh_log_in_required(act=gettext_lazy("open an account again"))
def _reopen(request: HttpRequest, person: User, form: ReasonForm) -> HttpResponse:
    said = _("The account is open again.")
    return told(request, partial(people.reopen, person, **form.cleaned_data), said, _DETAIL, pk=person.pk)


def _page(request: HttpRequest, person: User, form: ReasonForm) -> HttpResponse:
    context: dict[str, Any] = {
        "person": person,
        "role": messages.ROLES[person.role],
        "organisations": people.organisations([person]).get(person.pk, []),
        "security": security.of(person),
        "closures": AccountClosure.objects.filter(user=person)
        .select_related("closed_by", "reopened_by")
        .order_by("-pk"),
        "is_own": person == request.user,
        "form": form,
        "second_navigation": staff_sections(),
    }
    return render(request, "accounts/staff/account_detail.html", context)
