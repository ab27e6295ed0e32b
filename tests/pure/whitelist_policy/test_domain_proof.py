"""Proof of a domain: what can be proven, what answers mean, and how long is waited, believed and forgotten."""

from datetime import UTC, datetime, timedelta

import pytest

from whitelist.policy import domain_proof as policy
from whitelist.policy.domain_proof import Answers, Method, Seen, ServerAnswer, State

AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
WANTED = policy.wanted_value("k7Qd2mVt9xE")


@pytest.mark.parametrize(
    ("typed", "domain"),
    [
        ("bank.example.jp", "bank.example.jp"),
        (" Apply.Bank.Example.JP. ", "apply.bank.example.jp"),
        ("例え.jp", "xn--r8jz45g.jp"),
        ("city.kawasaki.jp", "city.kawasaki.jp"),
        ("www.city.kawasaki.jp", "www.city.kawasaki.jp"),
        ("co.jp", None),
        ("jp", None),
        ("kawasaki.jp", None),
        ("github.io", None),
        ("127.0.0.1", None),
        ("[::1]", None),
        ("2130706433", None),
        ("https://bank.example.jp", None),
        ("bank.example.jp/return", None),
        ("*.example.jp", None),
        ("bank example.jp", None),
        ("", None),
        ("a" * 64 + ".example.jp", None),
    ],
)
def test_what_can_be_proven(typed: str, domain: str | None) -> None:
    assert policy.domain_of(typed) == domain


def test_a_proof_covers_what_lies_below_it() -> None:
    assert policy.covering("apply.bank.example.jp") == ["apply.bank.example.jp", "bank.example.jp", "example.jp"]
    assert policy.covering("example.jp") == ["example.jp"]
    assert policy.covering("bank.example.co.jp") == ["bank.example.co.jp", "example.co.jp"]


def test_names_and_values() -> None:
    assert policy.asked("bank.example.jp", Method.DNS_TXT) == "_jpki-sp.bank.example.jp"
    assert policy.asked("bank.example.jp", Method.FILE) == "https://bank.example.jp/.well-known/jpki-portal-proof.txt"
    assert WANTED == "jpki-sp=v1;k7Qd2mVt9xE"


@pytest.mark.parametrize(
    ("found", "seen"),
    [
        ([WANTED], Seen.MATCH),
        ([f" {WANTED} "], Seen.MATCH),
        (["v=spf1 -all", WANTED], Seen.MATCH),
        (["jpki-sp=v1;Zp04"], Seen.OLD_VALUE),
        ([WANTED.upper()], Seen.OTHER_VALUE),
        ([WANTED + "x"], Seen.OLD_VALUE),
        (["v=spf1 -all"], Seen.OTHER_VALUE),
        ([], Seen.NO_RECORD),
    ],
)
def test_what_a_record_means(found: list[str], seen: Seen) -> None:
    assert policy.seen_in_record(found, WANTED) is seen


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        (WANTED.encode(), Seen.MATCH),
        (b"\xef\xbb\xbf" + WANTED.encode() + b"\r\n", Seen.MATCH),
        (b"# ours\n" + WANTED.encode(), Seen.MATCH),
        (b"<html>" + WANTED.encode() + b"</html>", Seen.OTHER_VALUE),
        (b"", Seen.NOT_FOUND),
        (b"\n \n", Seen.NOT_FOUND),
        (b"\xff\xfe", Seen.OTHER_VALUE),
    ],
)
def test_what_a_file_means(body: bytes, seen: Seen) -> None:
    assert policy.seen_in_file(body, WANTED) is seen


def answers(*seen: tuple[str, Seen]) -> Answers:
    made = Answers(
        "_jpki-sp.x.example.jp", WANTED, tuple(ServerAnswer(role, f"s{n}", s) for n, (role, s) in enumerate(seen))
    )
    assert policy.answers_from_json(made.as_json()) == made
    return made


A, R = "authority", "resolver"
GOOD = answers((A, Seen.MATCH), (R, Seen.MATCH))
GONE = answers((A, Seen.NO_NAME), (R, Seen.NO_NAME))
SILENT = answers((A, Seen.SILENT), (R, Seen.FAILED))


@pytest.mark.parametrize(
    ("made", "is_proof"),
    [
        (GOOD, True),
        (answers((A, Seen.MATCH), (A, Seen.SILENT), (R, Seen.MATCH), (R, Seen.FAILED)), True),
        (answers((A, Seen.MATCH), (A, Seen.OLD_VALUE), (R, Seen.MATCH)), False),
        (answers((A, Seen.MATCH), (R, Seen.MATCH), (R, Seen.CACHED_NO_NAME)), False),
        (answers((R, Seen.MATCH), (R, Seen.MATCH)), False),  # a resolver alone may be lied to
        (answers((A, Seen.MATCH)), False),
        (answers((A, Seen.SILENT), (R, Seen.MATCH)), False),
        (answers(("web", Seen.MATCH)), True),
        (answers(("web", Seen.REDIRECTED)), False),
        (answers(), False),
        (SILENT, False),
    ],
)
def test_what_proves(made: Answers, is_proof: bool) -> None:
    assert made.is_proof is is_proof


def judge(state: State, made: Answers, **changes: object) -> policy.Standing:
    known = {"tries": 1, "waited_until": AT + policy.WAITED_FOR, "missing_since": None, "at": AT, **changes}
    return policy.judge(state, made, **known)  # type: ignore[arg-type]


def test_waiting_goes_on_ever_more_slowly_until_fourteen_days_are_over() -> None:
    waits = [judge(State.WAITING, GONE, tries=n).wait for n in range(1, 12)]
    assert waits[0] == timedelta(seconds=20)
    assert waits == sorted(waits, key=lambda wait: wait or timedelta())
    assert waits[-1] == timedelta(hours=1)
    over = judge(State.WAITING, GONE, at=AT + timedelta(days=14))
    assert (over.state, over.wait) == (State.LAPSED, None)
    assert policy.WAITED_FOR == timedelta(days=14)


def test_a_proof_is_looked_at_daily_and_believed_for_a_while_when_gone() -> None:
    assert judge(State.WAITING, GOOD) == policy.Standing(State.PROVEN, None, timedelta(days=1))
    missing = judge(State.PROVEN, GONE)
    assert (missing.state, missing.missing_since) == (State.PROVEN, AT)
    later = judge(State.PROVEN, GONE, missing_since=AT, at=AT + timedelta(days=13))
    assert (later.state, later.missing_since) == (State.PROVEN, AT)
    assert judge(State.PROVEN, GONE, missing_since=AT, at=AT + timedelta(days=14)).state is State.LAPSED
    assert judge(State.PROVEN, GOOD, missing_since=AT).missing_since is None


def test_silence_takes_no_proof_away() -> None:
    after = judge(State.PROVEN, SILENT, at=AT + timedelta(days=400))
    assert (after.state, after.missing_since) == (State.PROVEN, None)
    assert judge(State.PROVEN, SILENT, missing_since=AT, at=AT + timedelta(days=400)).state is State.PROVEN


def test_a_lapsed_proof_is_not_looked_for() -> None:
    assert judge(State.LAPSED, GONE).wait is None
