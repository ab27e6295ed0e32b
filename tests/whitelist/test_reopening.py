"""Changing what is published: the same application again, while its entry stays on the list."""

import pytest
from django.urls import reverse

from tests.applications import proven
from tests.cast import browser_of
from tests.whitelist.conftest import URL, draft, fill
from whitelist import applications, drafts, reopening
from whitelist.models import Entry
from whitelist.refusals import Overtaken, Refused

CHANGED = URL + "/v2"


@pytest.fixture
def hanako(cast):
    return browser_of(cast.hanako)


def step(application, name):
    return reverse("whitelist:application-step", args=[application.public_id, name])


@pytest.fixture
def reopened(published, cast, now):
    proven(cast.bank, "bank.example.jp", by=cast.hanako, at=now)
    return reopening.reopen(published, by=cast.hanako)


def test_a_change_begins_from_what_is_published(reopened):
    assert reopened.state == "reopened"
    assert drafts.said(reopened.draft)["url"] == URL
    assert reopened.live_entry.state == "live"


def test_an_unchanged_change_is_not_sent(reopened, cast, now):
    assert [gap.code for gap in applications.gaps(reopened, at=now)] == ["application.nothing_changed"]
    with pytest.raises(Refused, match=r"application\.nothing_changed"):
        applications.submit(reopened, seen_version=reopened.version, by=cast.hanako, at=now)


def test_the_path_alone_goes_to_the_fast_lane_and_the_entry_stays(hanako, reopened, cast, now):
    fill(hanako, step(reopened, "server"), "server", url=CHANGED)
    summary = hanako.get(reverse("whitelist:application-submit", args=[reopened.public_id]))
    assert summary.context["missing"] == []
    assert summary.context["lane"]["code"] == "fast"
    assert [(change.before, change.after) for change in summary.context["changes"]] == [(URL, CHANGED)]
    reopened.refresh_from_db()
    revision = applications.submit(reopened, seen_version=reopened.version, by=cast.hanako, at=now)
    assert revision.content["changes_entry"] == reopened.live_entry.public_id
    assert [entry.url_text for entry in Entry.objects.listed()] == [URL]


def test_another_domain_is_looked_at_with_care(hanako, reopened):
    fill(hanako, step(reopened, "server"), "server", url="https://shop.example.com/return")
    summary = hanako.get(reverse("whitelist:application-submit", args=[reopened.public_id]))
    assert summary.context["lane"]["code"] == "careful"


@pytest.mark.parametrize("is_sent", [False, True])
def test_a_change_given_up_leaves_everything_as_it_was(hanako, reopened, cast, now, is_sent):
    before = reopened.live_entry.revision
    saved = applications.save_draft(reopened, content=draft(CHANGED), seen_version=reopened.version, by=cast.hanako)
    if is_sent:
        applications.submit(saved, seen_version=saved.version, by=cast.hanako, at=now)
    hanako.post(reverse("whitelist:application-withdraw", args=[reopened.public_id]))
    reopened.refresh_from_db()
    assert (reopened.state, reopened.current_revision) == ("published", before)
    assert [entry.url_text for entry in Entry.objects.listed()] == [URL]
    assert hanako.get(reverse("whitelist:application-detail", args=[reopened.public_id])).status_code == 200


def test_it_is_begun_from_the_list_and_only_once(hanako, published):
    address = reverse("whitelist:application-reopen", args=[published.public_id])
    assert address in hanako.get(reverse("whitelist:entry-list")).content.decode()
    assert hanako.post(address).url == hanako.post(address).url == step(published, "server")
    published.refresh_from_db()
    assert published.state == "reopened"
    assert "変更中" in hanako.get(reverse("whitelist:entry-list")).content.decode()


def test_what_is_not_published_cannot_be_reopened(submitted, cast):
    with pytest.raises(Overtaken):
        reopening.reopen(submitted, by=cast.hanako)


def test_an_entry_that_is_stopped_cannot_be_the_beginning(published, cast):
    Entry.objects.filter(pk=published.live_entry.pk).update(state="suspended")
    published.refresh_from_db()
    with pytest.raises(Refused, match=r"application\.entry_not_listed"):
        reopening.reopen(published, by=cast.hanako)


def test_who_begins_a_change_may_not_review_it(reopened, cast):
    assert cast.hanako in reopened.editors.all()
