"""The events between two lists, against a plain comparison of dictionaries."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pure.pki.test_wide_walk import REASONED, entry
from verifier.pki import crl_walk
from verifier.pki.crl_changes import Change, StatusChange, changes
from verifier.pki.crl_columns import Columns
from verifier.pki.reasons import RevocationReason

AT = datetime(2026, 1, 1, tzinfo=UTC)
short = st.integers(1, 40)
long = st.integers(1, 3).flatmap(lambda high: st.integers(1, 20).map(lambda low: high << 64 | low))
lists = st.dictionaries(short, st.sampled_from(sorted(REASONED)), max_size=30) | st.dictionaries(
    short | long | long.map(lambda serial: serial << 90), st.sampled_from(sorted(REASONED)), max_size=40
)


def columns(entries: dict[int, int]) -> Columns:
    return crl_walk.plain_columns(b"".join(entry(serial, AT, REASONED[each]) for serial, each in entries.items()))


def plainly(before: dict[int, int], after: dict[int, int]) -> set[StatusChange]:
    found = set()
    for serial in before.keys() | after.keys():
        was, now = before.get(serial), after.get(serial)
        if was == now:
            continue
        change = Change.NEW if was is None else Change.REMOVED if now is None else Change.REASON_CHANGED
        reasons = [None if each is None else RevocationReason(each) for each in (was, now)]
        found.add(StatusChange(serial, change, *reasons, AT))
    return found


@given(before=lists, after=lists)
@settings(max_examples=200, deadline=None)
def test_every_difference_is_told_once(before: dict[int, int], after: dict[int, int]) -> None:
    told = list(changes(columns(before), columns(after)))
    assert set(told) == plainly(before, after)
    assert len(told) == len(plainly(before, after))


def test_a_lifted_hold_and_a_hold_made_final() -> None:
    told = list(changes(columns({1: 6, 2: 6, 3: 4}), columns({2: 1, 3: 4, 9: 6})))
    assert [(each.serial, each.change, each.before, each.after) for each in told] == [
        (9, Change.NEW, None, RevocationReason.CERTIFICATE_HOLD),
        (1, Change.REMOVED, RevocationReason.CERTIFICATE_HOLD, None),
        (2, Change.REASON_CHANGED, RevocationReason.CERTIFICATE_HOLD, RevocationReason.KEY_COMPROMISE),
    ]


def test_a_serial_named_twice_counts_with_its_final_reason() -> None:
    hold, gone = entry(7, AT, REASONED[6]), entry(7, AT, REASONED[4])
    both = crl_walk.plain_columns(hold + gone)
    assert list(changes(columns({7: 4}), both)) == []
    assert [each.change for each in changes(columns({7: 6}), both)] == [Change.REASON_CHANGED]
