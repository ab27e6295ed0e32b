"""What the desk does by the calendar: claims lapse, deadlines are told, first approvals and reports grow old."""

from datetime import timedelta

import pytest
from django.core import mail

from portal.audit import services as audit
from tests.whitelist.conftest import URL, approve, look_first, verdict
from whitelist import applications, claims, deadlines, reminders, reviews, second_look, statistics
from whitelist import tasks as whitelist_tasks
from whitelist.models import Probe, ProvisionalVerdict, Review, Transition
from whitelist.policy.corrections import Request
from whitelist.policy.legal_clock import day_of
from whitelist.policy.working_days import day_after
from whitelist.refusals import Overtaken, Refused

DAY = timedelta(days=1)


def working_days_later(at, days):
    return at + (day_after(day_of(at), days) - day_of(at))


def actions(application):
    return [event.action for event in audit.history(application)]


# Claims --------------------------------------------------------------------------------------------------------------


def test_a_claim_lapses_after_two_working_days(submitted, cast, now):
    claims.claim(submitted, by=cast.reiko, at=now)
    assert claims.lapse(working_days_later(now, 2)) == 0
    assert claims.lapse(working_days_later(now, 3)) == 1
    submitted.refresh_from_db()
    assert (submitted.state, submitted.claimed_by) == ("submitted", None)
    assert actions(submitted)[-1] == "application.claim_lapsed"
    assert claims.lapse(working_days_later(now, 3)) == 0


def test_a_lapsed_claim_of_the_second_review_keeps_the_first_approval(submitted, cast, now):
    approve(submitted, cast.reiko, now)
    claims.claim(submitted, by=cast.renji, at=now)
    claims.lapse(working_days_later(now, 3))
    submitted.refresh_from_db()
    assert (submitted.state, submitted.claimed_by) == ("first_approved", None)


def test_the_desk_is_tended_by_a_job(submitted, cast, now, monkeypatch):
    claims.claim(submitted, by=cast.reiko, at=now - 30 * DAY)
    whitelist_tasks.tend_desk()
    submitted.refresh_from_db()
    assert submitted.claimed_by is None


# Deadlines -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "told"), [(9, []), (10, [50]), (16, [80]), (20, [100]), (25, [100])])
def test_the_desk_is_told_at_50_80_and_100_per_cent(submitted, cast, now, commit, days, told):
    mail.outbox.clear()
    with commit():
        reminders.remind(working_days_later(now, days))
        reminders.remind(working_days_later(now, days))
    assert [f"{share} %" in message.body for share in told for message in mail.outbox] == [True] * len(mail.outbox)
    assert len(mail.outbox) == 2 * len(told)  # Reiko and Renji, once each
    submitted.refresh_from_db()
    assert submitted.warned_at_per_cent == (told[0] if told else 0)


def test_a_reminder_does_not_overtake_a_reviewer(submitted, cast, now, commit):
    seen = verdict(submitted)
    with commit():
        reminders.remind(working_days_later(now, 10))
    assert reviews.decide(submitted, verdict=seen, by=cast.reiko, at=now).stage == "first"


def test_the_trail_tells_the_clock(submitted, cast, now):
    reviews.decide(
        submitted, verdict=verdict(submitted, "request_changes", message="直して"), by=cast.reiko, at=now + DAY
    )
    submitted.refresh_from_db()
    applications.submit(submitted, seen_version=submitted.version, by=cast.hanako, at=now + 20 * DAY)
    states = list(Transition.objects.filter(application=submitted).order_by("pk").values_list("state", flat=True))
    assert states == ["draft", "submitted", "changes_requested", "submitted"]
    clock = deadlines.clock_of(submitted, now + 21 * DAY)
    assert clock.paused >= 11
    assert clock.used <= 2


# What a decision rests on --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("decision", ["approve", "request_changes", "refuse"])
def test_no_decision_rests_on_an_old_report(submitted, cast, now, decision):
    late = now + timedelta(hours=72)
    sent = verdict(submitted, decision, message="x", criterion="2-1")
    with pytest.raises(Refused, match=r"review\.report_too_old"):
        reviews.decide(submitted, verdict=sent, by=cast.reiko, at=late)
    reviews.look_again(submitted, by=cast.reiko, at=late)
    with pytest.raises(Refused, match=r"review\.report_too_old"):
        reviews.decide(submitted, verdict=sent, by=cast.reiko, at=late)
    Probe.objects.filter(state="asked").delete()
    Probe.objects.update(looked_at=late)  # the server was looked at, and looks the same
    reviews.report_on_look(URL.encode(), at=late)
    submitted.refresh_from_db()
    sent = verdict(submitted, decision, message="x", criterion="2-1")
    assert reviews.decide(submitted, verdict=sent, by=cast.reiko, at=late).decision == decision


