"""The CA's own certificate, read by asn1crypto and OpenSSL, against the published shape of the roots."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from asn1crypto import x509 as judge
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from testenv.ca import authority
from tests.pure.ca.made import an_authority, key, openssl, pem
from verifier.pki.profiles import Purpose

UNIT = {Purpose.SIGNATURE: "JPKI for digital signature", Purpose.USER_AUTHENTICATION: "JPKI for user authentication"}
BOTH = pytest.mark.parametrize("purpose", list(Purpose))


def seen(purpose: Purpose) -> judge.Certificate:
    return judge.Certificate.load(an_authority(purpose).certificate.public_bytes(Encoding.DER))


def extensions(certificate: judge.Certificate) -> dict[str, tuple[bool, object]]:
    listed = certificate["tbs_certificate"]["extensions"]
    return {item["extn_id"].native: (item["critical"].native, item["extn_value"].native) for item in listed}


@BOTH
def test_its_names(purpose: Purpose) -> None:
    certificate = seen(purpose)
    parts = [(pair[0]["type"].native, pair[0]["value"]) for pair in certificate.subject.chosen]
    assert [(name, value.native) for name, value in parts] == [
        ("country_name", "JP"),
        ("organization_name", "JPKI-SANDBOX"),
        ("organizational_unit_name", UNIT[purpose]),
        ("organizational_unit_name", "Sandbox emulation - not J-LIS"),
    ]
    assert [value.chosen.__class__.__name__ for _, value in parts[:1]] == ["PrintableString"]
    assert parts[3][1].chosen.__class__.__name__ == "UTF8String"
    assert certificate.issuer == certificate.subject


@BOTH
def test_its_key_algorithm_and_window(purpose: Purpose) -> None:
    certificate = seen(purpose)
    assert certificate.public_key.bit_size == 2048
    assert certificate.public_key["public_key"].parsed["public_exponent"].native == 65537
    assert certificate["signature_algorithm"]["algorithm"].native == "sha256_rsa"
    assert certificate["signature_algorithm"]["parameters"].native is None
    window = certificate["tbs_certificate"]["validity"]
    assert (window["not_before"].name, window["not_after"].name) == ("utc_time", "utc_time")
    assert window["not_after"].native == datetime(2036, 1, 5, 14, 59, 59, tzinfo=UTC)


@BOTH
def test_its_extensions(purpose: Purpose) -> None:
    certificate = seen(purpose)
    found = extensions(certificate)
    assert found["key_usage"] == (True, {"key_cert_sign", "crl_sign"})
    assert found["basic_constraints"] == (True, {"ca": True, "path_len_constraint": None})
    assert len(certificate.key_identifier) == 20
    assert set(found) == {
        "key_usage",
        "basic_constraints",
        "subject_alt_name",
        "crl_distribution_points",
        "key_identifier",
    }
    assert not any(found[name][0] for name in ("subject_alt_name", "crl_distribution_points", "key_identifier"))


@BOTH
def test_its_japanese_name_says_that_it_is_a_test(purpose: Purpose) -> None:
    (name,) = seen(purpose).subject_alt_name_value
    assert name.name == "directory_name"
    country, *rest = [pair[0]["value"].native for pair in name.chosen.chosen]
    assert country == "JP"
    assert len(rest) == 3
    assert all("試験用 sandbox" in part for part in rest)


@BOTH
def test_its_distribution_point_is_its_own_name(purpose: Purpose) -> None:
    certificate = seen(purpose)
    (point,) = certificate.crl_distribution_points_value
    (full_name,) = point["distribution_point"].chosen
    assert full_name.name == "directory_name"
    assert full_name.chosen == certificate.subject


@BOTH
def test_openssl_accepts_it_as_a_root(purpose: Purpose, tmp_path: Path) -> None:
    path = pem(an_authority(purpose).certificate, tmp_path / "ca.pem")
    assert "OK" in openssl("verify", "-x509_strict", "-check_ss_sig", "-attime", "1775000000", "-CAfile", path, path)
    text = openssl("x509", "-noout", "-text", "-in", path)
    assert "X509v3 Basic Constraints: critical\n                CA:TRUE\n" in text
    assert "Certificate Sign, CRL Sign" in text


def test_key_and_certificate_must_belong_together() -> None:
    with pytest.raises(ValueError, match="do not match"):
        authority.Authority(an_authority(Purpose.SIGNATURE).certificate, key("another"))


def test_generations_share_the_name_and_differ_in_key_identifier() -> None:
    first, second = (an_authority(Purpose.SIGNATURE, generation).certificate for generation in (1, 2))
    assert first.subject == second.subject
    one, two = (c.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value for c in (first, second))
    assert one.digest != two.digest
