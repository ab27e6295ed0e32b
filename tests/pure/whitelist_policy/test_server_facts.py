"""Facts of a probe go to JSON and back without loss, and what nobody answered is told apart from a no."""

from datetime import UTC, datetime

import pytest

from whitelist.policy import server_facts
from whitelist.policy.revision import canonical_json
from whitelist.policy.server_facts import (
    AddressAnswer,
    AppLinkFacts,
    DnsFacts,
    OpenRedirect,
    Outcome,
    Redirect,
    ServerFacts,
    TlsFacts,
    Trust,
    WebFacts,
)

AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)

FULL = ServerFacts(
    url="https://apply.bank.example.jp/jpki/return",
    host="apply.bank.example.jp",
    looked_at=AT,
    dns=DnsFacts(
        host="apply.bank.example.jp",
        outcome=Outcome.ANSWERED,
        addresses=("203.0.113.7",),
        ttl=60,
        answers=(
            AddressAnswer("authority", "ns1.example.jp", Outcome.ANSWERED, ("203.0.113.7",), 60),
            AddressAnswer("resolver", "192.0.2.53", Outcome.TIMEOUT),
        ),
        zone="example.jp",
        cname_chain=("edge.cloud.example.com",),
        caa=('0 issue "ca.example.net"',),
        caa_at="example.jp",
        is_signed=False,
    ),
    tls=TlsFacts(
        outcome=Outcome.ANSWERED,
        trust=Trust.TRUSTED,
        version="TLSv1.3",
        versions=("TLSv1.2", "TLSv1.3"),
        names=("apply.bank.example.jp",),
        name_matches=True,
        not_before=AT,
        not_after=AT,
        key="ec",
        key_bits=256,
        signature_hash="sha256",
        fingerprint="00" * 32,
    ),
    web=WebFacts(
        outcome=Outcome.ANSWERED,
        status=405,
        hsts="max-age=31536000",
        open_redirect=OpenRedirect.FOUND,
        redirects=(Redirect("next", "https://elsewhere.example/"),),
    ),
    app_links=(AppLinkFacts("android", "https://x.example/.well-known/assetlinks.json", Outcome.ANSWERED, 200),),
)
BARE = ServerFacts("https://x.example.jp/", "x.example.jp", AT, DnsFacts("x.example.jp", Outcome.NO_NAME))


@pytest.mark.parametrize("facts", [FULL, BARE], ids=["everything", "only a name that does not exist"])
def test_to_json_and_back(facts: ServerFacts) -> None:
    written = facts.as_json()
    assert server_facts.from_json(written) == facts
    assert canonical_json(written)  # fit to be hashed into a check report


def test_members_that_came_later_take_their_defaults() -> None:
    written = FULL.as_json()
    del written["dns"]["is_signed"], written["vantage"]
    read = server_facts.from_json({**written, "a member that went": 1})
    assert (read.dns.is_signed, read.vantage) == (None, "portal")


@pytest.mark.parametrize(
    "broken",
    [
        {"url": 1},
        {"looked_at": "yesterday"},
        {"dns": None},
        {"dns": {"outcome": "answered"}},
        {"dns": {"host": "x", "outcome": "perhaps"}},
        {"tls": {"outcome": "answered", "key_bits": True}},
        {"app_links": {}},
    ],
)
def test_what_does_not_fit_is_refused(broken: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        server_facts.from_json({**FULL.as_json(), **broken})


@pytest.mark.parametrize("outcome", list(Outcome))
def test_only_silence_is_inconclusive(outcome: Outcome) -> None:
    silent = {Outcome.TIMEOUT, Outcome.UNREACHABLE, Outcome.SERVER_FAILED}
    facts = ServerFacts("https://x.example.jp/", "x.example.jp", AT, DnsFacts("x.example.jp", outcome))
    assert facts.is_inconclusive == (outcome in silent)


def test_answers_that_differ() -> None:
    one = AddressAnswer("resolver", "a", Outcome.ANSWERED, ("203.0.113.1",))
    two = AddressAnswer("resolver", "b", Outcome.ANSWERED, ("203.0.113.2",))
    silent = AddressAnswer("resolver", "c", Outcome.TIMEOUT)
    assert DnsFacts("x", Outcome.ANSWERED, answers=(one, two)).answers_differ
    assert not DnsFacts("x", Outcome.ANSWERED, answers=(one, silent)).answers_differ
