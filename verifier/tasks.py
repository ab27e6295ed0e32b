"""Keeps the revocation lists fresh. Only the worker fetches."""

from collections.abc import Callable
from functools import partial
from hashlib import sha256
from typing import IO, Any

from portal.http import FetchFailed
from portal.jobs import services as jobs
from portal.jobs.registry import handles, periodic
from verifier import (
    alarm_mail,
    alarms,
    anchor_mail,
    challenges,
    fetch,
    intake,
    lists,
    ocsp_responders,
    sources,
    status_changes,
)
from verifier.pki.errors import MalformedInput


@periodic("verifier.refresh_due", every=5)
def ask_for_due_lists() -> None:
    sources.request_due_refreshes()


@handles("verifier.refresh_crl", lease_seconds=300)
def refresh_crl(point_id: int) -> Callable[[], object] | None:
    """A list that cannot be had does not fail the job: the reason stands at its source, and the beat asks again."""
    point = sources.distribution_point(point_id)
    if point is None:
        return None
    try:
        with lists.scratch() as file:
            return _fetched(point, file)
    except OSError as error:
        return partial(sources.record_failure, point, code="crl.not_kept", detail=type(error).__name__)
    except (FetchFailed, MalformedInput) as error:
        return partial(sources.record_failure, point, code=error.code, detail=error.detail)


def _fetched(point: Any, file: IO[bytes]) -> Callable[[], object]:
    asking = point.validators if intake.is_at_hand(point) else None
    fetched = fetch.crl(point.url, into=file, validators=asking)
    if not fetched.has_come:
        return partial(sources.confirm, point, validators=fetched.validators)
    der = lists.mapped(file)
    if intake.is_at_hand(point, sha256(der).digest()):
        return partial(sources.confirm, point, validators=fetched.validators)
    accepted = intake.accept_crl(point, der)
    return partial(intake.take_in, point, accepted, der=der, validators=fetched.validators)


@periodic("verifier.tend_lists", every=60)
def ask_for_tending() -> None:
    jobs.enqueue("verifier.tend_lists", lane="fetch", key="verifier.tend_lists")


@handles("verifier.tend_lists", lease_seconds=600)
def tend_lists() -> Callable[[], object]:
    """Make missing or damaged indexes anew, fetch what cannot be, remove the files and changes nothing speaks of any
    more, and tell what an operator should look at."""
    lost = lists.mend_all()
    lists.prune()
    status_changes.forget_old()
    alarms.tell()
    return partial(_tended, lost)


@handles("verifier.tell_operators")
def tell_operators(event: str, subject: str, fingerprint: str, by: int) -> None:
    anchor_mail.send(event, subject=subject, fingerprint=fingerprint, by=by)


def _tended(lost: list[int]) -> None:
    sources.request_refresh_of(lost)
    alarms.note()


@handles("verifier.mail_alarms")
def mail_alarms(began: list[int], ended: list[int]) -> None:
    alarm_mail.send(began, ended)


@periodic("verifier.sweep_challenges", every=600)
def ask_for_a_sweep() -> None:
    jobs.enqueue("verifier.sweep_challenges", lane="default", key="verifier.sweep_challenges")


@handles("verifier.sweep_challenges")
def sweep_challenges() -> Callable[[], object]:
    """Remove challenges that are over."""
    return challenges.sweep


@periodic("verifier.prune_ocsp_answers", every=3600)
def ask_for_pruning() -> None:
    jobs.enqueue("verifier.prune_ocsp_answers", key="verifier.prune_ocsp_answers")


@handles("verifier.prune_ocsp_answers")
def prune_ocsp_answers() -> Callable[[], object]:
    """Forget what responders said once it is of no use any more."""
    return ocsp_responders.prune_answers
