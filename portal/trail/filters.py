"""What somebody looks for in the trail. Absurd values count as not given, so that an old bookmark still opens."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from portal.audit.models import AuditEvent

JAPAN = ZoneInfo("Asia/Tokyo")
TEXTS = ("provider", "action", "actor", "search")


@dataclass(frozen=True)
class Filters:
    """Days are days in Japan, both ends included. `before` is the id below which the page begins."""

    since: date | None = None
    until: date | None = None
    provider: str = ""
    action: str = ""
    actor: str = ""
    search: str = ""
    before: int | None = None

    @classmethod
    def of(cls, given: Any) -> "Filters":
        before = given.get("before", "")
        return cls(
            since=_day(given.get("since", "")),
            until=_day(given.get("until", "")),
            before=int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None,
            **{name: given.get(name, "").replace("\0", "").strip()[:100] for name in TEXTS},
        )

    def values(self) -> dict[str, str]:
        """The filters that are set, as the form has them."""
        days = {"since": self.since, "until": self.until}
        found = {name: day.isoformat() for name, day in days.items() if day}
        return found | {name: getattr(self, name) for name in TEXTS if getattr(self, name)}

    def query(self, **more: Any) -> str:
        return urlencode({**self.values(), **more})

    def digest(self) -> str:
        """What the trail keeps of a search: it may hold a name, which must not stand there for good."""
        return hashlib.sha256(json.dumps(self.values(), sort_keys=True).encode()).hexdigest()

    def apply(self, events: QuerySet[AuditEvent], *, is_staff: bool) -> QuerySet[AuditEvent]:
        """Narrow the events. A member cannot search by the names of J-LIS's people, who are only a role to them."""
        if self.since:
            events = events.filter(at__gte=_midnight(self.since))
        if self.until:
            events = events.filter(at__lt=_midnight(self.until + timedelta(days=1)))
        if self.provider and is_staff:
            events = events.filter(Q(provider__public_id=self.provider) | Q(provider__name__icontains=self.provider))
        if self.action:
            is_family = self.action.endswith(".")
            events = events.filter(**{"action__startswith" if is_family else "action": self.action})
        if self.actor:
            events = events.filter(_by(self.actor, is_staff=is_staff))
        if self.search:
            events = events.filter(Q(subject_id=self.search) | Q(request_id=self.search))
        return events


def _by(actor: str, *, is_staff: bool) -> Q:
    named = Q(actor__name__icontains=actor) | Q(actor__email__iexact=actor)
    if not is_staff:
        named &= Q(actor__role="member")
    return named | Q(actor__isnull=True, actor_label=actor)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if date(2000, 1, 1) <= found <= date(9000, 1, 1) else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), JAPAN)
