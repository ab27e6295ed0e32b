"""Every act in the trail has words, and says what it changed. What the code records is read from its source."""

import pytest
from django.utils import translation

from portal.trail import messages
from tests import trail_actions


def test_the_source_says_what_it_records():
    assert len(trail_actions.recorded()) > 100
    assert trail_actions.recorded()["entry.suspended"] == "whitelist/suspensions.py"
    assert trail_actions.recorded()["certificate.held"] == "testenv/services.py"
    assert trail_actions.recorded()["application.first_approved"] == "whitelist/reviews.py"


def test_every_action_is_written_out():
    composed = [place for place, call in trail_actions.straight_calls() if not trail_actions.is_spelled_out(call)]
    assert composed == []


def test_every_action_has_words_and_no_words_are_left_over():
    assert set(messages.ACTIONS) == set(trail_actions.recorded())
    assert set(messages.FAMILIES) == {action.partition(".")[0] for action in trail_actions.recorded()}


@pytest.mark.parametrize("action", sorted(trail_actions.recorded()))
def test_words_differ_in_the_two_languages(action):
    said = {}
    for language in ("ja", "en"):
        with translation.override(language):
            said[language] = messages.action(action)
    assert said["en"] != said["ja"] != action
    assert said["ja"].isascii() is False


def test_what_an_older_version_recorded_is_shown_by_its_code():
    assert messages.action("entry.invented") == "entry.invented"


def test_an_act_on_something_that_stood_passes_what_it_was_and_what_it_became():
    lacking = []
    for place, call in trail_actions.straight_calls():
        given = {keyword.arg for keyword in call.keywords}
        told = call.args[0].value if hasattr(call.args[0], "value") else "by another name"
        is_change = told not in trail_actions.NOTHING_STOOD_BEFORE
        if isinstance(told, str) and is_change and not given >= {"before", "after"} and None not in given:
            lacking.append(place)
    assert lacking == []


def test_what_begins_is_something_that_is_recorded():
    assert set(trail_actions.recorded()) >= trail_actions.NOTHING_STOOD_BEFORE
