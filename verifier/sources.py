"""Sources of revocation lists: when each is looked at next, and how the last look ended."""

import hashlib
import logging
import time
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from portal.jobs import services as jobs
from verifier.models import CrlSnapshot, DistributionPoint
from verifier.validation.verdict import CrlNeeded

_log = logging.getLogger(__name__)

_NUDGE_SECONDS = 1.0
_nudged: dict[int, float] = {}


def request_refresh(environment: Any) -> None:
    """Ask the worker to fetch every list of the environment now."""
    with transaction.atomic():
        for pk in (
            DistributionPoint.objects.fetched().filter(anchor__environment=environment).values_list("pk", flat=True)
        ):
            refresh(pk)


def request_refresh_of(points: Iterable[int]) -> None:
    """Ask the worker to fetch the lists of these sources now."""
    for pk in DistributionPoint.objects.fetched().filter(pk__in=points).order_by("id").values_list("pk", flat=True):
        refresh(pk)


def request_due_refreshes() -> None:
    """Ask the worker for the lists whose time has come; called by the beat, in its transaction."""
    for pk in DistributionPoint.objects.due(timezone.now()).values_list("pk", flat=True):
        refresh(pk)


def distribution_point(pk: int) -> DistributionPoint | None:
    """The source with its anchor and environment, None if it is gone or its anchor is no longer trusted."""
    return DistributionPoint.objects.in_use().select_related("anchor__environment").filter(pk=pk).first()


def with_lists(text: str) -> QuerySet[DistributionPoint]:
    """The sources in use with their current list (`current_lists`, one or none) and environment, production first;
    those whose label or environment contains `text`.
    """
    lists = Prefetch("snapshots", CrlSnapshot.objects.filter(is_current=True).defer("der"), "current_lists")
    found = DistributionPoint.objects.in_use().select_related("anchor__environment").prefetch_related(lists)
    if text:
        found = found.filter(Q(label__icontains=text) | Q(anchor__environment__public_id__icontains=text))
    return found.order_by("anchor__environment__kind", "label", "id")


def distribution_points_in_words() -> list[str]:
    """A line for each source: its number, its environment, its label; for an operator to choose from."""
    points = DistributionPoint.objects.in_use().select_related("anchor__environment").order_by("id")
    return [f"{point.pk} {point.anchor.environment.public_id} {point.label}" for point in points]


@transaction.atomic
def confirm(point: DistributionPoint, *, validators: dict[str, str] | None = None) -> None:
    """Note that the source still has the list that is current."""
    record_success(DistributionPoint.objects.select_for_update().get(pk=point.pk), validators)


def record_failure(point: DistributionPoint, *, code: str, detail: str) -> None:
    """Note why a list could not be had; the last good one is kept and the next try comes soon."""
    row = DistributionPoint.objects.select_for_update().get(pk=point.pk)
    wait = min(settings.VERIFIER_CRL_REFRESH_SECONDS, 5 * 2 ** min(row.failures, 10))
    row.failures += 1
    row.last_error, row.last_error_detail = code, detail[:200]
    row.last_looked_at = timezone.now()
    row.next_refresh_at = row.last_looked_at + timedelta(seconds=wait)
    row.save()
    # The detail may be a server's own words.
    _log.warning("source %s %s, failure %s: %s %r", row.pk, row.label, row.failures, code, row.last_error_detail)


def record_success(row: DistributionPoint, validators: dict[str, str] | None = None) -> None:
    row.validators = validators
    row.failures, row.last_error, row.last_error_detail = 0, "", ""
    row.last_looked_at = timezone.now()
    row.next_refresh_at = row.last_looked_at + timedelta(seconds=settings.VERIFIER_CRL_REFRESH_SECONDS)
    row.save()


def ask_for(environment: Any, needs: tuple[CrlNeeded, ...]) -> None:
    """Ask for the lists a judgement lacked: only from sources configured here, at most once a second each process."""
    now = time.monotonic()
    if _nudged.get(environment.pk, 0.0) > now:
        return
    _nudged[environment.pk] = now + _NUDGE_SECONDS
    digests = [hashlib.sha256(need.dp_name).hexdigest() for need in needs]
    wanted = DistributionPoint.objects.fetched().filter(anchor__environment=environment, dp_name_digest__in=digests)
    with transaction.atomic():
        for pk in wanted.values_list("pk", flat=True):
            refresh(pk)


def refresh(point_id: int) -> None:
    jobs.enqueue("verifier.refresh_crl", point_id, lane="fetch", key=f"verifier.refresh_crl:{point_id}")
