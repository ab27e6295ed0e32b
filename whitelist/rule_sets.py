"""Which rule set counts when: the seed of the pure room, and what two people confirmed since."""

from datetime import datetime

from django.db.models import QuerySet

from whitelist.models import RuleSetVersion
from whitelist.policy.finding import Severity
from whitelist.policy.rule_set import RULE_SET, RuleSet


def in_force(at: datetime) -> RuleSet:
    """The rule set by which whatever is looked at at `at` (aware, UTC) is judged."""
    row = _confirmed().filter(effective_from__lte=at).first()
    return RULE_SET if row is None else of(row)


def for_entry(own_version: str, at: datetime) -> RuleSet:
    """The rule set by which an entry made under `own_version` is judged at `at`.

    It keeps its own until the notice of a later one has run out. A version nobody knows is taken for the seed.
    """
    own = _confirmed().filter(name=own_version).first()
    later = _confirmed().filter(notice_until__lte=at, number__gt=own.number if own else 0).first()
    row = later or own
    return RULE_SET if row is None else of(row)


def of(row: RuleSetVersion) -> RuleSet:
    """The row as a rule set; rules that are younger than the row keep the severities of the seed."""
    return RULE_SET.changed(row.name, severities_of(row))


def severities_of(row: RuleSetVersion) -> dict[str, tuple[Severity, Severity]]:
    known = {key: pair for key, pair in row.severities.items() if key in RULE_SET.severities}
    return {key: (Severity(sandbox), Severity(production)) for key, (sandbox, production) in known.items()}


def _confirmed() -> QuerySet[RuleSetVersion]:
    return RuleSetVersion.objects.filter(state=RuleSetVersion.State.CONFIRMED).order_by("-number")
