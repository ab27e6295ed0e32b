"""Ready sentences for corrections, the statement of no conflict, the life of a report: every code has its words."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from whitelist.messages import case_words, review_words
from whitelist.policy.content import FIELDS
from whitelist.policy.corrections import OWN_WORDS, TEMPLATES, Request, refusals, templates_for
from whitelist.policy.criteria import CRITERIA, criteria_of
from whitelist.policy.objection import OBJECTION_VERSION
from whitelist.policy.second_look import CONFLICT_STATEMENT, REPORT_LIFETIME, conflict_refusal, report_refusal

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)


def test_every_template_has_a_sentence_and_a_name():
    codes = {template.code for template in TEMPLATES}
    assert set(review_words.TEMPLATES) == set(review_words.TEMPLATE_NAMES) == codes
    assert {key for template in TEMPLATES for key in template.fields} <= set(FIELDS) | {"measures"}


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_can_be_asked_about(field):
    assert OWN_WORDS in {template.code for template in templates_for(field)}


@pytest.mark.parametrize(
    ("requests", "found"),
    [
        ([], []),
        ([Request("url", "url_not_as_sent")], []),
        ([Request("measures.tls", "measure_date"), Request("note", text="別の説明をください")], []),
        ([Request("colour", text="x")], ["review.field_unknown"]),
        ([Request("url", "url_not_as_sent"), Request("url", "url_too_broad")], ["review.field_unknown"]),
        ([Request("url", "measure_date")], ["review.template_unknown"]),
        ([Request("url", "sweet_words")], ["review.template_unknown"]),
        ([Request("url", text="  ")], ["review.field_text_missing"]),
    ],
)
def test_what_can_be_asked(requests, found):
    assert refusals(requests) == found
    assert set(found) <= set(case_words.REFUSALS)


def test_a_report_carries_decisions_for_72_hours():
    assert report_refusal(AT, AT + REPORT_LIFETIME - timedelta(seconds=1)) is None
    assert report_refusal(AT, AT + REPORT_LIFETIME) == "review.report_too_old"


@pytest.mark.parametrize("statement", ["", "2026-11/0", "yes"])
def test_only_the_present_statement_counts(statement):
    assert conflict_refusal(statement) == "review.conflict_not_stated"
    assert conflict_refusal(CONFLICT_STATEMENT) is None
    assert CONFLICT_STATEMENT in review_words.CONFLICT


@pytest.mark.parametrize(("language", "months"), [("ja", "3か月"), ("en", "3 months")])
def test_how_to_object_names_the_act_and_its_period(language, months, settings):
    with translation.override(language):
        text = review_words.objection(OBJECTION_VERSION)
    assert months in text
    assert "%(" not in text
    settings.OBJECTION_AUTHORITY = "総務大臣"
    with translation.override(language):
        assert "総務大臣" in review_words.objection(OBJECTION_VERSION)
    assert review_words.objection("1999/1") == ""


def test_of_a_change_only_measures_that_changed_are_judged_again():
    everything = {criterion.number for criterion in criteria_of("app")}
    assert everything == {criterion.number for criterion in CRITERIA}
    assert "4-11" not in {criterion.number for criterion in criteria_of("browser")}
    again = {criterion.number for criterion in criteria_of("browser", {"url", "measures.tls"})}
    assert again == {"1-1", "1-2", "1-3", "2-1", "2-2", "2-3", "3-1", "4-1"}
