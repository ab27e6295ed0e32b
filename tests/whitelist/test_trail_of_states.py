"""The trail alone tells the life of a case and of an entry: what one act left is what the next one found."""

import hashlib
import itertools
from datetime import timedelta

from portal.audit import services as audit
from portal.audit.models import AuditEvent
from tests.whitelist.conftest import URL, verdict
from whitelist import claims, retirement, reviews, suspensions
from whitelist.models import Application
from whitelist.policy.criteria import CRITERIA


def states(subject):
    """(action, state before, state after) of every event that moved the thing, oldest first."""
    told = [(event.action, event.before, event.after) for event in audit.history(subject)]
    return [(action, before["state"], after["state"]) for action, before, after in told if after and "state" in after]


def unbroken(steps):
    return all(left[2] == found[1] for left, found in itertools.pairwise(steps))


def test_a_case_from_sending_to_the_list(published):
    steps = states(published)
    assert [step for step in steps if step[1] != step[2]] == [
        ("application.submitted", "draft", "submitted"),
        ("application.first_approved", "submitted", "first_approved"),
        ("application.approved", "first_approved", "approved"),
        # Signing the list begins in between; it is no act of anybody.
        ("application.published", "publishing", "published"),
    ]
    assert unbroken(steps[:-1])


def test_an_entry_stopped_returned_given_up_and_kept(published, cast, now, commit):
    entry = published.live_entry
    with commit():
        stopped = suspensions.suspend(entry, reason="incident", words="見本 花子さんから電話", by=cast.reiko, at=now)
        suspensions.propose_return(stopped, words="直りました", by=cast.reiko, at=now)
        suspensions.confirm_return(stopped, by=cast.renji, at=now)
        retirement.give_up(entry, due_at=now + timedelta(days=7), impact={}, by=cast.hanako, at=now)
        retirement.keep(entry, by=cast.hanako, at=now)
    steps = states(entry)
    assert steps == [
        ("entry.live", "approved", "live"),
        ("entry.suspended", "live", "suspended"),
        ("entry.reinstated", "suspended", "live"),
        ("entry.retiring", "live", "retiring"),
        ("entry.kept", "retiring", "live"),
    ]
    suspended = audit.history(entry).get(action="entry.suspended")
    assert suspended.reason == "incident"
    for event in audit.history(entry):
        assert "電話" not in str([event.before, event.after, event.details, event.reason])


def test_a_refusal_names_its_criterion_and_not_its_words(submitted, cast, now):
    claims.claim(submitted, by=cast.reiko, at=now)
    submitted.refresh_from_db()
    criterion = CRITERIA[0].number
    refusal = verdict(submitted, "refuse", criterion=criterion, message="見本 花子様へ")
    reviews.decide(submitted, verdict=refusal, by=cast.reiko, at=now)
    event = AuditEvent.objects.get(action="application.refused")
    assert (event.reason, event.before["state"], event.after["state"]) == (criterion, "in_review", "refused")
    assert "花子" not in str([event.before, event.after, event.details, event.reason])


def test_a_claim_is_told_apart_from_what_it_does_to_the_case(submitted, cast, now):
    claims.claim(submitted, by=cast.reiko, at=now)
    claims.hand_back(Application.objects.get(pk=submitted.pk), by=cast.reiko, at=now)
    claimed, handed_back = (AuditEvent.objects.get(action=f"application.{act}") for act in ("claimed", "handed_back"))
    assert claimed.before == {"state": "submitted", "claimed": False} == handed_back.after
    assert claimed.after == {"state": "in_review", "claimed": True} == handed_back.before


def test_a_new_report_names_both_bindings(submitted, cast, now):
    before = submitted.current_revision.latest_report.binding
    (kept,) = reviews.report_on_look(URL.encode(), at=now + timedelta(minutes=1))
    event = AuditEvent.objects.filter(action="application.rechecked").latest("id")
    assert (event.before, event.after) == ({"binding": before}, {"binding": kept.binding})
    assert len(kept.binding) == hashlib.sha256().digest_size * 2


def test_lists_follow_one_another_by_their_digests(published, cast, now, commit):
    with commit():
        suspensions.suspend(published.live_entry, reason="incident", words="", by=cast.reiko, at=now)
    first, second = AuditEvent.objects.filter(action="list.published", provider=None).order_by("id")
    assert second.before == first.after
    assert second.after != first.after
