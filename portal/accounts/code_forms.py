"""The code of the second factor at log-in and at re-authentication: each code opens one door, once.

The library forgets a used code after one period of 30 seconds, but takes the codes of the periods beside it too, so one
code stands for 90 seconds (RFC 6238 section 5.2: a verifier must not accept the second attempt). Here it is spent for
longer, and in one place with the proofs of single acts: a code seen at log-in confirms no act either.
"""

from typing import Any

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm

from portal.accounts.fresh_log_in import spend


class _Once:
    user: Any

    def clean_code(self) -> str:
        code = str(super().clean_code())  # type: ignore[misc]  # of the form it is mixed into
        if not spend(f"{self.user.pk}:{normalize_user_code(code)}"):
            raise get_adapter().validation_error("incorrect_code")
        return code


class LogInCodeForm(_Once, AuthenticateForm):  # type: ignore[misc]  # allauth is untyped
    pass


class ReauthenticationCodeForm(_Once, ReauthenticateForm):  # type: ignore[misc]  # allauth is untyped
    pass
