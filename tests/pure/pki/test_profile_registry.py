"""The registry of kinds, pinned by literals, and the page that explains it."""

import re
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from verifier.pki import kind_data
from verifier.pki.algorithms import ALGORITHMS, algorithm_of
from verifier.pki.ocsp_settings import OCSP_PROFILES, profile_for
from verifier.pki.profiles import (
    KINDS,
    KINDS_VERSION,
    Medium,
    Purpose,
    World,
    ca_name,
    crl_dp_name,
    kind,
    kind_for_policy,
)

PAGE = Path(__file__).parents[3] / "docs" / "profiles.md"
VECTORS = Path(__file__).parents[2] / "vectors" / "keys"
SANDBOX = "2.25.198132220097252083107637694572716083166.1"


@pytest.mark.parametrize(
    ("oid", "purpose", "medium", "world", "basis"),
    [
        (f"{SANDBOX}.1.1", "signature", "card", "sandbox", "assumed"),
        (f"{SANDBOX}.1.2", "signature", "phone_android", "sandbox", "assumed"),
        (f"{SANDBOX}.1.3", "signature", "phone_iphone", "sandbox", "assumed"),
        (f"{SANDBOX}.2.1", "user_authentication", "card", "sandbox", "assumed"),
        (f"{SANDBOX}.2.2", "user_authentication", "phone_android", "sandbox", "assumed"),
        (f"{SANDBOX}.2.3", "user_authentication", "phone_iphone", "sandbox", "assumed"),
        ("1.2.392.200149.8.5.1.1.20", "signature", "card", "production", "public"),
        ("1.2.392.200149.8.5.1.3.30", "user_authentication", "card", "production", "public"),
        ("1.2.392.200149.8.5.1.1.40", "signature", "phone_android", "production", "reported"),
    ],
)
def test_a_policy_tells_the_kind(oid: str, purpose: str, medium: str, world: str, basis: str) -> None:
    row = kind_for_policy(oid)
    assert row is not None
    assert (row.purpose, row.medium, row.world, row.basis) == (purpose, medium, world, basis)
    assert kind(row.purpose, row.medium, row.world) is row


def test_there_are_no_other_rows_and_no_two_share_a_policy() -> None:
    assert len(KINDS) == len({row.policy_oid for row in KINDS}) == 9


def test_what_nobody_has_published_has_no_row() -> None:
    assert kind_for_policy("1.2.392.200149.8.5.1.0.20") is None
    with pytest.raises(KeyError):
        kind(Purpose.USER_AUTHENTICATION, Medium.PHONE_ANDROID, World.PRODUCTION)


def test_the_names_are_the_published_ones() -> None:
    real = ca_name(Purpose.SIGNATURE, World.PRODUCTION)
    assert [(attribute.rfc4514_attribute_name, attribute.value) for attribute in real] == [
        ("C", "JP"),
        ("O", "JPKI"),
        ("OU", "JPKI for digital signature"),
        ("OU", "Japan Agency for Local Authority Information Systems"),
    ]
    toy = crl_dp_name(Purpose.USER_AUTHENTICATION, "phone", World.SANDBOX)
    assert [attribute.value for attribute in toy] == [
        "JP",
        "JPKI-SANDBOX",
        "JPKI for user authentication",
        "Sandbox emulation - not J-LIS",
        "CRL Distribution Points",
        "Phone CRLDP",
    ]


def test_the_country_is_a_printable_string_and_the_rest_utf8() -> None:
    encoded = ca_name(Purpose.SIGNATURE, World.SANDBOX).public_bytes()
    assert b"\x13\x02JP" in encoded
    assert b"\x0c\x0cJPKI-SANDBOX" in encoded
    assert (
        x509.Name.from_rfc4514_string("C=JP").public_bytes() == b"\x30\x0d\x31\x0b\x30\x09\x06\x03U\x04\x06\x13\x02JP"
    )


