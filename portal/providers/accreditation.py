"""May this service provider verify, on this day?

電子署名等に係る地方公共団体情報システム機構の認証業務に関する法律, article 17, names who may receive revocation
information: administrative bodies, and private operators whom the competent ministers have accredited (主務大臣認定).
Others stand behind the platform of an accredited operator (プラットフォーム事業者).

Days are days in Japan (JST). A first day counts from its beginning, a last day counts to its end; an end that is
declared (revoked, given up) takes effect on that very day.
Nothing is entitled by silence: what is not confirmed, or not accepted, does not count.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum

JST = timezone(timedelta(hours=9), "JST")


class LegalBasis(StrEnum):
    ADMINISTRATIVE_BODY = "administrative_body"
    CERTIFIED_OPERATOR = "certified_operator"
    BEHIND_PLATFORM_OPERATOR = "behind_platform_operator"


@dataclass(frozen=True, slots=True)
class Term:
    """first_day and last_day are inclusive (last_day None: open); on ended_on and after, the term is over."""

    first_day: date
    last_day: date | None = None
    ended_on: date | None = None

    def has_begun(self, on: date) -> bool:
        return self.first_day <= on

    def is_over(self, on: date) -> bool:
        expired = self.last_day is not None and on > self.last_day
        return expired or (self.ended_on is not None and on >= self.ended_on)

    def includes(self, on: date) -> bool:
        return self.has_begun(on) and not self.is_over(on)


@dataclass(frozen=True, slots=True)
class Accreditation:
    """A ministers' accreditation as declared; confirmed: an operator of this site has seen the proof of it."""

    term: Term
    confirmed: bool


@dataclass(frozen=True, slots=True)
class PlatformOperator:
    """The one a delegation comes from, with its own standing."""

    legal_basis: str
    confirmed: bool
    accreditations: tuple[Accreditation, ...]


@dataclass(frozen=True, slots=True)
class Delegation:
    """A platform operator lets this provider stand behind it for a term; accepted: both sides have agreed
    to it; confirmed: a reviewer has seen it."""

    operator: PlatformOperator
    term: Term
    accepted: bool
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Entitled:
    basis: LegalBasis


@dataclass(frozen=True, slots=True)
class NotEntitled:
    """code: one of REFUSALS."""

    code: str


REFUSALS = (
    "provider.basis_unknown",
    "provider.not_confirmed",
    "provider.no_accreditation",
    "provider.accreditation_not_confirmed",
    "provider.accreditation_not_begun",
    "provider.accreditation_over",
    "provider.no_delegation",
    "provider.delegation_not_accepted",
    "provider.delegation_not_confirmed",
    "provider.delegation_not_begun",
    "provider.delegation_over",
    "provider.operator_not_entitled",
)


def jst_day(at: datetime) -> date:
    """The day in Japan at the aware time `at`. Raises ValueError for a naive time."""
    if at.tzinfo is None:
        raise ValueError("a day in Japan needs an aware time")
    return at.astimezone(JST).date()


def entitlement(
    legal_basis: str,
    confirmed: bool,
    accreditations: Sequence[Accreditation],
    delegations: Sequence[Delegation],
    *,
    on: date,
) -> Entitled | NotEntitled:
    """Whether a provider is entitled on the day `on` (JST, see jst_day), and by what.

    legal_basis: a value of LegalBasis; confirmed: an operator of this site has confirmed the organisation.
    accreditations and delegations: all it has ever had, in any order.
    """
    if legal_basis == LegalBasis.ADMINISTRATIVE_BODY:
        return Entitled(LegalBasis.ADMINISTRATIVE_BODY) if confirmed else NotEntitled("provider.not_confirmed")
    if legal_basis == LegalBasis.CERTIFIED_OPERATOR:
        return _by_accreditation(accreditations, on)
    if legal_basis == LegalBasis.BEHIND_PLATFORM_OPERATOR:
        return _by_delegation(delegations, on)
    return NotEntitled("provider.basis_unknown")


def _by_accreditation(accreditations: Sequence[Accreditation], on: date) -> Entitled | NotEntitled:
    if not accreditations:
        return NotEntitled("provider.no_accreditation")
    confirmed = [accreditation.term for accreditation in accreditations if accreditation.confirmed]
    if not confirmed:
        return NotEntitled("provider.accreditation_not_confirmed")
    if any(term.includes(on) for term in confirmed):
        return Entitled(LegalBasis.CERTIFIED_OPERATOR)
    all_over = all(term.is_over(on) for term in confirmed)
    return NotEntitled("provider.accreditation_over" if all_over else "provider.accreditation_not_begun")


def _by_delegation(delegations: Sequence[Delegation], on: date) -> Entitled | NotEntitled:
    if not delegations:
        return NotEntitled("provider.no_delegation")
    accepted = [delegation for delegation in delegations if delegation.accepted]
    if not accepted:
        return NotEntitled("provider.delegation_not_accepted")
    confirmed = [delegation for delegation in accepted if delegation.confirmed]
    if not confirmed:
        return NotEntitled("provider.delegation_not_confirmed")
    live = [delegation for delegation in confirmed if delegation.term.includes(on)]
    if not live:
        all_over = all(delegation.term.is_over(on) for delegation in confirmed)
        return NotEntitled("provider.delegation_over" if all_over else "provider.delegation_not_begun")
    if any(_is_entitled_itself(delegation.operator, on) for delegation in live):
        return Entitled(LegalBasis.BEHIND_PLATFORM_OPERATOR)
    return NotEntitled("provider.operator_not_entitled")


def _is_entitled_itself(operator: PlatformOperator, on: date) -> bool:
    """By its own standing only: a delegation is never passed on."""
    own = entitlement(operator.legal_basis, operator.confirmed, operator.accreditations, (), on=on)
    return isinstance(own, Entitled)


WARNING_DAYS = (90, 30, 7)


def warning_due(last_day: date, *, on: date, given: Set[int]) -> int | None:
    """Which of WARNING_DAYS is to be given on the day `on` before an end whose `last_day` (JST) still counts.

    given: those already given for this end. Only the nearest is ever due: who hears of an end with 20 days left is not
    also told that there are fewer than 90. None: nothing is due.
    """
    left = (last_day - on).days
    reached = [days for days in WARNING_DAYS if 0 <= left <= days]
    if not reached or min(reached) in given:
        return None
    return min(reached)
