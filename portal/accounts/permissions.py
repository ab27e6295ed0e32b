"""Who may use the pages for people, and what proof an act needs."""

from collections.abc import Callable
from functools import wraps
from typing import Any, overload

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.functional import Promise
from django.views.decorators.debug import sensitive_post_parameters

from portal.accounts import fresh_log_in

View = Callable[..., HttpResponse]


@overload
def fresh_log_in_required(view: View) -> View: ...


@overload
def fresh_log_in_required(*, act: str | Promise = "") -> Callable[[View], View]: ...


def fresh_log_in_required(view: View | None = None, *, act: str | Promise = "") -> View | Callable[[View], View]:
    """Every POST to `view` must carry both factors, or a passkey's answer, for this very act; a GET passes.

    Without them, or with wrong ones, the person is asked on a page at the same address that keeps what they sent and
    sends it again with the proof. `view` then sees request.POST as the first form had it, and `request.proof`
    ("password+totp", "password+recovery_codes", "passkey") for the trail. `act` says in a few words what is confirmed.
    Stand it below whatever says who may come at all, finds the object, and finds the form in order: best on the inner
    function that calls the verb, so that nobody spends a code on a form with a mistake. No files in the form.
    """
    if view is None:
        return lambda decorated: _with_proof(decorated, act)
    return _with_proof(view, act)


def _with_proof(view: View, act: str | Promise) -> View:
    @wraps(view)
    @sensitive_post_parameters(f"{fresh_log_in.PREFIX}-password", f"{fresh_log_in.PREFIX}-code")
    @login_required
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        form, is_proven = fresh_log_in.proven(request)
        act_itself = fresh_log_in.without_proof(request.POST)
        if not is_proven:
            return _ask_for_proof(request, form, act_itself, act)
        request.POST = act_itself  # type: ignore[assignment]
        request.proof = form.method  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return wrapped


def _ask_for_proof(request: HttpRequest, form: Any, kept: QueryDict, act: str | Promise) -> HttpResponse:
    """The page between a form and its act. A passkey that was refused leaves an empty form and its complaint."""
    is_passkey = isinstance(form, fresh_log_in.PasskeyForm)
    context = {
        "form": fresh_log_in.FreshLogInForm(request=request) if is_passkey else form,
        "complaints": [error for errors in form.errors.values() for error in errors] if is_passkey else [],
        "options": fresh_log_in.passkey_options(request),
        "act": act,
        "kept": list(kept.lists()),
    }
    return render(request, "accounts/fresh_log_in.html", context, status=422 if form.is_bound else 200)


def operator_required(view: View) -> View:
    """For operators; the page does not exist for anybody else (404)."""

    @wraps(view)
    @login_required
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_operator:  # type: ignore[union-attr]
            raise Http404
        return view(request, *args, **kwargs)

    return wrapped
