"""Bytes from outside: whatever they are, parsing ends in a value or in a named refusal, and judging in a verdict."""

from collections.abc import Callable

import pytest
from cryptography import x509
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pure.paths import pkits
from tests.pure.paths.made import NOW, a_list, crl, entity
from verifier.pki.errors import MalformedCertificate, MalformedInput
from verifier.validation.paths import certificate, revocation_list
from verifier.validation.paths.settings import PathSettings
from verifier.validation.paths.validation import validate

ROOT = entity("root")
HOLDER = entity("holder", by=ROOT, ca=False, serial=9)
SEEDS = [file.read_bytes() for file in sorted((pkits.OBJECTS / "certs").glob("*CACert.crt"))[::8]]
LIST_SEEDS = [crl(ROOT, [(9, None)]), *(f.read_bytes() for f in sorted((pkits.OBJECTS / "crls").glob("*CRL.crl"))[::8])]


@st.composite
def damaged(draw: st.DrawFn, seeds: list[bytes]) -> bytes:
    data = bytearray(draw(st.sampled_from(seeds)))
    for _ in range(draw(st.integers(1, 4))):
        data[draw(st.integers(0, len(data) - 1))] = draw(st.integers(0, 255))
    return bytes(data[: draw(st.integers(len(data) - 8, len(data)))])


def refusal_code(parse: Callable[[bytes], object], data: bytes) -> str | None:
    try:
        parse(data)
    except MalformedInput as error:
        return error.code
    return None


@settings(max_examples=300, deadline=1000)
@given(damaged(SEEDS))
def test_certificates(data: bytes) -> None:
    code = refusal_code(certificate.parse, data)

    assert code in (None, "cert.malformed")
    if code is None:
        verdict = validate(certificate.parse(data), anchors=[ROOT.anchor], settings=PathSettings(at=NOW))
        assert not verdict.is_valid


@settings(max_examples=300, deadline=1000)
@given(damaged(LIST_SEEDS))
def test_lists(data: bytes) -> None:
    code = refusal_code(revocation_list.parse, data)

    assert code in (None, "crl.malformed", "crl.unknown_critical_extension")
    if code is None:
        lists = [revocation_list.parse(data)]
        verdict = validate(HOLDER.certificate, anchors=[ROOT.anchor], lists=lists, settings=PathSettings(at=NOW))
        assert not verdict.is_valid


@settings(max_examples=100, deadline=1000)
@given(st.binary(max_size=64))
def test_noise(data: bytes) -> None:
    for parse in (certificate.parse, revocation_list.parse):
        with pytest.raises(MalformedInput):
            parse(data)


def test_too_long_is_not_looked_into() -> None:
    with pytest.raises(MalformedCertificate, match="too_large"):
        certificate.parse(bytes(certificate.MAX_BYTES + 1))
    with pytest.raises(MalformedInput, match="too_large"):
        revocation_list.parse(bytes(revocation_list.MAX_BYTES + 1))


def test_a_negative_serial_is_read_as_it_is_and_signed_as_it_is() -> None:
    odd = pkits.certificates()["InvalidNegativeSerialNumberTest15EE"]

    assert isinstance(odd, certificate.PathCertificate)
    assert odd.serial == -1


def test_a_moment_without_a_zone_is_our_own_mistake() -> None:
    with pytest.raises(ValueError, match="aware"):
        PathSettings(at=NOW.replace(tzinfo=None))


def test_a_list_that_revokes_with_a_word_for_deltas_alone_still_refuses() -> None:
    """removeFromCRL in a complete list is nonsense (RFC 5280 section 5.3.1), and nonsense is not good news."""
    item = a_list(ROOT, (9, x509.ReasonFlags.remove_from_crl))
    verdict = validate(HOLDER.certificate, anchors=[ROOT.anchor], lists=[item], settings=PathSettings(at=NOW))
    assert not verdict.is_valid