def table_row(row: object) -> str:
    cells = ("purpose", "medium", "world", "policy_oid", "key_usage", "crl_dp_common_name", "basis", "source")
    values = [getattr(row, cell) for cell in cells]
    values[3] = f"`{values[3]}`"
    values[4] = ", ".join(sorted(values[4]))
    return "| " + " | ".join(values) + " |"


def test_the_page_lists_exactly_these_rows() -> None:
    text = PAGE.read_text()
    between = re.search(r"<!-- kinds -->\n(.*?)<!-- /kinds -->", text, re.S)
    assert between is not None
    rows = between.group(1).splitlines()[2:]
    assert rows == [table_row(row) for row in KINDS]


EVERY_KIND = {(p.value, m.value, w.value) for p in Purpose for m in Medium for w in World}
VERSION = re.compile(r"20[0-9]{2}-[01][0-9]-[0-3][0-9][a-z]?")


def test_every_kind_is_known_or_said_to_be_unknown() -> None:
    assert set(kind_data.ROWS) | set(kind_data.NOT_PUBLISHED) == EVERY_KIND
    assert not set(kind_data.ROWS) & set(kind_data.NOT_PUBLISHED)
    assert all(kind_data.NOT_PUBLISHED.values())


def test_every_value_has_a_basis_a_source_and_a_version_not_after_the_tables() -> None:
    assert VERSION.fullmatch(KINDS_VERSION)
    for row in KINDS:
        assert [mark.value for mark in row.marks] == list(kind_data.Row._fields)
        for mark in row.marks:
            assert mark.basis in {"public", "reported", "assumed"}
            assert len(mark.source) > 10
            assert VERSION.fullmatch(mark.since)
            assert mark.since <= KINDS_VERSION


def test_the_values_fit_each_other() -> None:
    for key, row in kind_data.ROWS.items():
        made = kind(Purpose(key[0]), Medium(key[1]), World(key[2]))
        assert row.issuer.value == key[0]
        assert made.crl_dp_form in {"medium", "municipality"}
        assert made.medium is Medium.CARD or made.crl_dp_form == "medium"
        assert set(made.key_usage) == set(row.key_usage.value)
        assert ("content_commitment" in made.key_usage) == (made.purpose is Purpose.SIGNATURE)
        assert made.policy_oid.startswith("2.25." if made.world is World.SANDBOX else "1.2.392.200149.8.5.")
        assert [algorithm.id for algorithm in made.algorithms] == [*row.algorithms.value, *row.curves.value]


def test_production_takes_no_curve_before_a_profile_is_published() -> None:
    for row in KINDS:
        families = {algorithm.family for algorithm in row.algorithms}
        assert families == ({"rsa"} if row.world is World.PRODUCTION else {"rsa", "ec"})


@pytest.mark.parametrize(
    ("file", "algorithm"),
    [
        ("rsa1024", None),
        ("rsa2048", "rsa_2048"),
        ("rsa3072", "rsa_longer"),
        ("rsa2048_huge_exponent", None),
        ("p256", "ecdsa_p256"),
        ("p384", "ecdsa_p384"),
        ("p521", None),
        ("ed25519", None),
    ],
)
def test_a_key_tells_its_row(file: str, algorithm: str | None) -> None:
    key = load_pem_public_key((VECTORS / f"{file}.pem").read_bytes())
    found = algorithm_of(key)  # type: ignore[arg-type]
    assert (found.id if found else None) == algorithm
    assert sum(row.takes(key) for row in ALGORITHMS) == (algorithm is not None)  # type: ignore[arg-type]


def test_every_kind_names_an_ocsp_profile_that_exists() -> None:
    assert {row.ocsp_profile for row in KINDS} <= set(OCSP_PROFILES)


@pytest.mark.parametrize("world", World)
def test_a_responder_is_asked_by_the_profile_of_the_kinds_it_speaks_about(world: World) -> None:
    for row in (row for row in KINDS if row.world is world):
        assert profile_for(row.purpose, row.medium.group, world) is OCSP_PROFILES[row.ocsp_profile]
