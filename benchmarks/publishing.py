"""Signing and publishing a list of many entries, and handing out what has changed, by the worker's own verbs.

A child process of the benchmarks: `python -m benchmarks.publishing ENTRIES ROUNDS` prints one line of JSON: seconds.
"""

import json
import sys
import time
from typing import Any

import django

django.setup()

from django.db import transaction
from django.utils import timezone

from portal.environments import services as environments
from portal.providers.models import ServiceProvider
from whitelist import ledger, lists, publication, register
from whitelist.models import Entry


def measure(entries: int, rounds: int) -> dict[str, list[float]]:
    """The first version of all entries, then versions that change by one entry, each with its delta."""
    provider = ServiceProvider.objects.create(
        public_id="sp_bench", name="bench", corporate_number="7000012050002", legal_basis="administrative_body"
    )
    environment, _ = environments.request_sandbox(provider)
    _enter(environment, 0, entries)
    took: dict[str, list[float]] = {"first": [_timed(lambda: _publish(environment))], "next": [], "delta": []}
    for number in range(rounds):
        _enter(environment, entries + number, 1)
        took["next"].append(_timed(lambda: _publish(environment)))
        head = lists.current_head(environment)
        assert head is not None
        since = head.version.number - 1
        took["delta"].append(_timed(lambda: lists.hand_out(environment, head, since=since)))  # noqa: B023
    ledger._kept.clear()
    took["replay"] = [_timed(lambda: ledger.of(environment.pk))]
    return took


def _enter(environment: Any, first: int, count: int) -> None:
    now = timezone.now()
    Entry.objects.bulk_create(
        Entry(
            public_id=f"E-T{first + number:05d}",
            environment=environment,
            world="sandbox",
            provider=environment.provider,
            url=(url := f"https://sp{first + number:05d}.example.jp/jpki/return").encode(),
            url_text=url,
            host=f"sp{first + number:05d}.example.jp",
            purposes=["signature", "user_authentication"],
            ways_in=["app_link", "browser_link", "qr"],
            rule_set_version="benchmark",
            state="live",
            created_at=now,
        )
        for number in range(count)
    )
    register.mark_changed(environment)


def _publish(environment: Any) -> None:
    edition = publication.prepare_edition(environment.pk, at=timezone.now().replace(microsecond=0))
    assert edition is not None
    with transaction.atomic():
        assert publication.publish(edition) is not None


def _timed(act: Any) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]))))
