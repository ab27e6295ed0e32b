"""The stand-in TSM takes every version that is published, says so, and takes nothing that was doctored."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from portal.environments.models import Environment
from testenv import stand_ins
from testenv.models import WhitelistReplica
from testenv.steps import following
from tests import cast
from whitelist import consumers, heads, lists, publication
from whitelist import services as whitelist

pytestmark = pytest.mark.django_db


@pytest.fixture
def commit(django_capture_on_commit_callbacks: Any) -> Any:
    return lambda: django_capture_on_commit_callbacks(execute=True)


def enter(sandbox: Environment, path: str, commit: Any) -> Any:
    with commit():
        return whitelist.enter_in_sandbox(
            sandbox, url=f"https://a.example.jp/{path}", purposes=["signature"], ways_in=["qr"], by=cast.hanako()
        )


def test_published_is_live_on_the_stand_in(sandbox: Environment, commit: Any) -> None:
    enter(sandbox, "one", commit)
    version = publication.current_version(sandbox)
    assert version is not None
    (effect,) = consumers.effects(version, at=timezone.now())
    assert (effect.consumer.name, effect.state, effect.held) == ("TSM-A", consumers.EffectState.LIVE, version.number)
    assert effect.at is not None
    assert effect.at - version.published_at < timedelta(seconds=60)


def test_it_goes_on_by_deltas(sandbox: Environment, commit: Any) -> None:
    for path in ("one", "two", "three"):
        enter(sandbox, path, commit)
    replica = WhitelistReplica.objects.get(environment=sandbox)
    version = publication.current_version(sandbox)
    assert version is not None
    assert replica.state is not None
    assert (replica.state["version"], replica.state["digest"]) == (version.number, version.digest)
    assert len(replica.state["entries"]) == version.entry_count
    assert [copy.name for copy in stand_ins.replicas(sandbox)] == ["TSM-A"]


def test_after_too_long_the_whole_list_comes_with_a_proof(
    sandbox: Environment, commit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(sandbox, "one", commit)
    monkeypatch.setattr(lists, "LONGEST_DELTA", 1)
    enter(sandbox, "two", commit)
    replica = WhitelistReplica.objects.get(environment=sandbox)
    version = publication.current_version(sandbox)
    assert version is not None
    assert replica.state is not None
    assert (replica.refusal, replica.state["version"]) == ("", version.number)


def test_a_copy_that_saw_another_history_refuses_and_keeps_what_it_has(sandbox: Environment, commit: Any) -> None:
    enter(sandbox, "one", commit)
    replica = WhitelistReplica.objects.get(environment=sandbox)
    assert replica.state is not None
    WhitelistReplica.objects.update(state={**replica.state, "tree_root": "ab" * 32})
    enter(sandbox, "two", commit)
    replica.refresh_from_db()
    assert replica.refusal == "copy.history_rewritten"
    assert replica.state["tree_root"] == "ab" * 32


def test_a_frozen_list_is_not_believed(sandbox: Environment, commit: Any) -> None:
    enter(sandbox, "one", commit)
    later = timezone.now() + heads.validity() + timedelta(seconds=1)
    keep = following.follow(sandbox, "TSM-A", at=later)
    assert keep is not None
    keep()
    assert WhitelistReplica.objects.get(environment=sandbox).refusal == "copy.ended"


def test_nothing_to_follow_before_the_first_version(db: None) -> None:
    from portal.environments import services as environments

    assert following.follow(environments.production(), "TSM-A", at=timezone.now()) is None
    assert stand_ins.names(environments.production()) == ("TSM-A", "TSM-B")
