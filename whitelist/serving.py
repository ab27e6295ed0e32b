"""Whom a platform operator's return server serves now, and who could be served.

The day a delegation ends its organisation is served no longer, whether or not anybody has said so here.
"""

from typing import Any

from portal.providers import seats
from whitelist.models import Entry, EntryService


def now(entry: Entry) -> list[EntryService]:
    """Who is served: not taken out, and the delegation in force today (JST); by name."""
    if entry.provider is None:
        return []
    in_force = seats.delegations_in_force(entry.provider).values("pk")
    rows = entry.services.filter(until=None, delegation__in=in_force)
    return list(rows.select_related("provider", "delegation").order_by("provider__name", "id"))


def delegating(operator: Any) -> list[Any]:
    """The delegations to the operator in force today (JST), by the name of who delegates."""
    return list(seats.delegations_in_force(operator)) if operator.is_platform_operator else []
