"""The security measures: fifteen, published as criteria, answered in one of three ways."""

from datetime import date

import pytest

from whitelist.messages import case_words, measure_words
from whitelist.policy import measures
from whitelist.policy.criteria import CRITERIA, criteria_of, criterion

ALL_MET = {m.code: {"status": "met"} for m in measures.MEASURES}
TODAY = date(2026, 11, 23)


def test_each_is_a_criterion_with_words():
    assert [m.criterion_number for m in measures.MEASURES] == [f"4-{n}" for n in range(1, 16)]
    assert set(measure_words.MEASURES) == {m.code for m in measures.MEASURES}
    for measure in measures.MEASURES:
        found = criterion(measure.criterion_number)
        assert found is not None
        assert case_words.CRITERIA[found.code] == measure_words.MEASURES[measure.code].statement


def test_apps_are_asked_one_more_than_browsers():
    apps, browsers = measures.applicable("app"), measures.applicable("browser")
    assert [m.code for m in apps if m not in browsers] == ["app_distribution"]
    assert len(criteria_of("app")) == len(criteria_of("browser")) + 1 == len(CRITERIA)


def test_all_met_has_no_gap_and_nothing_answered_has_them_all():
    assert measures.gaps(ALL_MET, kind="app") == []
    assert len(measures.gaps({}, kind="browser")) == 14
    assert set(dict(measures.gaps({}, kind="browser")).values()) == {"measure.unanswered"}


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"status": "met"}, None),
        ({"status": "perhaps"}, "measure.status_unknown"),
        ({"status": "planned", "by": None}, "measure.date_missing"),
        ({"status": "planned", "by": "31.3.2027"}, "measure.date_unreadable"),
        ({"status": "planned", "by": "2026-11-22"}, "measure.date_past"),
        ({"status": "planned", "by": "2026-11-23"}, None),
        ({"status": "not_applicable", "reason": " \n"}, "measure.reason_missing"),
        ({"status": "not_applicable", "reason": "Nobody else is involved."}, None),
        ({}, "measure.unanswered"),
    ],
)
def test_an_answer_is_whole_or_says_what_is_missing(answer, code):
    assert measures.gap(answer, on=TODAY) == code
    if code is not None:
        assert code in measure_words.GAPS
        assert (("tls", code)) in measures.gaps({**ALL_MET, "tls": answer}, kind="browser", on=TODAY)


def test_every_gap_code_has_words_and_is_used():
    codes = {"unanswered", "status_unknown", "date_missing", "date_unreadable", "date_past", "reason_missing"}
    assert set(measure_words.GAPS) == {f"measure.{code}" for code in codes}
    assert set(measure_words.STATUSES) == set(measures.STATUSES)
