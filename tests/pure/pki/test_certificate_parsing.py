"""What a certificate must be before anything else is asked about it."""

import hashlib
import warnings

import pytest
from cryptography import x509
from cryptography.x509.name import _ASN1Type
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.pure.pki.forge import NOW, YEAR, an_authority, ec_key, reforged, rsa_key
from verifier.pki import certificate, names, oids
from verifier.pki.errors import MalformedCertificate
from verifier.pki.profiles import CertificateKind, Medium, Purpose, World, ca_name, kind

CA = an_authority("sign-1")
GOOD = CA.issue()


def test_a_certificate_is_read_whole() -> None:
    row: CertificateKind = kind(Purpose.SIGNATURE, Medium.CARD, World.SANDBOX)
    parsed = certificate.parse(GOOD)

    assert parsed.sha256 == hashlib.sha256(GOOD).digest()
    assert (parsed.serial, parsed.not_before, parsed.not_after) == (1001, NOW - YEAR, NOW + YEAR)
    assert parsed.issuer == ca_name(Purpose.SIGNATURE, World.SANDBOX)
    assert parsed.key_usage == row.key_usage
    assert parsed.key_usage_is_critical
    assert parsed.policies == (row.policy_oid,)
    assert parsed.policies_are_critical
    assert parsed.crl_dp_names == (CA.dp_name(),)
    assert parsed.unknown_critical_extensions == ()
    assert not parsed.is_ca
    assert parsed.authority_key_id == CA.anchor.key_id


def test_the_key_id_is_computed_from_the_key() -> None:
    for key in (rsa_key("holder").public_key(), ec_key("curve").public_key()):
        parsed = certificate.parse(CA.issue(public_key=key))
        assert parsed.key_id == x509.SubjectKeyIdentifier.from_public_key(key).digest


def test_equality_is_equality_of_bytes() -> None:
    assert certificate.parse(GOOD) == certificate.parse(bytes(GOOD))
    assert certificate.parse(GOOD) != certificate.parse(CA.issue(serial=1002))


def version_two(tbs: object) -> None:
    tbs["version"] = "v2"  # type: ignore[index]


def negative(tbs: object) -> None:
    tbs["serial_number"] = -5  # type: ignore[index]


def other_inner_algorithm(tbs: object) -> None:
    tbs["signature"]["algorithm"] = "sha512_rsa"  # type: ignore[index]


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        (version_two, "version"),
        (negative, "serial"),
        (other_inner_algorithm, "signature_algorithm"),
    ],
)
def test_the_detail_says_which_part_is_wrong(change: object, detail: str) -> None:
    with pytest.raises(MalformedCertificate) as caught:
        certificate.parse(reforged(GOOD, "sign-1", change))  # type: ignore[arg-type]
    assert (caught.value.code, caught.value.detail) == ("cert.malformed", detail)


def test_an_extension_that_does_not_parse_is_malformed() -> None:
    broken = x509.UnrecognizedExtension(x509.ObjectIdentifier(oids.SUBJECT_ALTERNATIVE_NAME), b"\x04\x01\x00")
    with pytest.raises(MalformedCertificate) as caught:
        certificate.parse(CA.issue(extra=((broken, False),)))
    assert caught.value.detail == "extension"


def test_an_issuer_is_not_named_by_a_negative_serial() -> None:
    good = x509.AuthorityKeyIdentifier(b"key", [x509.DirectoryName(ca_name(Purpose.SIGNATURE, World.SANDBOX))], 5)
    encoded = bytearray(good.public_bytes())
    assert encoded[-3:] == b"\x82\x01\x05"
    encoded[-1] = 0x85
    broken = x509.UnrecognizedExtension(x509.ObjectIdentifier(oids.AUTHORITY_KEY_IDENTIFIER), bytes(encoded))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(MalformedCertificate) as caught:
            certificate.parse(CA.issue(extra=((broken, False),), with_aki=False))
    assert caught.value.detail == "extension"


@given(
    edits=st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=3),
    cut=st.none() | st.integers(0, len(GOOD)),
)
@example(edits=[(786, 130)], cut=None)  # an authorityCertSerialNumber below zero: the library warns
@settings(max_examples=500, deadline=None)
def test_any_change_of_bytes_is_a_certificate_or_malformed(edits: list[tuple[int, int]], cut: int | None) -> None:
    data = bytearray(GOOD)
    for position, octet in edits:
        data[position] = octet
    try:
        parsed = certificate.parse(bytes(data[:cut]))
    except MalformedCertificate:
        return
    assert parsed.der == bytes(data[:cut])


@given(st.binary(max_size=64))
@settings(max_examples=200, deadline=None)
def test_noise_is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedCertificate):
        certificate.parse(data)


def test_names_are_compared_as_rfc_5280_says() -> None:
    def name(text: str, kind: object = None) -> bytes:
        attribute = x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, text, kind)  # type: ignore[arg-type]
        return names.normalised(x509.Name([attribute]))

    assert name("JPKI  Sandbox") == name(" jpki sandbox ", _ASN1Type.PrintableString)
    assert name("JPKI Sandbox") != name("JPKI-Sandbox")
    both = [x509.NameAttribute(x509.NameOID.COMMON_NAME, "a"), x509.NameAttribute(x509.NameOID.COMMON_NAME, "b")]
    assert names.normalised(x509.Name(both)) != names.normalised(x509.Name(both[::-1]))
    assert names.normalised(x509.Name([x509.RelativeDistinguishedName(both)])) == names.normalised(
        x509.Name([x509.RelativeDistinguishedName(both[::-1])])
    )
