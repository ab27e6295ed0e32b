"""Entries that are live: applied for, approved by two reviewers, left to the site's own worker to publish."""

import uuid
from datetime import timedelta

from django.utils import timezone

from portal.accounts import services as accounts
from tests import cast
from tests.applications import answering, seen
from tests.flows.scenes_of import people
from tests.whitelist.conftest import approve, draft
from whitelist import applications
from whitelist.models import Entry


def live_entry(*, owner: str, second: str, number: str, name: str, url: str) -> dict:
    """The organisation of `owner` with an approved entry; it is live as soon as the worker has published it."""
    people.person(email=second, name="連携 太郎")
    people.organisation(owner=owner, number=number, name=name, second=second)
    by, at = accounts.by_email(owner), timezone.now().replace(microsecond=0)
    provider = by.memberships.get().provider
    answering(provider, by=by)
    seen(url)
    application = applications.start_application(provider, form_key=uuid.uuid4(), content=draft(url), by=by)
    applications.submit(application, seen_version=application.version, by=by, at=at)
    for reviewer in (cast.reiko(), cast.renji()):
        approve(application, reviewer, at)
    return {"entry": Entry.objects.get(revision=application.current_revision).public_id}


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
