"""The stand-ins for TSMs: TSM-A in every sandbox; TSM-A and TSM-B for the production of a demonstration.

They follow the published list like any consumer, and tell how often the app simulator found an entry.
"""

from datetime import datetime
from typing import Any

from django.conf import settings

from portal.jobs import services as jobs
from testenv.models import WhitelistReplica
from whitelist import consumers, matches


def names(environment: Any) -> tuple[str, ...]:
    if not environment.is_production:
        return ("TSM-A",)
    return ("TSM-A", "TSM-B") if settings.EMBEDDED else ()


def follow_list(environment: Any) -> None:
    """Have a worker bring the stand-ins of the environment up to its current list."""
    for name in names(environment):
        key = f"testenv.follow_list:{environment.public_id}:{name}"
        jobs.enqueue("testenv.follow_list", environment.pk, name, key=key)


def count_match(environment: Any, entry_id: str, *, at: datetime) -> None:
    """The app simulator found the entry: the sandbox's stand-in counts it in its hour."""
    consumer = consumers.stand_in(environment, name=names(environment)[0], at=at)
    matches.count_one(consumer, entry_id=entry_id, at=at)


def replicas(environment: Any) -> list[WhitelistReplica]:
    """The copies in the environment, by name, without their entries."""
    return list(WhitelistReplica.objects.filter(environment=environment).defer("state").order_by("name"))
