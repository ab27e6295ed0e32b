"""Where an entry is in effect, on its own page and on its application's: decided, published, confirmed, or silent."""

from datetime import timedelta

import pytest
from django.urls import reverse

from portal.environments import services as environments
from tests.cast import browser_of, person
from tests.whitelist.conftest import approve
from whitelist import consumers, entry_changes, publication, register, suspensions
from whitelist.models import Consumer
from whitelist.policy.change_log import Change
from whitelist.views import effects


@pytest.fixture
def tsm(published, cast, now):
    consumer, _ = consumers.enter(environments.production(), name="TSM-X", by=cast.osamu, at=now)
    return consumers.confirm(consumer, by=person("Otto", role="operator"), at=now)


def acknowledged(tsm, at):
    version = publication.current_version(environments.production())
    told = {"number": version.number, "tree_size": version.tree_size, "root": version.tree_root}
    consumers.acknowledge(tsm, since=at, at=at, **told)
    return version


def fragment(who, name, entry_or_application):
    return browser_of(who).get(reverse(name, args=[entry_or_application.public_id])).content.decode()


def test_the_page_asks_until_every_tsm_has_confirmed(tsm, published, cast, now):
    entry = published.live_entry
    waiting = fragment(cast.hanako, "whitelist:entry-effect", entry)
    assert 'data-state="waiting"' in waiting
    assert f'data-live="{reverse("whitelist:entry-effect", args=[entry.public_id])}"' in waiting
    acknowledged(tsm, now)
    others = Consumer.objects.exclude(pk=tsm.pk)  # the site's own stand-in
    Consumer.objects.filter(pk__in=others).update(revoked_at=now)
    live = fragment(cast.hanako, "whitelist:entry-effect", entry)
    assert 'data-state="live"' in live
    assert "TSM-X" in live
    assert "から有効" in live
    assert "data-live=" not in live
    for page in (
        browser_of(cast.hanako).get(reverse("whitelist:application-detail", args=[published.public_id])),
        browser_of(cast.reiko).get(reverse("review:entry-detail", args=[entry.public_id])),
    ):
        assert "から有効" in page.content.decode()


def test_a_stop_is_awaited_then_in_a_version_then_confirmed(tsm, published, cast, now, commit):
    entry = published.live_entry
    acknowledged(tsm, now)
    assert entry_changes.newest(entry).kind is Change.ENTERED
    suspensions.suspend(entry, reason="incident", words="", by=cast.hanako, at=now)
    entry.refresh_from_db()
    assert entry_changes.is_awaited(entry, entry_changes.newest(entry))
    assert "60秒以内" in fragment(cast.reiko, "review:entry-effect", entry)
    with commit():
        register.ask_for_publication(entry.environment)
    change = entry_changes.newest(entry)
    assert (change.kind, change.version.number) == (Change.SUSPENDED, 2)
    assert not entry_changes.is_awaited(entry, change)
    acknowledged(tsm, now + timedelta(seconds=7))
    shown = fragment(cast.reiko, "review:entry-effect", entry)
    assert "から対象外" in shown
    assert "一覧から除外" in shown


def test_an_application_s_page_is_fetched_anew_once_the_list_carries_it(submitted, cast, now, keys, commit):
    approve(submitted, cast.reiko, now)
    approve(submitted, cast.renji, now)  # nothing is committed: the worker has not been asked yet
    awaited = fragment(cast.hanako, "whitelist:application-effect", submitted)
    assert 'data-stage="awaited"' in awaited
    assert "data-live=" in awaited
    with commit():
        register.ask_for_publication(environments.production())
    published = submitted
    listed = fragment(cast.hanako, "whitelist:application-effect", published)
    assert 'data-stage="listed"' in listed


def test_a_tsm_that_fell_silent_says_so(tsm, published, cast, now):
    entry = published.live_entry
    version = acknowledged(tsm, now)
    soon = effects.shown(version, at=now + timedelta(minutes=9))
    later = effects.shown(version, at=now + timedelta(minutes=11))
    told = [card["is_silent"] for shown in (soon, later) for card in shown["cards"] if card["name"] == "TSM-X"]
    assert told == [False, True]
    Consumer.objects.filter(pk=tsm.pk).update(seen_at=now - timedelta(minutes=11))
    page = fragment(cast.hanako, "whitelist:entry-effect", entry)
    assert "から応答がありません" in page
    assert "「登録なし」と答えること" in page


def test_who_is_late_is_asked_about_seldom(tsm, published, now):
    entry = published.live_entry
    soon = effects.of_entry(entry, at=now)
    late = effects.of_entry(entry, at=now + timedelta(minutes=6))
    assert (soon["every"], late["every"]) == (2_000, 15_000)


def test_before_the_approval_nothing_is_shown(submitted, cast):
    page = browser_of(cast.hanako).get(reverse("whitelist:application-detail", args=[submitted.public_id]))
    assert "effect" not in page.context
    address = reverse("whitelist:application-effect", args=[submitted.public_id])
    assert browser_of(cast.hanako).get(address).status_code == 404
