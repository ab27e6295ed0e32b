"""TSMs: entered by two, they fetch, acknowledge and count; and what was said where is told truly."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from portal.audit import services as audit
from portal.environments import services as environments
from tests import cast as everybody
from tests.whitelist.conftest import URL
from whitelist import consumers, impact, matches, publication
from whitelist.consumers import EffectState
from whitelist.models import Acknowledgement, Consumer, Entry, MatchCount
from whitelist.refusals import Refused

LIST, ACKNOWLEDGE, MATCHES = (f"/api/v1/tsm/{name}" for name in ("list", "acknowledgements", "matches"))


@pytest.fixture
def second_operator(db):
    return everybody.person("Otto", role="operator")


@pytest.fixture
def tsm(published, cast, second_operator, now):
    """TSM-X in production, entered and confirmed, and a client that holds its key."""
    consumers._principals.clear()
    consumer, key = consumers.enter(environments.production(), name="TSM-X", by=cast.osamu, at=now)
    consumers.confirm(consumer, by=second_operator, at=now)
    return consumer, Client(headers={"Authorization": f"Bearer {key}", "Accept-Language": "en"})


def told(version, /, **changes):
    facts = {"version": version.number, "tree_size": version.tree_size, "root": version.tree_root}
    return facts | {"at": "2026-01-01T00:00:00Z"} | changes


def post(client, path, body):
    return client.post(path, body, content_type="application/json")


def effect(version, name, at):
    return next(effect for effect in consumers.effects(version, at=at) if effect.consumer.name == name)


def test_a_key_works_only_after_a_second_operator_s_word(published, cast, second_operator, now):
    consumer, key = consumers.enter(environments.production(), name="TSM-X", by=cast.osamu, at=now)
    client = Client(headers={"Authorization": f"Bearer {key}"})
    assert key.startswith("tsm_live_")
    assert client.get(LIST).json()["code"] == "consumer_key.unconfirmed"
    with pytest.raises(Refused, match="confirmed_by_same"):
        consumers.confirm(consumer, by=cast.osamu, at=now)
    consumers.confirm(consumer, by=second_operator, at=now)
    assert client.get(LIST).status_code == 200
    with pytest.raises(Refused, match="not_waiting"):
        consumers.confirm(consumer, by=second_operator, at=now)
    assert [event.action for event in audit.history(consumer)] == ["consumer.entered", "consumer.confirmed"]


def test_the_database_wants_two_people_as_well(tsm, cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        Consumer.objects.filter(pk=tsm[0].pk).update(confirmed_by=cast.osamu)


def test_a_name_is_given_once(tsm, cast, now):
    with pytest.raises(Refused, match="name_taken"):
        consumers.enter(environments.production(), name="TSM-X", by=cast.osamu, at=now)


def test_a_revoked_key_opens_nothing(tsm, cast, now):
    consumer, client = tsm
    assert client.get(LIST).status_code == 200
    assert consumers.revoke(consumer, by=cast.osamu, at=now)
    assert not consumers.revoke(consumer, by=cast.osamu, at=now)
    assert client.get(LIST).json()["code"] == "consumer_key.revoked"


def test_each_kind_of_key_opens_its_own_doors(tsm, cast, sandbox):
    from portal.providers import services as providers

    _, client = tsm
    assert client.get("/api/v1/whitelist/lookup?url=x").status_code == 401
    _, key = providers.issue_client(cast.bank, environment=sandbox, name="server", by=cast.hanako)
    assert Client(headers={"Authorization": f"Bearer {key}"}).get(LIST).json()["code"] == "consumer_key.unknown"


def test_it_fetches_the_list_of_its_environment(tsm):
    _, client = tsm
    answer = client.get(LIST)
    assert [entry["url"] for entry in answer.json()["entries"]] == [URL]
    assert client.get(LIST, headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_an_acknowledgement_puts_the_version_in_effect(tsm, now):
    consumer, client = tsm
    version = publication.current_version(environments.production())
    assert effect(version, "TSM-X", now).state is EffectState.WAITING
    answer = post(client, ACKNOWLEDGE, told(version))
    assert answer.json() == {"version": 1, "is_published_tree": True}
    live = effect(version, "TSM-X", now)
    assert (live.state, live.at.isoformat(), live.held) == (EffectState.LIVE, "2026-01-01T00:00:00+00:00", 1)
    assert post(client, ACKNOWLEDGE, told(version, at="2026-01-02T00:00:00Z")).status_code == 200
    assert Acknowledgement.objects.filter(consumer=consumer).count() == 1


def test_who_says_nothing_for_five_minutes_is_late(tsm):
    version = publication.current_version(environments.production())
    at = version.published_at
    assert effect(version, "TSM-X", at + timedelta(minutes=5)).state is EffectState.WAITING
    assert effect(version, "TSM-X", at + timedelta(minutes=5, seconds=1)).state is EffectState.LATE


def test_another_tree_is_an_alarm(tsm, now):
    consumer, client = tsm
    version = publication.current_version(environments.production())
    answer = post(client, ACKNOWLEDGE, told(version, root="ab" * 32))
    assert answer.json()["is_published_tree"] is False
    assert effect(version, "TSM-X", now).state is EffectState.WRONG
    event = audit.history(consumer).last()
    assert (event.action, event.details["root"]) == ("consumer.saw_another_tree", "ab" * 32)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"version": 99}, "field.no_such_version"),
        ({"version": "1"}, "field.number"),
        ({"version": True}, "field.number"),
        ({"tree_size": 0}, "field.number"),
        ({"tree_size": 2**40}, "field.number"),
        ({"root": "AB" * 32}, "field.hash"),
        ({"at": "yesterday"}, "field.moment"),
        ({"at": "2999-01-01T00:00:00Z"}, "field.future"),
        ({"more": 1}, "field.unknown"),
    ],
)
def test_wrong_words_are_named(tsm, changes, code):
    version = publication.current_version(environments.production())
    answer = post(tsm[1], ACKNOWLEDGE, told(version, **changes))
    assert answer.status_code == 422
    assert code in {error["code"] for error in answer.json()["errors"]}


def test_counts_of_an_hour_may_come_again_and_only_grow(tsm, now):
    consumer, client = tsm
    entry = Entry.objects.get()
    hour = matches.hour_of(now).strftime("%Y-%m-%dT%H:%M:%SZ")
    for count in (3, 7, 5):
        answer = post(client, MATCHES, {"hour": hour, "counts": {entry.public_id: count}})
        assert answer.json() == {"hour": hour, "entries": 1}
    assert MatchCount.objects.get(consumer=consumer).count == 7
    found = impact.of(entry, at=now)
    assert (found.last_match_at, [count for _, count in found.days]) == (matches.hour_of(now), [7, 0, 0, 0, 0, 0, 0])


def test_the_figure_names_its_source_and_its_silence(tsm, now):
    entry = Entry.objects.get()
    silent = {source.name: source for source in impact.of(entry, at=now).sources}
    assert (silent["TSM-X"].told_at, silent["TSM-X"].is_silent) == (None, True)
    matches.record(tsm[0], hour=now, counts={entry.public_id: 1}, at=now)
    told_now = {source.name: source.is_silent for source in impact.of(entry, at=now).sources}
    assert told_now["TSM-X"] is False
    later = {source.name: source.is_silent for source in impact.of(entry, at=now + timedelta(hours=3)).sources}
    assert later["TSM-X"] is True


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"hour": "2026-01-01T00:30:00Z", "counts": {}}, "field.whole_hour"),
        ({"hour": "2026-01-01T00:00:00Z", "counts": {"E-99999": 1}}, "field.no_such_entry"),
        ({"hour": "2026-01-01T00:00:00Z", "counts": {"E-00001": -1}}, "field.counts"),
        ({"hour": "2026-01-01T00:00:00Z", "counts": {"E\x00": 1}}, "field.counts"),
        ({"hour": "2026-01-01T00:00:00Z", "counts": [1]}, "field.counts"),
        ({"hour": 5, "counts": {}}, "field.moment"),
    ],
)
def test_wrong_counts_are_named_and_nothing_is_kept(tsm, body, code):
    answer = post(tsm[1], MATCHES, body)
    assert answer.status_code == 422
    assert code in {error["code"] for error in answer.json()["errors"]}
    assert MatchCount.objects.count() == 0


def test_the_record_of_versions_tells_how_many_run_each(tsm, now):
    consumer, _ = tsm
    version = publication.current_version(environments.production())
    before = consumers.acknowledged([version])[1]
    consumers.acknowledge(consumer, number=1, tree_size=version.tree_size, root=version.tree_root, since=now, at=now)
    assert consumers.acknowledged([version])[1] == (before[0] + 1, before[1])
