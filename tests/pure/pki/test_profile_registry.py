"""The registry of kinds, pinned by literals, and the page that explains it."""

import re
from pathlib import Path

import pytest
from cryptography import x509

from verifier.pki.profiles import KINDS, Medium, Purpose, World, ca_name, crl_dp_name, kind, kind_for_policy

PAGE = Path(__file__).parents[3] / "docs" / "profiles.md"
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
