"""The walk in lanes reads what the library reads, refuses what the plain walk refuses, and guesses nothing."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.pure.pki import long_lists
from tests.pure.pki.forge import an_authority
from verifier.pki import crl, crl_walk, crl_wide_walk, der
from verifier.pki.errors import MalformedCrl, MalformedInput
from verifier.pki.reasons import RevocationReason

CA = an_authority("sign-1")
EMPTY = CA.crl()
FLAGS = {flag: RevocationReason[flag.name.upper()] for flag in x509.ReasonFlags if flag.name != "remove_from_crl"}


@pytest.fixture(autouse=True, scope="module", params=[0, 1 << 40], ids=["in lanes", "one by one"])
def short_lanes(request: pytest.FixtureRequest) -> Iterator[None]:
    """Lanes so short that a list of some hundred entries has many, and every list is long enough for them; then the
    same without lanes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(crl_walk, "WIDE_FROM_BYTES", 0)
        patch.setattr(crl_wide_walk, "_FEW_OCTETS", request.param)
        patch.setattr(crl_wide_walk, "_SHORTEST_LANE", 300)
        patch.setattr(crl_wide_walk, "_LONGEST_LANE", 300)
        patch.setattr(crl_wide_walk, "_LANES", 5)
        yield


def signed(*entries: bytes) -> bytes:
    def sign(tbs: bytes) -> bytes:
        return CA.key.sign(tbs, padding.PKCS1v15(), hashes.SHA256())

    return long_lists.around(EMPTY, b"".join(entries), sign)


def parse_plainly(data: bytes) -> crl.Crl:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(crl_walk, "WIDE_FROM_BYTES", len(data))
        return crl.parse(data)


def time_of(moment: datetime) -> bytes:
    """UTCTime until 2049, GeneralizedTime from 2050 (RFC 5280 section 5.1.2.6)."""
    text = moment.strftime("%Y%m%d%H%M%SZ").rjust(15, "0").encode()
    short = 1950 <= moment.year < 2050
    return der.encode(der.UTC_TIME, text[2:]) if short else der.encode(der.GENERALIZED_TIME, text)


def entry(serial: int, moment: datetime, block: bytes = b"") -> bytes:
    number = serial.to_bytes(serial.bit_length() // 8 + 1, "big")
    return der.encode(der.SEQUENCE, der.encode(der.INTEGER, number) + time_of(moment) + block)


def extension(content: bytes) -> bytes:
    return der.encode(der.SEQUENCE, content)


REASONED = {reason: extension(long_lists.REASON[2:] + bytes((reason,))) for reason in (0, 1, 2, 3, 4, 5, 6, 9, 10)}
INVALIDITY = bytes.fromhex("3018") + bytes.fromhex("0603551d180411180f") + b"20260101000000Z"
BLOCKS = [b"", *REASONED.values(), extension(REASONED[1][2:] + INVALIDITY), extension(INVALIDITY)]

serials = st.one_of(
    st.integers(1, 300),
    st.integers(0x01000000, 0x7FFFFFFF),
    *(st.integers(1 << 8 * size - 1, (1 << 8 * size) - 1) for size in (7, 8, 9, 12, 15, 16, 17, 19)),
    st.integers(1 << 151, (1 << 159) - 1),
)
moments = st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31)).map(
    lambda each: each.replace(microsecond=0, tzinfo=UTC)
)
usual_moments = st.integers(0, 10**8).map(lambda each: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=each))