def test_nobody_decides_without_the_statement_of_no_conflict(submitted, cast, now):
    with pytest.raises(Refused, match=r"review\.conflict_not_stated"):
        reviews.decide(submitted, verdict=verdict(submitted, no_conflict=""), by=cast.reiko, at=now)
    assert Review.objects.count() == 0


def test_a_refusal_tells_how_to_object(submitted, cast, now, commit):
    sent = verdict(submitted, "refuse", message="似た名前", criterion="2-3")
    with commit():
        reviews.decide(submitted, verdict=sent, by=cast.reiko, at=now)
    assert Review.objects.get().objection == "2026-11/sample-1"
    body = mail.outbox[-1].body
    assert "行政不服審査法" in body
    assert "3 months" in body
    assert "2-3" in body


def test_a_correction_names_fields_in_both_languages(submitted, cast, now, commit):
    asked = (Request("url", "url_not_as_sent"), Request("contacts.security", "own_words", "代表電話を加えてください"))
    with commit():
        sent = verdict(submitted, "request_changes", field_requests=asked)
        review = reviews.decide(submitted, verdict=sent, by=cast.reiko, at=now)
    assert {row.field for row in review.field_requests.all()} == {"url", "contacts.security"}
    body = mail.outbox[-1].body
    for words in ("1バイトも違わず", "byte for byte", "代表電話を加えてください", "Security contact"):
        assert words in body


# The second look -----------------------------------------------------------------------------------------------------


def test_the_second_decides_blind_first(submitted, cast, now):
    approve(submitted, cast.reiko, now)
    with pytest.raises(Refused, match=r"review\.provisional_missing"):
        reviews.decide(submitted, verdict=verdict(submitted), by=cast.renji, at=now)
    look_first(submitted, cast.renji, now, decision="refuse")
    assert reviews.decide(submitted, verdict=verdict(submitted), by=cast.renji, at=now).stage == "second"
    assert ProvisionalVerdict.objects.get().decision == "refuse"


def test_an_opinion_is_given_once_and_kept(submitted, cast, now):
    approve(submitted, cast.reiko, now)
    binding = submitted.current_revision.latest_report.binding
    for decision in ("refuse", "approve"):
        second_look.give(submitted, decision=decision, binding=binding, by=cast.renji, at=now)
    assert ProvisionalVerdict.objects.get().decision == "refuse"


def test_an_opinion_is_about_this_very_evidence(submitted, cast, now):
    approve(submitted, cast.reiko, now)
    with pytest.raises(Overtaken, match=r"review\.evidence_changed"):
        second_look.give(submitted, decision="approve", binding="0" * 64, by=cast.renji, at=now)


def test_the_first_reviewer_has_no_second_look(submitted, cast, now):
    approve(submitted, cast.reiko, now)
    binding = submitted.current_revision.latest_report.binding
    with pytest.raises(Refused, match=r"review\.same_reviewer"):
        second_look.give(submitted, decision="approve", binding=binding, by=cast.reiko, at=now)


def test_the_blind_look_can_be_turned_off(submitted, cast, now, settings):
    settings.BLIND_SECOND_LOOK = False
    approve(submitted, cast.reiko, now)
    assert reviews.decide(submitted, verdict=verdict(submitted), by=cast.renji, at=now).stage == "second"


# Figures -------------------------------------------------------------------------------------------------------------


def test_public_figures_name_their_base(submitted, cast, now):
    later = now + 2 * DAY
    approve(submitted, cast.reiko, later)
    approve(submitted, cast.renji, later)
    figures = statistics.figures(later)
    assert (figures.base, figures.approved, figures.refused, figures.withdrawn) == (1, 1, 0, 0)
    assert figures.median == deadlines.clock_of(submitted, later).used
    assert statistics.figures(later + 91 * DAY).base == 0


def test_late_cases_are_counted_in_public(submitted, now):
    assert statistics.figures(working_days_later(now, 20)).overdue == 0
    assert statistics.figures(working_days_later(now, 21)).overdue == 1


def test_what_was_taken_back_is_counted(submitted, cast, now):
    applications.withdraw(submitted, by=cast.hanako, at=now)
    assert statistics.figures(now + DAY).withdrawn == 1


@pytest.mark.parametrize(
    ("days", "middle", "nine_in_ten"),
    [([], None, None), ([4], 4.0, 4), ([1, 2], 1.5, 2), ([1, 2, 3, 4, 5, 6, 7, 8, 9, 20], 5.5, 9)],
)
def test_median_and_percentile(days, middle, nine_in_ten):
    assert (statistics.median(days), statistics.percentile(days, 90)) == (middle, nine_in_ten)
