"""Entries that are live: applied for, approved by two reviewers, left to the site's own worker to publish."""

import time
import uuid
from datetime import timedelta
from urllib.parse import urlsplit

from django.utils import timezone

from portal.accounts import services as accounts
from portal.environments import services as environments
from tests import cast
from tests.applications import answering, seen
from tests.flows.scenes_of import domains, people
from tests.whitelist.conftest import approve, draft
from whitelist import applications, consumers, retirement, suspensions
from whitelist.models import Consumer, Entry


def live_entry(*, owner: str, second: str, number: str, name: str, url: str) -> dict:
    """The organisation of `owner` with an approved entry; it is live as soon as the worker has published it."""
    people.person(email=second, name="連携 太郎")
    people.organisation(owner=owner, number=number, name=name, second=second)
    by, at = accounts.by_email(owner), timezone.now().replace(microsecond=0)
    provider = by.memberships.get().provider
    answering(provider, by=by)
    seen(url)
    domains.held(provider, urlsplit(url).hostname or "", by=by)
    application = applications.start_application(provider, form_key=uuid.uuid4(), content=draft(url), by=by)
    applications.submit(application, seen_version=application.version, by=by, at=at)
    approve(application, cast.reiko(), at)
    decided = time.time()
    approve(application, cast.renji(), at)
    entry = Entry.objects.get(revision=application.current_revision)
    return {"entry": entry.public_id, "case": application.public_id, "decided": decided}


def called_for_review(*, entry: str) -> dict:
    """Re-checks have climbed to a reviewer (the climbing itself is tested in tests/whitelist/test_rechecks.py)."""
    found = Entry.objects.get(public_id=entry)
    for day, (health, strike) in enumerate([("failing", 1), ("inconclusive", 0), ("failing", 2), ("failing", 3)]):
        found.rechecks.create(
            at=timezone.now() - timedelta(days=8 - 2 * day),
            health=health,
            blocking=["tls.expiry"] if health == "failing" else [],
            inconclusive=["tls.connect"] if health == "inconclusive" else [],
            strike=strike,
            rule_set_version=found.rule_set_version,
            report_digest="0" * 64,
        )
    for state in ("warned", "at_risk", "review_due"):
        Entry.objects.filter(pk=found.pk).update(state=state)
    return {}


def tsm(*, name: str) -> dict:
    """A TSM of production that two operators have entered, with its key."""
    at = timezone.now().replace(microsecond=0)
    consumer, key = consumers.enter(environments.production(), name=name, by=cast.osamu(), at=at)
    consumers.confirm(consumer, by=cast.person("Otto", role="operator"), at=at)
    return {"tsm": consumer.public_id, "key": key}


def without_tsm(*, tsm: str) -> dict:
    found = Consumer.objects.get(public_id=tsm)
    return {"ended": consumers.revoke(found, by=cast.osamu(), at=timezone.now().replace(microsecond=0))}


def stopped(*, entry: str) -> dict:
    at = timezone.now().replace(microsecond=0)
    found = Entry.objects.get(public_id=entry)
    decided = time.time()
    suspensions.suspend(found, reason="incident", words="", by=cast.reiko(), at=at)
    return {"decided": decided}


def brought_back(*, entry: str) -> dict:
    at = timezone.now().replace(microsecond=0)
    suspension = suspensions.open_suspension(Entry.objects.get(public_id=entry))
    suspensions.propose_return(suspension, words="mended", by=cast.reiko(), at=at)
    decided = time.time()
    suspensions.confirm_return(suspension, by=cast.renji(), at=at)
    return {"decided": decided}


def given_up(*, entry: str, owner: str, seconds: int) -> dict:
    """Given up for a moment a few seconds ahead; what counts as the decision is that moment."""
    at = timezone.now().replace(microsecond=0)
    due = at + timedelta(seconds=seconds)
    found = Entry.objects.get(public_id=entry)
    retirement.give_up(found, due_at=due, impact={}, by=accounts.by_email(owner), at=at)
    return {"decided": due.timestamp()}