@given(
    rows=st.lists(
        st.tuples(serials, usual_moments | moments, st.sampled_from(BLOCKS)),
        min_size=1,
        max_size=200,
        unique_by=lambda row: row[0],
    )
)
@settings(max_examples=60, deadline=None)
def test_the_walk_agrees_with_the_library_on_every_entry(rows: list[tuple[int, datetime, bytes]]) -> None:
    data = signed(*(entry(*row) for row in rows))
    parsed = crl.parse(data)
    plain = crl_walk.plain_columns(b"".join(entry(*row) for row in rows))

    library = {}
    for found in x509.load_der_x509_crl(data):
        reasons = [each.value.reason for each in found.extensions if isinstance(each.value, x509.CRLReason)]
        library[found.serial_number] = (
            FLAGS[reasons[0]] if reasons else RevocationReason.UNSPECIFIED,
            found.revocation_date_utc,
        )
    assert {each.serial: (each.reason, each.revoked_at) for each in parsed.entries()} == library
    assert list(parsed.columns.rows()) == list(plain.rows())
    for serial, told in library.items():
        found_entry = parsed.lookup(serial)
        assert found_entry is not None
        assert (found_entry.reason, found_entry.revoked_at) == told


def test_the_lanes_are_really_walked() -> None:
    rows = long_lists.rows(long_lists.serials(4000, 20))
    data = signed(rows.tobytes())
    view = memoryview(data)
    start = data.index(rows[:2].tobytes())
    found = crl_wide_walk.columns(view, start, start + rows.nbytes)

    assert found is not None
    assert list(found.rows()) == list(crl_walk.plain_columns(rows.tobytes()).rows())


@pytest.mark.parametrize("octets", [4, 8, 9, 16, 20])
def test_long_lists_of_one_kind_read_the_same_both_ways(octets: int) -> None:
    rows = long_lists.rows(long_lists.serials(3000, octets))
    assert list(crl.parse(signed(rows.tobytes())).columns.rows()) == list(crl_walk.plain_columns(rows.tobytes()).rows())


def test_octets_that_look_like_entries_do_not_mislead_it() -> None:
    """Serials made of what an entry begins with: a guess that is wrong is noticed."""
    bait = int.from_bytes(bytes.fromhex("301102011730110201173011020117301102011730")[:20], "big")
    at = datetime(2026, 1, 1, tzinfo=UTC)
    entries = [entry(bait + number, at, REASONED[number % 7]) for number in range(400)]
    random.Random(4).shuffle(entries)

    parsed = crl.parse(signed(*entries))
    assert sorted(each.serial for each in parsed.entries()) == [bait + number for number in range(400)]


def test_serials_alike_in_their_low_half_are_found_by_the_other() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    numbers = [high << 64 | 5 for high in range(1, 500)]
    parsed = crl.parse(signed(*(entry(number, at) for number in reversed(numbers))))
    for number in numbers:
        found = parsed.lookup(number)
        assert found is not None
        assert found.serial == number
    assert parsed.lookup(5) is None
    assert parsed.lookup(500 << 64 | 5) is None
    assert parsed.lookup(7 << 64 | 6) is None


def test_a_serial_named_twice_among_many_is_found_at_its_final_reason() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    others = [entry(number, at, REASONED[1]) for number in range(100, 600)]
    for first, second in ((6, 4), (4, 6)):
        twice = [entry(7, at, REASONED[first]), *others, entry(7, at, REASONED[second])]
        found = crl.parse(signed(*twice)).lookup(7)
        assert found is not None
        assert found.reason is RevocationReason.SUPERSEDED


