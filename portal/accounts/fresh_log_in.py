"""Proof, for one act alone, that the person at the browser is still the one who logged in.

The proof travels in the very request that does the act: password and code, or a passkey's answer. None is kept, and
it is spent by the act, so that a stolen session cookie approves nothing (RFC 6238 section 5.2: a code once only).
"""

import hashlib
import json
from typing import Any, Final

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.base.forms import BaseAuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django import forms
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from portal.accounts import notices
from portal.accounts.passkey_forms import PasskeyForm as PasskeyAnswerForm

PREFIX: Final = "fresh"
_SPENT_SECONDS = 600  # longer than any code or challenge stands


class FreshLogInForm(forms.Form):
    """Both factors. On success `method` says what was shown: "password+totp" or "password+recovery_codes"."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = forms.CharField(
        label=_("Code of your authenticator app"),
        help_text=_("Six digits. Each code is taken once: wait for the next one if you have just used it."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    prefix = PREFIX

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.method = request, ""

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors:
            self.method = _password_and_code(self.request, given["password"], given["code"])
        return given


class PasskeyForm(forms.Form):
    """The answer of a passkey to the challenge of the page before."""

    prefix = PREFIX
    credential = forms.JSONField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.method = request, ""

    def clean_credential(self) -> Any:
        """Raises ValidationError for anything but a fresh answer of one of the person's own passkeys."""
        given = {"credential": json.dumps(self.cleaned_data["credential"])}
        checked = PasskeyAnswerForm(given, user=self.request.user)
        if not checked.is_valid() or not spend(json.dumps(self.cleaned_data["credential"], sort_keys=True)):
            raise ValidationError(_("The passkey was not taken. Please try again."))
        self.method = "passkey"
        return checked.cleaned_data["credential"]


def proven(request: HttpRequest) -> tuple[FreshLogInForm | PasskeyForm, bool]:
    """The form for the page, and whether this request carries the proof. The proof is spent by being looked at."""
    if not any(name.startswith(f"{PREFIX}-") for name in request.POST):
        return FreshLogInForm(request=request), False
    kind = PasskeyForm if f"{PREFIX}-credential" in request.POST else FreshLogInForm
    form = kind(request.POST, request=request)
    return form, form.is_valid()


def passkey_options(request: HttpRequest) -> dict[str, Any] | None:
    """The challenge for the person's passkeys, kept in the session for one answer; None if they have none."""
    if not Authenticator.objects.filter(user=request.user, type=Authenticator.Type.WEBAUTHN).exists():
        return None
    return dict(begin_authentication(request.user))


def without_proof(posted: QueryDict) -> QueryDict:
    """What was sent, less the proof and the token of the form: what the act itself is about."""
    rest = QueryDict(mutable=True)
    for name, values in posted.lists():
        if not name.startswith(f"{PREFIX}-") and name != "csrfmiddlewaretoken":
            rest.setlist(name, values)
    rest._mutable = False
    return rest


def _password_and_code(request: HttpRequest, password: str, code: str) -> str:
    """Which factors were shown. Raises ValidationError without saying which of the two was wrong."""
    user: Any = request.user
    if not ratelimit.consume(request, action="reauthenticate", user=user):
        raise get_adapter().validation_error("too_many_login_attempts")
    checked = BaseAuthenticateForm({"code": code}, user=user)
    if (
        not user.check_password(password)
        or not checked.is_valid()
        or not spend(f"{user.pk}:{normalize_user_code(code)}")
    ):
        raise ValidationError(_("The password or the code is wrong, or the code was used before."))
    if checked.authenticator.type == Authenticator.Type.RECOVERY_CODES:
        notices.recovery_code_used(user, request)
    return f"password+{checked.authenticator.type}"


def spend(proof: str) -> bool:
    """True for the first who asks with this proof: two requests in the same instant cannot both live on one code."""
    return bool(cache.add(spent_key(proof), True, _SPENT_SECONDS))


def spent_key(proof: str) -> str:
    """Where the cache remembers it; the proof itself is not kept."""
    return f"spent-proof:{hashlib.sha256(proof.encode()).hexdigest()}"
