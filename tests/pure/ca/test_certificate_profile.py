"""End-entity certificates of all six kinds, read by asn1crypto and OpenSSL, against the published profile."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import core
from asn1crypto import x509 as judge
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding

from testenv.ca import issuance
from testenv.ca.holder_names import Municipality, subject
from tests.pure.ca.made import (
    AT,
    CPS,
    EVERY_KIND,
    HOLDER,
    OCSP,
    SERIAL,
    a_certificate,
    an_authority,
    asked,
    key,
    openssl,
    pem,
)
from verifier.pki.profiles import Medium, Purpose, World, kind

ARC = "1.2.392.200149.8.5.5"
SANDBOX = "2.25.198132220097252083107637694572716083166.1"
POLICY = {
    (Purpose.SIGNATURE, Medium.CARD): f"{SANDBOX}.1.1",
    (Purpose.SIGNATURE, Medium.PHONE_ANDROID): f"{SANDBOX}.1.2",
    (Purpose.SIGNATURE, Medium.PHONE_IPHONE): f"{SANDBOX}.1.3",
    (Purpose.USER_AUTHENTICATION, Medium.CARD): f"{SANDBOX}.2.1",
    (Purpose.USER_AUTHENTICATION, Medium.PHONE_ANDROID): f"{SANDBOX}.2.2",
    (Purpose.USER_AUTHENTICATION, Medium.PHONE_IPHONE): f"{SANDBOX}.2.3",
}
EVERY = pytest.mark.parametrize(("purpose", "medium"), EVERY_KIND)


def seen(purpose: Purpose, medium: Medium) -> judge.Certificate:
    return judge.Certificate.load(a_certificate(purpose, medium), strict=True)


def listed(certificate: judge.Certificate) -> dict[str, Any]:
    return {item["extn_id"].native: item for item in certificate["tbs_certificate"]["extensions"]}


@EVERY
def test_extensions_their_order_and_which_are_critical(purpose: Purpose, medium: Medium) -> None:
    found = listed(seen(purpose, medium))
    personal = ["subject_alt_name"] if purpose is Purpose.SIGNATURE else []
    assert list(found) == [
        "key_usage",
        *personal,
        "certificate_policies",
        "issuer_alt_name",
        "crl_distribution_points",
        "authority_key_identifier",
        "authority_information_access",
        "key_identifier",
    ]
    assert [name for name, item in found.items() if item["critical"].native] == ["key_usage", "certificate_policies"]


@EVERY
def test_key_usage(purpose: Purpose, medium: Medium) -> None:
    expected = {"digital_signature", "non_repudiation"} if purpose is Purpose.SIGNATURE else {"digital_signature"}
    assert seen(purpose, medium).key_usage_value.native == expected


@EVERY
def test_one_policy_with_a_cps_qualifier(purpose: Purpose, medium: Medium) -> None:
    (policy,) = seen(purpose, medium).certificate_policies_value
    assert policy["policy_identifier"].dotted == POLICY[purpose, medium]
    (qualifier,) = policy["policy_qualifiers"]
    assert qualifier["policy_qualifier_id"].native == "certification_practice_statement"
    assert qualifier["qualifier"].native == CPS


def test_no_two_kinds_share_a_policy() -> None:
    assert len(set(POLICY.values())) == 6


@EVERY
def test_subject_form(purpose: Purpose, medium: Medium) -> None:
    parts = [(pair[0]["type"].native, pair[0]["value"].native) for pair in seen(purpose, medium).subject.chosen]
    places = [("locality_name", "Mihon-ken"), ("locality_name", "Kaku-shi")]
    identifier = f"2026040199101{SERIAL:010d}"
    assert len(identifier) == 23
    assert parts == [
        ("country_name", "JP"),
        *(places if purpose is Purpose.SIGNATURE else []),
        ("common_name", identifier),
    ]


@pytest.mark.parametrize("medium", list(Medium))
def test_personal_data_of_signature_certificates(medium: Medium) -> None:
    names = seen(Purpose.SIGNATURE, medium).subject_alt_name_value
    items = [(name.chosen["type_id"].native, name.chosen["value"].parsed) for name in names]
    assert [name.name for name in names] == ["other_name"] * 6
    assert all(isinstance(value, core.UTF8String) for _, value in items)
    assert [(oid, value.native) for oid, value in items] == [
        (f"{ARC}.1", "長見本小路架空院　〓左衛門之〓助"),
        (f"{ARC}.4", "319261225"),
        (f"{ARC}.3", "1"),
        (f"{ARC}.5", HOLDER.address),
        (f"{ARC}.2", "0000000001000010"),
        (f"{ARC}.6", "0" * len(HOLDER.address)),
    ]


@EVERY
def test_issuer_in_japanese_is_the_ca_s_own_alternative_name(purpose: Purpose, medium: Medium) -> None:
    ca = an_authority(purpose).certificate
    own = ca.extensions.get_extension_for_class(x509.SubjectAlternativeName).value.public_bytes()
    assert listed(seen(purpose, medium))["issuer_alt_name"]["extn_value"].parsed.dump() == own


@EVERY
def test_distribution_point_is_the_directory_name_of_its_medium(purpose: Purpose, medium: Medium) -> None:
    certificate = seen(purpose, medium)
    (point,) = certificate.crl_distribution_points_value
    (full_name,) = point["distribution_point"].chosen
    assert full_name.name == "directory_name"
    values = [pair[0]["value"].native for pair in full_name.chosen.chosen]
    issuer = [pair[0]["value"].native for pair in certificate.issuer.chosen]
    name = "Card CRLDP" if medium is Medium.CARD else "Phone CRLDP"
    assert values == [*issuer, "CRL Distribution Points", name]


@EVERY
def test_key_identifiers_and_ocsp(purpose: Purpose, medium: Medium) -> None:
    certificate = seen(purpose, medium)
    ca = judge.Certificate.load(an_authority(purpose).certificate.public_bytes(Encoding.DER))
    assert certificate.authority_key_identifier_value["key_identifier"].native == ca.key_identifier
    bits = certificate.public_key["public_key"].contents[1:]
    assert certificate.key_identifier == hashlib.sha1(bits).digest()
    (access,) = certificate.authority_information_access_value
    assert access["access_method"].native == "ocsp"
    assert access["access_location"].native == OCSP["card" if medium is Medium.CARD else "phone"]


@EVERY
def test_serial_window_and_version(purpose: Purpose, medium: Medium) -> None:
    certificate = seen(purpose, medium)
    tbs = certificate["tbs_certificate"]
    assert tbs["version"].native == "v3"
    assert tbs["serial_number"].contents == bytes.fromhex("01000010")
    assert tbs["validity"]["not_before"].native == AT
    assert f"{tbs['validity']['not_after'].native:%m-%d %H:%M:%S}" == "12-25 14:59:59"
    assert tbs["validity"]["not_after"].native.year == 2030


@EVERY
def test_openssl_builds_the_path(purpose: Purpose, medium: Medium, tmp_path: Path) -> None:
    ca = pem(an_authority(purpose).certificate, tmp_path / "ca.pem")
    leaf = pem(x509.load_der_x509_certificate(a_certificate(purpose, medium)), tmp_path / "leaf.pem")
    when = ("-attime", str(int(AT.timestamp())))
    assert "OK" in openssl("verify", "-x509_strict", *when, "-CAfile", ca, leaf)
    wanted = ("-policy_check", "-explicit_policy", "-policy", POLICY[purpose, medium])
    assert "OK" in openssl("verify", "-x509_strict", *when, *wanted, "-CAfile", ca, leaf)
    other = an_authority(next(p for p in Purpose if p is not purpose)).certificate
    with pytest.raises(RuntimeError, match="unable to get local issuer certificate"):
        openssl("verify", *when, "-CAfile", pem(other, tmp_path / "other.pem"), leaf)


@EVERY
def test_openssl_reads_it(purpose: Purpose, medium: Medium, tmp_path: Path) -> None:
    leaf = pem(x509.load_der_x509_certificate(a_certificate(purpose, medium)), tmp_path / "leaf.pem")
    text = openssl("x509", "-noout", "-text", "-in", leaf)
    assert "X509v3 Key Usage: critical" in text
    assert "X509v3 Certificate Policies: critical" in text
    assert f"CPS: {CPS}" in text
    assert f"OCSP - URI:{OCSP[medium.group]}" in text


class RemoteKey(rsa.RSAPrivateKey):
    """A key that is somewhere else: it keeps the contract of RSAPrivateKey and shows what it was asked."""

    def __init__(self, inner: rsa.RSAPrivateKey) -> None:
        self._inner = inner
        self.asked_to_sign = 0

    def sign(self, data: Any, padding: Any, algorithm: Any) -> bytes:
        self.asked_to_sign += 1
        return self._inner.sign(data, padding, algorithm)

    def public_key(self) -> rsa.RSAPublicKey:
        return self._inner.public_key()

    @property
    def key_size(self) -> int:
        return self._inner.key_size

    def decrypt(self, ciphertext: bytes, padding: Any) -> bytes:
        raise NotImplementedError

    def private_numbers(self) -> rsa.RSAPrivateNumbers:
        raise NotImplementedError

    def private_bytes(self, encoding: Any, format: Any, encryption_algorithm: Any) -> bytes:
        raise NotImplementedError

    def __copy__(self) -> "RemoteKey":
        return self

    def __deepcopy__(self, memo: Any) -> "RemoteKey":
        return self


def test_a_key_held_elsewhere_signs_once_and_the_same() -> None:
    here = an_authority(Purpose.SIGNATURE)
    remote = RemoteKey(here.private_key)
    there = type(here)(here.certificate, remote)
    request = asked(Purpose.SIGNATURE, Medium.CARD)
    assert issuance.issue(request, signer=there) == issuance.issue(request, signer=here)
    assert remote.asked_to_sign == 1


def test_personal_data_belongs_into_signature_certificates_and_only_there() -> None:
    for purpose, attributes in ((Purpose.SIGNATURE, None), (Purpose.USER_AUTHENTICATION, HOLDER.attributes)):
        with pytest.raises(ValueError, match="basic attributes"):
            asked(purpose, Medium.CARD, attributes=attributes)


def test_no_production_kind_is_issued() -> None:
    with pytest.raises(ValueError, match="sandbox kinds only"):
        asked(Purpose.SIGNATURE, Medium.CARD, kind=kind(Purpose.SIGNATURE, Medium.CARD, World.PRODUCTION))


@pytest.mark.parametrize(
    ("code", "prefecture", "name"),
    [("9910", "Mihon-ken", "Kaku-shi"), ("99101", "見本県", "Kaku-shi"), ("99101", "Mihon-ken", "")],
)
def test_a_municipality_is_a_code_and_romanised_names(code: str, prefecture: str, name: str) -> None:
    with pytest.raises(ValueError, match="municipality"):
        Municipality(code, prefecture, name)


def test_the_day_in_the_identifier_is_the_japanese_one() -> None:
    late = datetime(2026, 3, 31, 15, 0, tzinfo=UTC)
    name = subject(Purpose.USER_AUTHENTICATION, Municipality("99101", "Mihon-ken", "Kaku-shi"), 1, late)
    assert name.rfc4514_string() == "CN=20260401991010000000001,C=JP"


def test_the_ca_does_not_certify_its_own_key() -> None:
    own = key(f"{Purpose.SIGNATURE} 1").public_key()
    with pytest.raises(issuance.LintRefused) as refusal:
        issuance.issue(asked(Purpose.SIGNATURE, Medium.CARD, public_key=own), signer=an_authority(Purpose.SIGNATURE))
    assert refusal.value.findings == ("lint.public_key",)
