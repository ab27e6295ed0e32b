"""Revocation lists, read and judged by OpenSSL and asn1crypto."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import crl as judge
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st

from testenv.ca import crl_building
from testenv.ca.crl_building import CrlEntry
from testenv.ca.issuance_rules import FIRST_SERIAL, LAST_SERIAL
from testenv.ca.revocation import GOOD, Standing, Status
from tests.pure.ca.made import AT, EVERY_KIND, SERIAL, a_certificate, an_authority, openssl, pem
from verifier.pki.profiles import Medium, MediumGroup, Purpose
from verifier.pki.reasons import RevocationReason as Reason

NEXT = AT + timedelta(days=1)
REASONS = {
    Reason.UNSPECIFIED: None,
    Reason.KEY_COMPROMISE: "key_compromise",
    Reason.CA_COMPROMISE: "ca_compromise",
    Reason.AFFILIATION_CHANGED: "affiliation_changed",
    Reason.SUPERSEDED: "superseded",
    Reason.CESSATION_OF_OPERATION: "cessation_of_operation",
    Reason.CERTIFICATE_HOLD: "certificate_hold",
}


def build(purpose: Purpose, group: MediumGroup, *entries: CrlEntry, number: int = 7) -> bytes:
    return crl_building.build(
        purpose, group, entries, number=number, this_update=AT, next_update=NEXT, signer=an_authority(purpose)
    )


def entries_of(der: bytes) -> list[tuple[int, datetime, str | None]]:
    listed = judge.CertificateList.load(der, strict=True)["tbs_cert_list"]["revoked_certificates"]
    return [
        (
            item["user_certificate"].native,
            item["revocation_date"].native,
            item.crl_reason_value.native if item.crl_reason_value is not None else None,
        )
        for item in listed
    ]


def test_every_reason_is_carried_and_unspecified_is_left_out() -> None:
    entries = [CrlEntry(FIRST_SERIAL + i, AT - timedelta(hours=i), reason) for i, reason in enumerate(REASONS)]
    assert entries_of(build(Purpose.SIGNATURE, "card", *entries)) == [
        (entry.serial, entry.revoked_at, REASONS[entry.reason]) for entry in entries
    ]


# Beyond 2049 too, where RFC 5280 changes from UTCTime to GeneralizedTime.
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2060, 1, 1)).map(lambda d: d.replace(microsecond=0, tzinfo=UTC))


@settings(deadline=None, max_examples=25)
@given(
    st.lists(
        st.builds(
            CrlEntry,
            st.integers(FIRST_SERIAL, LAST_SERIAL),
            st.datetimes(datetime(2026, 1, 1), datetime(2060, 1, 1)).map(
                lambda d: d.replace(microsecond=0, tzinfo=UTC)
            ),
            st.sampled_from(list(REASONS)),
        ),
        unique_by=lambda entry: entry.serial,
    )
)
def test_what_goes_in_comes_out_in_the_order_of_serials(entries: list[CrlEntry]) -> None:
    seen = entries_of(build(Purpose.USER_AUTHENTICATION, "phone", *entries))
    assert seen == sorted((e.serial, e.revoked_at, REASONS[e.reason]) for e in entries)


@pytest.mark.parametrize("group", ["card", "phone"])
@pytest.mark.parametrize("purpose", list(Purpose))
def test_number_times_issuer_and_scope(purpose: Purpose, group: MediumGroup, tmp_path: Path) -> None:
    der = build(purpose, group, CrlEntry(SERIAL, AT, Reason.SUPERSEDED), number=300)
    listed = judge.CertificateList.load(der, strict=True)
    tbs = listed["tbs_cert_list"]
    assert (tbs["version"].native, listed["signature_algorithm"]["algorithm"].native) == ("v2", "sha256_rsa")
    assert (tbs["this_update"].native, tbs["next_update"].native) == (AT, NEXT)
    found = {item["extn_id"].native: item["critical"].native for item in tbs["crl_extensions"]}
    assert found == {"authority_key_identifier": False, "crl_number": False, "issuing_distribution_point": True}
    assert listed.crl_number_value.native == 300
    assert listed.issuing_distribution_point_value["distribution_point"].native[0] == {
        "country_name": "JP",
        "organization_name": "JPKI-SANDBOX",
        "organizational_unit_name": [
            "JPKI for digital signature" if purpose is Purpose.SIGNATURE else "JPKI for user authentication",
            "Sandbox emulation - not J-LIS",
            "CRL Distribution Points",
        ],
        "common_name": "Card CRLDP" if group == "card" else "Phone CRLDP",
    }
    ca = pem(an_authority(purpose).certificate, tmp_path / "ca.pem")
    said = openssl("crl", "-inform", "DER", "-noout", "-text", "-CAfile", ca, data=der)
    assert "verify OK" in said
    assert "X509v3 Issuing Distribution Point: critical" in said


@pytest.mark.parametrize(("purpose", "medium"), EVERY_KIND)
def test_openssl_finds_the_list_for_the_certificate_and_obeys_it(
    purpose: Purpose, medium: Medium, tmp_path: Path
) -> None:
    ca = pem(an_authority(purpose).certificate, tmp_path / "ca.pem")
    leaf = pem(x509.load_der_x509_certificate(a_certificate(purpose, medium)), tmp_path / "leaf.pem")

    def verify(der: bytes) -> str:
        path = pem(x509.load_der_x509_crl(der), tmp_path / "crl.pem")
        when = str(int(AT.timestamp()) + 60)
        return openssl("verify", "-crl_check", "-attime", when, "-CAfile", ca, "-CRLfile", path, leaf)

    own: MediumGroup = medium.group
    other: MediumGroup = "phone" if own == "card" else "card"
    assert "OK" in verify(build(purpose, own, CrlEntry(SERIAL + 1, AT, Reason.SUPERSEDED)))
    with pytest.raises(RuntimeError, match="certificate revoked"):
        verify(build(purpose, own, CrlEntry(SERIAL, AT, Reason.CERTIFICATE_HOLD)))
    with pytest.raises(RuntimeError, match="different CRL scope"):
        verify(build(purpose, other))


def test_the_scope_is_byte_for_byte_the_certificate_s_distribution_point() -> None:
    certificate = x509.load_der_x509_certificate(a_certificate(Purpose.SIGNATURE, Medium.PHONE_IPHONE))
    (point,) = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    listed = x509.load_der_x509_crl(build(Purpose.SIGNATURE, "phone"))
    scope = listed.extensions.get_extension_for_class(x509.IssuingDistributionPoint).value
    assert point.full_name is not None
    assert scope.full_name is not None
    (theirs,), (ours,) = point.full_name, scope.full_name
    assert isinstance(theirs, x509.DirectoryName)
    assert isinstance(ours, x509.DirectoryName)
    assert theirs.value.public_bytes() == ours.value.public_bytes()


def test_two_thousand_entries_at_once() -> None:
    entries = [CrlEntry(FIRST_SERIAL + i, AT, Reason.CESSATION_OF_OPERATION) for i in range(2000)]
    assert len(entries_of(build(Purpose.SIGNATURE, "phone", *entries))) == 2000


def test_an_empty_list_has_no_entries_field() -> None:
    der = build(Purpose.SIGNATURE, "card")
    assert judge.CertificateList.load(der)["tbs_cert_list"]["revoked_certificates"].native is None


def test_a_serial_twice_is_our_mistake() -> None:
    entry = CrlEntry(SERIAL, AT, Reason.SUPERSEDED)
    with pytest.raises(ValueError, match="listed twice"):
        build(Purpose.SIGNATURE, "card", entry, entry)


def test_a_list_must_end_after_it_begins() -> None:
    with pytest.raises(ValueError):
        crl_building.build(
            Purpose.SIGNATURE,
            "card",
            [],
            number=1,
            this_update=NEXT,
            next_update=AT,
            signer=an_authority(Purpose.SIGNATURE),
        )


def test_a_ca_speaks_for_its_own_purpose_only() -> None:
    with pytest.raises(ValueError, match="does not speak for that purpose"):
        crl_building.build(
            Purpose.SIGNATURE,
            "card",
            [],
            number=1,
            this_update=AT,
            next_update=NEXT,
            signer=an_authority(Purpose.USER_AUTHENTICATION),
        )


def test_naive_times_are_our_mistake() -> None:
    with pytest.raises(ValueError, match="aware"):
        build(Purpose.SIGNATURE, "card", CrlEntry(SERIAL, AT.replace(tzinfo=None), Reason.SUPERSEDED))


def test_an_entry_comes_from_a_standing() -> None:
    assert crl_building.entry(SERIAL, GOOD) is None
    held = Standing(Status.ON_HOLD, Reason.CERTIFICATE_HOLD, AT)
    assert crl_building.entry(SERIAL, held) == CrlEntry(SERIAL, AT, Reason.CERTIFICATE_HOLD)


def test_the_list_is_signed_by_the_generation_it_names() -> None:
    der = crl_building.build(
        Purpose.SIGNATURE,
        "card",
        [],
        number=1,
        this_update=AT,
        next_update=NEXT,
        signer=an_authority(Purpose.SIGNATURE, 2),
    )
    second = an_authority(Purpose.SIGNATURE, 2).certificate
    ski = second.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    assert judge.CertificateList.load(der).authority_key_identifier_value["key_identifier"].native == ski
    assert second.public_bytes(Encoding.DER) != an_authority(Purpose.SIGNATURE).certificate.public_bytes(Encoding.DER)
