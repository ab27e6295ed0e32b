import pytest
from django.utils import timezone

from portal.audit import services as audit
from portal.environments import services as environments
from whitelist import publication, services
from whitelist.models import Entry
from whitelist.refusals import Refused, UrlRefused

LOCAL = "http://localhost:8002/return"


def enter(environment, by, url=LOCAL):
    return services.enter_in_sandbox(environment, url=url, purposes=["signature"], ways_in=["qr"], by=by)


def test_an_entry_is_live_at_once(sandbox, cast):
    entry = enter(sandbox, cast.hanako)
    found = services.lookup(sandbox, LOCAL.encode())
    assert found.entry.public_id == entry.public_id
    assert found.list_version == 0


def test_its_list_version_follows_by_a_worker(sandbox, cast, commit):
    with commit():
        entry = enter(sandbox, cast.hanako)
    version = publication.current_version(sandbox)
    assert (version.number, version.added, version.entry_count) == (1, [entry.public_id], 1)


def test_a_blocked_url_is_refused_with_all_findings(sandbox, cast):
    with pytest.raises(UrlRefused) as refused:
        enter(sandbox, cast.hanako, "https://user@example.jp/a#b")
    codes = {f.code for f in refused.value.report.findings if f.severity == "block"}
    assert codes == {"url.userinfo", "url.fragment"}
    assert Entry.objects.count() == 0


def test_the_same_url_twice_is_one_entry(sandbox, cast):
    assert enter(sandbox, cast.hanako) == enter(sandbox, cast.taro)


def test_a_removed_entry_is_no_longer_found_and_may_come_again(sandbox, cast, commit):
    with commit():
        entry = enter(sandbox, cast.hanako)
    with commit():
        assert services.remove_from_sandbox(entry, by=cast.hanako, at=timezone.now())
    assert not services.remove_from_sandbox(entry, by=cast.hanako, at=timezone.now())
    assert services.lookup(sandbox, LOCAL.encode()).entry is None
    assert publication.current_version(sandbox).removed == [entry.public_id]
    assert enter(sandbox, cast.hanako) != entry
    assert [event.action for event in audit.history(entry)] == ["entry.entered", "entry.removed"]


def test_production_is_not_entered_this_way(cast):
    with pytest.raises(Refused, match=r"entry\.only_in_sandbox"):
        enter(environments.production(), cast.hanako, "https://bank.example.jp/r")


def test_one_sandbox_does_not_see_another(sandbox, cast):
    enter(sandbox, cast.hanako)
    others, _ = environments.request_sandbox(cast.other)
    assert services.lookup(others, LOCAL.encode()).entry is None
    assert services.explain(others, LOCAL.encode(), provider=cast.other).near == ()


@pytest.mark.parametrize("asked", [b"http://localhost:8002/Return", b"http://LOCALHOST:8002/return", b"", b"\xff"])
def test_lookup_compares_bytes(sandbox, cast, asked):
    enter(sandbox, cast.hanako)
    assert services.lookup(sandbox, asked).entry is None


def test_explain_names_the_first_byte_that_differs(sandbox, cast):
    entry = enter(sandbox, cast.hanako)
    explanation = services.explain(sandbox, b"http://localhost:8002/return/", provider=cast.bank)
    near = explanation.near[0]
    assert (explanation.match, near.entry.public_id) == (None, entry.public_id)
    assert near.candidate.differences[0].position == len(LOCAL) + 1
