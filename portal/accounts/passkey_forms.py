"""Passkeys always verify the person (finger, face or PIN), so that one of them alone is both factors.

What a browser sends as an answer may be anything; the library answers some of it with errors of its own making, and
each of them means the same here: this is no answer of a passkey.
"""

import struct
from collections.abc import Callable
from typing import Any

from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_NO_ANSWER = (KeyError, TypeError, ValueError, AttributeError, struct.error, InvalidSignature, UnsupportedAlgorithm)


def _refusing(read: Callable[[], Any]) -> Any:
    """What `read` returns. Raises ValidationError where the library stumbles over the answer."""
    try:
        return read()
    except _NO_ANSWER:
        raise ValidationError(_("The passkey was not taken. Please try again.")) from None


class PasskeyForm(AuthenticateWebAuthnForm):  # type: ignore[misc]  # allauth is untyped
    """Second factor after the password."""

    def clean_credential(self) -> Any:
        return _refusing(super().clean_credential)


class PasskeyLoginForm(LoginWebAuthnForm):  # type: ignore[misc]
    """Log-in by the passkey alone."""

    def clean_credential(self) -> Any:
        return _refusing(super().clean_credential)


class PasskeyReauthenticationForm(ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """Shown anew before a factor changes."""

    def clean_credential(self) -> Any:
        return _refusing(super().clean_credential)


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """No choice between key and passkey: see MFA_WEBAUTHN_USER_VERIFICATION."""

    passwordless = None

    name = forms.CharField(
        label=_("Name of the passkey"),
        help_text=_("So that you know it again, for example “phone” or “key in the safe”."),
        required=False,
        max_length=60,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"].widget.attrs["data-passkey-field"] = True

    def clean(self) -> Any:
        return _refusing(super().clean)
