"""The clock over the Japanese calendar: substitute holidays, Golden Week, the turn of the year, pauses."""

from datetime import UTC, date, datetime, timedelta

import pytest

from whitelist.policy.legal_clock import JAPAN, Clock, clock, last_round, spans, warning_reached
from whitelist.policy.working_days import day_after, days_between, is_working_day


def jst(text):
    return datetime.fromisoformat(text).replace(tzinfo=JAPAN).astimezone(UTC)


def told(*moments, at):
    return clock(spans((state, jst(when)) for state, when in moments), jst(at))


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2026-05-06", "substitute holiday: Constitution Day fell on a Sunday"),
        ("2026-09-22", "a day between two holidays"),
        ("2026-12-29", "closing days of the administration"),
        ("2027-01-03", "closing days of the administration"),
        ("2027-03-22", "substitute holiday of the vernal equinox"),
        ("2031-05-06", "a year nobody has listed yet"),
        ("2026-11-21", "Saturday"),
    ],
)
def test_days_off(day, why):
    assert not is_working_day(date.fromisoformat(day)), why


@pytest.mark.parametrize("day", ["2026-12-28", "2027-01-04", "2026-05-01", "2026-05-07", "2026-11-24"])
def test_working_days(day):
    assert is_working_day(date.fromisoformat(day))


@pytest.mark.parametrize(
    ("submitted", "due"),
    [
        ("2026-04-28", "2026-06-01"),  # Golden Week: 29 April, 3 to 6 May
        ("2026-12-25", "2027-01-29"),  # the turn of the year, Coming of Age Day
        ("2026-09-18", "2026-10-22"),  # Silver Week of 2026, Sports Day
        ("2026-11-20", "2026-12-21"),  # Labour Thanksgiving Day
    ],
)
def test_twenty_working_days_over_holidays(submitted, due):
    assert day_after(date.fromisoformat(submitted), 20) == date.fromisoformat(due)
    assert days_between(date.fromisoformat(submitted), date.fromisoformat(due)) == 20


def test_the_first_day_is_not_counted():
    assert told(("submitted", "2026-11-24T00:05"), at="2026-11-24T23:55").used == 0
    assert told(("submitted", "2026-11-24T23:55"), at="2026-11-25T00:05").used == 1


def test_a_day_is_a_japanese_day():
    """15:30 UTC is half past midnight in Japan: already the next day."""
    trail = spans([("submitted", datetime(2026, 11, 24, 15, 30, tzinfo=UTC))])
    assert clock(trail, datetime(2026, 11, 25, 14, tzinfo=UTC)).used == 0


def test_it_stands_still_while_the_applicant_corrects():
    moments = [
        ("draft", "2026-11-01T09:00"),
        ("submitted", "2026-11-13T14:05"),
        ("in_review", "2026-11-16T10:00"),
        ("changes_requested", "2026-11-18T15:40"),
    ]
    standing = told(*moments, at="2026-11-20T12:00")
    assert (standing.used, standing.paused, standing.is_paused, standing.is_stopped) == (3, 2, True, False)
    answered = told(*moments, ("submitted", "2026-11-24T09:12"), at="2026-11-26T10:00")
    assert (answered.used, answered.paused, answered.is_paused) == (5, 3, False)
    assert answered.due == day_after(date(2026, 11, 13), 23)


def test_an_answer_on_the_same_day_costs_nobody_a_day():
    moments = [("submitted", "2026-11-13T09:00"), ("changes_requested", "2026-11-16T09:00")]
    assert told(*moments, ("submitted", "2026-11-16T17:00"), at="2026-11-17T09:00").paused == 0


def test_a_pause_over_the_turn_of_the_year_counts_no_holidays():
    moments = [("submitted", "2026-12-25T10:00"), ("changes_requested", "2026-12-28T10:00")]
    assert told(*moments, at="2027-01-04T10:00").paused == 1


def test_it_stops_with_the_decision():
    decided = told(("submitted", "2026-11-13T09:00"), ("approved", "2026-11-20T09:00"), at="2027-03-01T09:00")
    assert (decided.used, decided.is_stopped) == (5, True)


def test_a_reopened_application_has_a_clock_of_its_own():
    moments = [
        ("submitted", "2026-06-01T09:00"),
        ("approved", "2026-06-10T09:00"),
        ("published", "2026-06-10T09:01"),
        ("reopened", "2026-11-20T09:00"),
    ]
    assert told(*moments, at="2026-11-21T09:00").used == 7
    again = told(*moments, ("submitted", "2026-11-24T09:00"), at="2026-11-26T09:00")
    assert (again.used, again.submitted) == (2, date(2026, 11, 24))


def test_there_is_no_clock_before_the_first_submission():
    assert told(("draft", "2026-11-13T09:00"), at="2026-11-20T09:00") is None
    assert told(("submitted", "2026-11-13T09:00"), at="2026-11-12T09:00") is None


def test_the_same_state_twice_is_one_span():
    assert len(spans([("draft", jst("2026-11-13T09:00")), ("draft", jst("2026-11-14T09:00"))])) == 1
    assert last_round(()) == []


@pytest.mark.parametrize(("per_cent", "step"), [(0, 0), (49, 0), (50, 50), (79, 50), (80, 80), (100, 100), (140, 100)])
def test_warnings_are_due_at_three_shares(per_cent, step):
    assert warning_reached(per_cent) == step


def test_late_is_the_day_after_the_last():
    on_time = told(("submitted", "2026-11-20T09:00"), at="2026-12-21T23:00")
    assert (on_time.left, on_time.is_overdue, on_time.per_cent) == (0, False, 100)
    late = told(("submitted", "2026-11-20T09:00"), at="2026-12-22T00:01")
    assert isinstance(late, Clock)
    assert (late.left, late.is_overdue) == (-1, True)
    assert late.due + timedelta(days=1) == date(2026, 12, 22)
