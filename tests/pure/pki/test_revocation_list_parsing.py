"""What a list must be before it is used, and that the fast walk reads what the library reads."""

from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pure.pki.forge import DAY, NOW, an_authority, idp_for, long_crl, reforged_crl, unknown_extension
from verifier.pki import crl
from verifier.pki.errors import MalformedCrl, MalformedInput, RefusedCrl
from verifier.pki.reasons import RevocationReason

CA = an_authority("sign-1")
WHEN = datetime(2026, 11, 30, tzinfo=UTC)


def test_a_list_is_read_whole() -> None:
    parsed = crl.parse(CA.crl([(5, x509.ReasonFlags.superseded), (3, None), (9, x509.ReasonFlags.certificate_hold)]))

    assert (parsed.number, parsed.this_update, parsed.next_update) == (7, NOW - DAY / 2, NOW + DAY / 2)
    assert parsed.dp_key == CA.dp_key()
    assert parsed.authority_key_id == CA.anchor.key_id
    assert [(entry.serial, entry.reason, entry.revoked_at) for entry in parsed.entries()] == [
        (3, RevocationReason.UNSPECIFIED, NOW - DAY),
        (5, RevocationReason.SUPERSEDED, NOW - DAY),
        (9, RevocationReason.CERTIFICATE_HOLD, NOW - DAY),
    ]
    assert parsed.lookup(4) is None


def test_an_empty_list_is_a_list() -> None:
    parsed = crl.parse(CA.crl())
    assert len(parsed) == 0
    assert parsed.lookup(1) is None


@given(
    serials=st.lists(st.integers(1, (1 << 159) - 1) | st.integers(1, 300), unique=True, max_size=40),
    reason=st.sampled_from([None, 0, 1, 3, 6]),
)
@settings(max_examples=25, deadline=None)
def test_the_walk_agrees_with_the_library(serials: list[int], reason: int | None) -> None:
    data = long_crl(CA, serials, reason=reason)
    parsed = crl.parse(data)

    library = {entry.serial_number: entry for entry in x509.load_der_x509_crl(data)}
    assert {entry.serial: entry.revoked_at for entry in parsed.entries()} == {
        serial: entry.revocation_date_utc for serial, entry in library.items()
    }
    for serial in serials:
        found = parsed.lookup(serial)
        assert found is not None
        assert found.reason == (reason or 0)


def test_a_long_list_finds_every_serial_and_no_other() -> None:
    serials = range(3, 60_000, 3)
    evidence = CA.evidence(long_crl(CA, reversed(serials)))

    assert len(evidence.crl) == len(serials)
    for serial in (3, 4, 5, 29_997, 29_998, 59_997, 60_000, 1 << 158):
        found = evidence.crl.lookup(serial)
        assert (found is not None) == (serial in serials)


def test_a_serial_named_twice_is_found_at_its_final_reason() -> None:
    hold, gone = x509.ReasonFlags.certificate_hold, x509.ReasonFlags.key_compromise
    for entries in ([(4, hold), (4, gone)], [(4, gone), (4, hold)]):
        found = crl.parse(CA.crl(entries)).lookup(4)
        assert found is not None
        assert found.reason is RevocationReason.KEY_COMPROMISE


def test_generalized_time_is_read() -> None:
    far = datetime(2051, 1, 2, 3, 4, 5, tzinfo=UTC)
    found = crl.parse(CA.crl([(4, None)], revoked_at=far)).lookup(4)
    assert found is not None
    assert found.revoked_at == far


