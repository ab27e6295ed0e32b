"""Subtrees of RFC 5280 section 4.2.1.10, form by form; ``None`` is "cannot be judged", which refuses."""

from ipaddress import ip_address, ip_network

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from tests.pure.paths.made import name
from verifier.validation.paths.name_constraints import NameConstraints
from verifier.validation.paths.name_forms import Names, form_and_value, is_within

OTHER = x509.OtherName(x509.ObjectIdentifier("1.2.392.200149.8.5.5.1"), b"\x0c\x01a")


@pytest.mark.parametrize(
    ("form", "called", "subtree", "expected"),
    [
        ("dns", "example.jp", "example.jp", True),
        ("dns", "www.example.jp", "example.jp", True),
        ("dns", "WWW.EXAMPLE.JP", "example.jp", True),
        ("dns", "example.jp.", "example.jp", True),
        ("dns", "notexample.jp", "example.jp", False),
        ("dns", "example.jp.evil.example", "example.jp", False),
        ("dns", "example.jp", ".example.jp", False),
        ("dns", "a.example.jp", ".example.jp", True),
        ("dns", "anything", "", True),
        ("mail", "hanako@example.jp", "hanako@example.jp", True),
        ("mail", "Hanako@example.jp", "hanako@example.jp", False),  # the part before @ keeps its case
        ("mail", "hanako@EXAMPLE.jp", "hanako@example.jp", True),
        ("mail", "hanako@example.jp", "example.jp", True),
        ("mail", "hanako@mail.example.jp", "example.jp", False),
        ("mail", "hanako@mail.example.jp", ".example.jp", True),
        ("mail", "hanako@example.jp", ".example.jp", False),
        ("mail", "hanako", "example.jp", None),
        ("mail", "@example.jp", "example.jp", None),
        ("uri", "https://example.jp/a", "example.jp", True),
        ("uri", "https://www.example.jp/a", "example.jp", False),
        ("uri", "https://www.example.jp:8443/a", ".example.jp", True),
        ("uri", "https://example.jp/a", ".example.jp", False),
        ("uri", "https://user@EXAMPLE.jp/a", "example.jp", True),
        ("uri", "urn:uuid:1", "example.jp", None),
        ("uri", "https://192.0.2.1/a", "example.jp", None),
        ("uri", "https://[2001:db8::1]/a", "example.jp", None),
        ("uri", "https://[bad/a", "example.jp", None),
        ("ip", ip_address("192.0.2.7"), ip_network("192.0.2.0/24"), True),
        ("ip", ip_address("192.0.3.7"), ip_network("192.0.2.0/24"), False),
        ("ip", ip_address("2001:db8::7"), ip_network("192.0.2.0/24"), False),
        ("ip", ip_address("2001:db8::7"), ip_network("2001:db8::/32"), True),
        ("other:1.2.3", b"", b"", None),
        ("RegisteredID", "1.2.3", "1.2.3", None),
    ],
)
def test_is_within(form: str, called: object, subtree: object, expected: bool | None) -> None:
    assert is_within(form, called, subtree) is expected


def test_directory_names_are_compared_normalised_and_by_prefix() -> None:
    wide = form_and_value(x509.DirectoryName(x509.Name(name("x").rdns[:1])))
    same = form_and_value(x509.DirectoryName(name("  Hanako   YAMADA")))
    person = form_and_value(x509.DirectoryName(name("hanako yamada")))

    assert person == same
    assert is_within(*person, wide[1]) is True
    assert is_within(*wide, person[1]) is False


def names(*alternative: x509.GeneralName, subject: x509.Name | None = None) -> Names:
    return Names.of(subject or x509.Name([]), x509.SubjectAlternativeName(alternative) if alternative else None)


def constrained(*constraints: x509.NameConstraints) -> NameConstraints:
    found = NameConstraints()
    for item in constraints:
        found.add(item)
    return found


def test_every_authority_on_the_way_must_permit() -> None:
    both = constrained(
        x509.NameConstraints([x509.DNSName("example.jp"), x509.DNSName("example.com")], None),
        x509.NameConstraints([x509.DNSName("a.example.jp")], None),
    )

    assert both.violation(names(x509.DNSName("www.a.example.jp"))) is None
    assert both.violation(names(x509.DNSName("b.example.jp"))) == "not_permitted"
    assert both.violation(names(x509.DNSName("example.com"))) == "not_permitted"


def test_what_is_excluded_once_is_never_permitted_again() -> None:
    found = constrained(
        x509.NameConstraints(None, [x509.DNSName("secret.example.jp")]),
        x509.NameConstraints([x509.DNSName("secret.example.jp")], None),
    )

    assert found.violation(names(x509.DNSName("secret.example.jp"))) == "excluded"


def test_a_form_that_nobody_constrains_is_free() -> None:
    found = constrained(x509.NameConstraints([x509.DNSName("example.jp")], None))

    assert found.violation(names(OTHER, x509.RFC822Name("hanako@example.com"))) is None
    assert found.violation(names()) is None


def test_a_constrained_form_that_is_not_understood_refuses_those_who_bear_it() -> None:
    for constraint in (x509.NameConstraints([OTHER], None), x509.NameConstraints(None, [OTHER])):
        assert constrained(constraint).violation(names(OTHER)) == "cannot_be_judged"
        assert constrained(constraint).violation(names(x509.DNSName("example.jp"))) is None


def test_mail_addresses_in_the_subject_are_constrained_too() -> None:
    found = constrained(x509.NameConstraints([x509.RFC822Name("example.jp")], None))
    subject = x509.Name([x509.NameAttribute(NameOID.EMAIL_ADDRESS, "hanako@example.com")])

    assert found.violation(names(subject=subject)) == "not_permitted"
    assert found.violation(names(x509.RFC822Name("hanako@example.jp"), subject=subject)) == "not_permitted"
