"""An extension is read by the library from its bytes, whether it was met before or not; what is met before only saves
time."""

import pytest
from cryptography import x509
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pure.pki.forge import an_authority, reforged, unknown_extension
from verifier.pki import certificate, der, shared_extensions, tbs
from verifier.pki.errors import MalformedCertificate

CA = an_authority("sign-1")
SAN = x509.SubjectAlternativeName([x509.DNSName("holder.example.jp"), x509.RFC822Name("holder@example.jp")])
IAN = x509.IssuerAlternativeName([x509.DNSName("ca.example.jp")])
SKI = x509.SubjectKeyIdentifier(b"\x05" * 20)
DER = CA.issue(extra=((SAN, False), (SKI, False), (unknown_extension(), False), (IAN, True)))


@pytest.fixture(autouse=True)
def nothing_met_before() -> None:
    forget()


def forget() -> None:
    shared_extensions._known.clear()
    shared_extensions._sets.clear()


def outcome(data: bytes) -> object:
    """What is read of the bytes, or why nothing is."""
    try:
        read = certificate.parse(data)
    except MalformedCertificate as error:
        return error.detail, error.oid
    values = {item.oid: (item.critical, item.value) for item in read.extensions._by_oid.values()}
    return values, read.unknown_critical_extensions, read.crl_points, read.policies


def behind_key(data: bytes) -> tuple[bytes, int]:
    signed, _, _ = der.split_signed(data)
    return signed, tbs.cut(signed).behind_key


def test_what_is_read_is_what_the_library_reads_in_the_whole_certificate() -> None:
    whole = {item.oid.dotted_string: item for item in x509.load_der_x509_certificate(DER).extensions}

    for _ in range(3):
        assert shared_extensions.read(*behind_key(DER))._by_oid == whole
    assert certificate.parse(DER).extensions.value(x509.SubjectAlternativeName) == SAN


def test_what_is_shared_is_read_once_and_what_is_the_holders_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    certificate.parse(DER)
    alone: list[list[bytes]] = []
    read = shared_extensions._read_alone
    monkeypatch.setattr(shared_extensions, "_read_alone", lambda new: alone.append(new) or read(new))
    certificate.parse(DER)

    assert [len(new) for new in alone] == [2]
    kept = {extension.oid for extension in shared_extensions._known.values()}
    assert {SAN.oid, SKI.oid} & kept == set()
    assert len(kept) == len(list(x509.load_der_x509_certificate(DER).extensions)) - 2


def test_one_that_repeats_another_and_cannot_be_read_is_told_as_repeated_whatever_was_met_before() -> None:
    key_usage, identifier = bytes.fromhex("0603551d0f"), bytes.fromhex("0603551d0e")
    assert DER.count(identifier) == 1
    data = DER.replace(identifier, key_usage)
    cold = outcome(data)
    certificate.parse(DER)

    assert outcome(data) == cold == ("repeated_extension", "2.5.29.15")


@given(position=st.integers(0, len(DER) - 1), change=st.integers(1, 255))
@settings(max_examples=400, deadline=None)
def test_a_changed_byte_is_read_alike_with_and_without_memories(position: int, change: int) -> None:
    data = DER[:position] + bytes((DER[position] ^ change,)) + DER[position + 1 :]
    forget()
    cold = outcome(data)
    certificate.parse(DER)
    certificate.parse(DER)

    assert outcome(data) == cold
    assert isinstance(cold, tuple)
    try:
        library = list(x509.load_der_x509_certificate(data).extensions)
    except Exception:
        assert isinstance(cold[0], str)
    else:
        # What we refuse beyond the library is about other fields than the extensions.
        assert isinstance(cold[0], str) or cold[0] == {item.oid: (item.critical, item.value) for item in library}


@pytest.mark.parametrize("times", [1, 2])
def test_a_repeated_extension_is_refused_by_its_name(times: int) -> None:
    def change(tbs: object) -> None:
        tbs["extensions"].append(tbs["extensions"][0].copy())  # type: ignore[index]

    repeated = reforged(DER, "sign-1", change)
    if times == 2:
        certificate.parse(DER)

    assert outcome(repeated) == ("repeated_extension", "2.5.29.15")


def an_element(value: bytes) -> bytes:
    return der.encode(
        der.SEQUENCE, der.encode(der.OBJECT_IDENTIFIER, b"\x2a\x03") + der.encode(der.OCTET_STRING, value)
    )


def test_no_more_is_kept_than_a_bound() -> None:
    for number in range(600):
        element = an_element(number.to_bytes(2, "big"))
        shared_extensions._remember({element: shared_extensions._read_alone([element])[0]})
    large = an_element(b"\x00" * 2000)
    shared_extensions._remember({large: shared_extensions._read_alone([large])[0]})

    assert 0 < len(shared_extensions._known) <= shared_extensions._MOST_KNOWN
    assert large not in shared_extensions._known