AT = datetime(2026, 1, 1, tzinfo=UTC)
GOOD = [entry(number, AT, REASONED[number % 7]) for number in range(1000, 1400)]
ODD = {
    "an impossible day": entry(5, AT).replace(b"260101", b"260231"),
    "an impossible month": entry(5, AT).replace(b"260101", b"261301"),
    "month nought": entry(5, AT).replace(b"260101", b"260001"),
    "an impossible hour": entry(5, AT).replace(b"000000Z", b"240000Z"),
    "an impossible second": entry(5, AT).replace(b"000000Z", b"000060Z"),
    "a letter in a time": entry(5, AT).replace(b"260101", b"26O101"),
    "a sign below nought": entry(5, AT).replace(b"260101", b"26/101"),
    "a colon in a time": entry(5, AT).replace(b"260101", b"26:101"),
    "a zone": entry(5, AT).replace(b"000000Z", b"000000A"),
    "year nought": entry(5, datetime(2051, 1, 1, tzinfo=UTC)).replace(b"2051", b"0000"),
    "a negative serial": der.encode(der.SEQUENCE, b"\x02\x01\x85" + time_of(AT)),
    "an empty serial": der.encode(der.SEQUENCE, b"\x02\x00" + time_of(AT) + REASONED[1]),
    "a serial of 21 octets": entry(1 << 160, AT),
    "no serial": der.encode(der.SEQUENCE, b"\x04\x01\x05" + time_of(AT)),
    "no time": der.encode(der.SEQUENCE, b"\x02\x01\x05" + REASONED[1] + REASONED[1]),
    "a set": b"\x31" + entry(5, AT)[1:],
    "a reason only deltas have": entry(5, AT, REASONED[1][:-1] + b"\x08"),
    "a reason nobody has": entry(5, AT, REASONED[1][:-1] + b"\x07"),
    "the same extension twice": entry(5, AT, extension(REASONED[1][2:] * 2)),
    "no extension": entry(5, AT, b"\x30\x00"),
    "octets behind the extensions": entry(5, AT, REASONED[1] + b"\x05\x00"),
    "an unknown critical extension": entry(5, AT, extension(bytes.fromhex("300a0603551d630101ff0400"))),
    "another issuer": entry(5, AT, extension(bytes.fromhex("300c0603551d1d0101ff04023000"))),
    "too short": b"\x30\x03\x02\x01\x05",
}


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("place", [0, 200, 400])
def test_what_the_plain_walk_refuses_is_refused_here_by_the_same_name(name: str, place: int) -> None:
    entries = b"".join([*GOOD[:place], ODD[name], *GOOD[place:]])
    with pytest.raises(MalformedInput) as expected:
        parse_plainly(signed(entries))
    with pytest.raises(MalformedInput) as caught:
        crl.parse(signed(entries))
    assert (caught.value.code, caught.value.detail) == (expected.value.code, expected.value.detail)


def test_an_entry_with_a_long_length_is_left_to_the_plain_walk() -> None:
    unknown = extension(bytes.fromhex("3081890603551d63048181") + bytes(0x81))
    parsed = crl.parse(signed(*GOOD, entry(5, AT, unknown)))
    assert parsed.lookup(5) is not None
    assert len(parsed) == len(GOOD) + 1


def test_an_entry_that_runs_over_the_end_is_malformed() -> None:
    cut = entry(5, AT)
    with pytest.raises(MalformedCrl):
        crl.parse(signed(*GOOD, cut[:-1]))
    with pytest.raises(MalformedCrl):
        crl.parse(signed(*GOOD, cut[:1] + bytes((cut[1] + 100,)) + cut[2:]))


@given(position=st.integers(0, 799), octet=st.integers(0, 255))
@example(position=635, octet=237)  # a serial named twice, with two final reasons
@settings(max_examples=300, deadline=None)
def test_a_changed_octet_is_read_alike_by_both_walks(position: int, octet: int) -> None:
    entries = b"".join(GOOD[:40])
    entries = entries[:position] + bytes((octet,)) + entries[position + 1 :]
    data = signed(entries)
    try:
        plain = list(parse_plainly(data).columns.rows())
    except MalformedInput:
        with pytest.raises(MalformedInput):
            crl.parse(data)
        return
    assert list(crl.parse(data).columns.rows()) == plain


def test_numbers_made_here_are_different_and_in_no_order() -> None:
    made = [bytes(row) for row in long_lists.serials(1000, 4)]
    assert len(set(made)) == 1000
    assert made != sorted(made)
    assert np.array_equal(long_lists.serials(9, 20), long_lists.serials(9, 20))
