"""What guards a person's account now: password, second factors, recovery codes, mailbox, sessions."""

from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator

from portal.accounts import sessions

# From here on the page asks for new ones.
FEW_CODES = 3


@dataclass(frozen=True)
class Security:
    """`codes_left` is None where there are no recovery codes; `sessions` counts the live ones, this one included."""

    has_password: bool
    has_app: bool
    passkeys: int
    codes_left: int | None
    sessions: int

    @property
    def has_second_factor(self) -> bool:
        return self.has_app or self.passkeys > 0

    @property
    def has_few_codes(self) -> bool:
        return self.codes_left is not None and self.codes_left < FEW_CODES


def of(user: Any) -> Security:
    """How the account of `user` stands."""
    kinds = Authenticator.Type
    factors = list(Authenticator.objects.filter(user=user))
    codes = next((factor for factor in factors if factor.type == kinds.RECOVERY_CODES), None)
    return Security(
        has_password=user.has_usable_password(),
        has_app=any(factor.type == kinds.TOTP for factor in factors),
        passkeys=sum(factor.type == kinds.WEBAUTHN for factor in factors),
        codes_left=len(codes.wrap().get_unused_codes()) if codes else None,
        sessions=len(sessions.of(user)),
    )
