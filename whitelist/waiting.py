"""How many cases wait for a reviewer: the number beside "Reviews" in the navigation."""

from typing import Any

from django.utils import timezone

from whitelist.claims import is_claimed
from whitelist.models import Application
from whitelist.policy.legal_clock import RUNNING


def for_reviewer(user: Any) -> int:
    """Cases that are `user`'s own or that nobody has taken up."""
    at = timezone.now()
    found = Application.objects.filter(state__in=[str(state) for state in RUNNING])
    rows = found.only("claimed_by_id", "claimed_at")
    return sum(row.claimed_by_id == user.pk or not is_claimed(row, at) for row in rows)
