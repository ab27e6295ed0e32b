"""The rule editor: what would fail is seen before anything is proposed; the second person is another one."""

import pytest
from django.urls import reverse

from tests.cast import browser_of
from tests.whitelist.test_rule_versions import PORT_URL, with_port  # noqa: F401  the entry that would fail
from whitelist import rule_sets
from whitelist.models import RuleSetVersion

EDIT = "/review/rules/change/"
PORT = {"production:url.port": "block"}


def tried(client):
    return client.post(EDIT, {**PORT, "action": "try"})


def proposed(client, **changes):
    seen = tried(client).context["seen"]
    sent = {**PORT, "action": "propose", "seen": seen, "note": "Only 443.", "notice_days": "30"}
    return client.post(EDIT, sent | changes)


def test_try_shows_who_would_fail_and_keeps_nothing(cast, with_port):  # noqa: F811
    page = tried(browser_of(cast.reiko))
    shown = page.content.decode()
    assert page.status_code == 200
    assert PORT_URL in shown
    assert "url.port" in shown
    assert not RuleSetVersion.objects.exists()


def test_nothing_is_proposed_that_was_not_shown(cast, with_port, now):  # noqa: F811
    client = browser_of(cast.reiko)
    for seen in ("", "0" * 64):
        answer = proposed(client, seen=seen, note="Only 443, because.")
        assert answer.status_code == 422
        assert answer.context["refused_code"] == "rules.dry_run_changed"
        assert "Only 443, because." in answer.content.decode()
    assert not RuleSetVersion.objects.exists()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"note": ""}, "rules.note_missing"),
        ({"notice_days": "1"}, "rules.notice_too_short"),
        ({"notice_days": "９９"}, "rules.notice_too_short"),
        ({"production:url.port": "passed"}, "rules.unknown_code"),
        ({"production:url.port": "warn"}, "rules.nothing_changed"),
    ],
)
def test_a_refusal_is_named(cast, changes, code):
    answer = proposed(browser_of(cast.osamu), **changes)
    assert (answer.status_code, answer.context["refused_code"]) == (422, code)


def test_absurd_days_are_no_error_page(cast):
    for day in ("", "never", "0001-01-01", "9999-12-31"):
        answer = proposed(browser_of(cast.osamu), effective_from=day)
        assert answer.status_code in (302, 422)


def test_two_people_put_it_in_force(cast, with_port, now):  # noqa: F811
    answer = proposed(browser_of(cast.reiko))
    row = RuleSetVersion.objects.get()
    assert answer["Location"] == reverse("review:rule-detail", args=[row.number])
    assert "別の人が確認します" in browser_of(cast.reiko).get(answer["Location"]).content.decode()
    page = browser_of(cast.renji).get(answer["Location"]).content.decode()
    assert reverse("review:rule-confirm", args=[row.number]) in page
    assert PORT_URL in page
    asked = browser_of(cast.renji).post(reverse("review:rule-confirm", args=[row.number]))
    assert asked.status_code == 200  # both factors first
    assert rule_sets.in_force(now).version != row.name


def test_withdrawn_by_anybody_of_staff(cast):
    proposed(browser_of(cast.reiko))
    row = RuleSetVersion.objects.get()
    browser_of(cast.osamu).post(reverse("review:rule-withdraw", args=[row.number]))
    row.refresh_from_db()
    assert row.state == "withdrawn"
    again = browser_of(cast.osamu).post(reverse("review:rule-withdraw", args=[row.number]), follow=True)
    assert "その間に決まりました" in again.content.decode()


@pytest.mark.parametrize("address", ["/review/rules/", EDIT, "/review/rules/3/"])
def test_the_pages_do_not_exist_for_others(cast, address):
    assert browser_of(cast.hanako).get(address).status_code == 404