REFUSED = {
    "unknown critical extension": ("crl.unknown_critical_extension", {"extra": ((unknown_extension(), True),)}),
    "unknown critical extension in an entry": (
        "crl.unknown_critical_extension",
        {"entries": [(4, None)], "entry_extra": ((unknown_extension(), True),)},
    ),
    "delta list": ("crl.delta", {"extra": ((x509.DeltaCRLIndicator(3), True),)}),
    "indirect list": ("crl.indirect", {"idp": idp_for(CA.dp_name(), indirect_crl=True)}),
    "entry of another issuer": (
        "crl.indirect",
        {"entries": [(4, None)], "entry_extra": ((x509.CertificateIssuer([x509.DirectoryName(CA.dp_name())]), True),)},
    ),
    "CA certificates only": ("crl.unsupported_scope", {"idp": idp_for(CA.dp_name(), only_contains_ca_certs=True)}),
    "some reasons only": (
        "crl.unsupported_scope",
        {"idp": idp_for(CA.dp_name(), only_some_reasons=frozenset({x509.ReasonFlags.key_compromise}))},
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_lists_of_other_kinds_are_refused_by_name(name: str) -> None:
    code, changes = REFUSED[name]
    with pytest.raises(RefusedCrl) as caught:
        crl.parse(CA.crl(**changes))  # type: ignore[arg-type]
    assert caught.value.code == code


def test_extensions_that_are_unknown_but_not_critical_do_no_harm() -> None:
    data = CA.crl([(4, None)], extra=((unknown_extension(), False),), entry_extra=((unknown_extension(), False),))
    assert crl.parse(data).lookup(4) is not None


def without_next_update(tbs: object) -> None:
    del tbs["next_update"]  # type: ignore[attr-defined]


def negative_serial(tbs: object) -> None:
    tbs["revoked_certificates"][0]["user_certificate"] = -4  # type: ignore[index]


def forty_byte_serial(tbs: object) -> None:
    tbs["revoked_certificates"][0]["user_certificate"] = 1 << 318  # type: ignore[index]


def remove_from_crl(tbs: object) -> None:
    tbs["revoked_certificates"][0]["crl_entry_extensions"][0]["extn_value"] = "remove_from_crl"  # type: ignore[index]


def repeated_number(tbs: object) -> None:
    tbs["crl_extensions"].append(tbs["crl_extensions"][0].copy())  # type: ignore[index]


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        (without_next_update, "next_update"),
        (negative_serial, "serial"),
        (forty_byte_serial, "serial"),
        (remove_from_crl, "reason"),
        (repeated_number, "repeated_extension"),
    ],
)
def test_lists_no_builder_makes_are_malformed(change: object, detail: str) -> None:
    data = reforged_crl(CA.crl([(4, x509.ReasonFlags.superseded)]), "sign-1", change)  # type: ignore[arg-type]
    with pytest.raises(MalformedCrl) as caught:
        crl.parse(data)
    assert (caught.value.code, caught.value.detail) == ("crl.malformed", detail)


def test_bytes_that_are_no_list_are_malformed() -> None:
    good = CA.crl([(4, None)])
    for data, detail in (
        (b"", "not_der"),
        (good[:-1], "not_der"),
        (good + b"\x00", "trailing_bytes"),
        (CA.certificate_der, "version"),
    ):
        with pytest.raises(MalformedCrl) as caught:
            crl.parse(data)
        assert caught.value.detail == detail
    with pytest.raises(MalformedCrl) as caught:
        crl.parse(good, max_bytes=100)
    assert caught.value.detail == "too_large"


GOOD = CA.crl([(4, x509.ReasonFlags.superseded), (1 << 100, None)])


@given(position=st.integers(0, len(GOOD) - 1), octet=st.integers(0, 255), cut=st.booleans())
@settings(max_examples=400, deadline=None)
def test_any_change_of_bytes_is_a_list_or_a_named_refusal(position: int, octet: int, cut: bool) -> None:
    data = GOOD[:position] + bytes((octet,)) + (b"" if cut else GOOD[position + 1 :])
    try:
        parsed = crl.parse(data)
    except MalformedInput as error:
        refusal = error
    else:
        assert len(parsed) <= 2
        return
    assert refusal.code.startswith("crl.")


def test_the_parser_takes_what_pem_tools_write() -> None:
    data = x509.load_pem_x509_crl(x509.load_der_x509_crl(GOOD).public_bytes(Encoding.PEM)).public_bytes(Encoding.DER)
    assert crl.parse(data) == crl.parse(GOOD)
