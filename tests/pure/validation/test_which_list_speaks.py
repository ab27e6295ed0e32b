"""Lists: which are taken in, which one speaks for a certificate, and what wins when they differ."""

from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography import x509

from tests.pure.pki.forge import DAY, NOW, an_authority, plain_pss, rsa_key
from verifier.pki import certificate
from verifier.pki.errors import MalformedInput, RefusedCrl
from verifier.pki.profiles import Purpose, World, ca_name
from verifier.validation.crl_index import CrlIndex
from verifier.validation.revocation import accept_crl, check
from verifier.validation.verdict import RevocationFinding, RevocationStatus

CA = an_authority("sign-1")
CERTIFICATE = certificate.parse(CA.issue())
HOLD = [(1001, x509.ReasonFlags.certificate_hold)]
GONE = [(1001, x509.ReasonFlags.affiliation_changed)]
SECOND = timedelta(seconds=1)


def finding(*lists: bytes, accepted_at: object = NOW) -> RevocationFinding:
    return check(CERTIFICATE, issuer=CA.anchor, crls=CA.index(*lists, at=accepted_at), at=NOW).finding  # type: ignore[arg-type]


REFUSALS = {
    "another key": ("crl.bad_signature", {"signer": rsa_key("impostor")}),
    "another algorithm": ("crl.algorithm", {"rsa_padding": plain_pss()}),
    "another issuer name": ("crl.wrong_issuer", {"issuer": ca_name(Purpose.USER_AUTHENTICATION, World.SANDBOX)}),
    "the phone's list": ("crl.wrong_distribution_point", {"group": "phone"}),
    "no distribution point": ("crl.wrong_distribution_point", {"with_idp": False}),
    "from the future": ("crl.not_yet_valid", {"this_update": NOW + SECOND}),
    "stale": ("crl.stale", {"next_update": NOW - SECOND}),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_list_is_refused_by_name(name: str) -> None:
    code, changes = REFUSALS[name]
    with pytest.raises(RefusedCrl) as caught:
        CA.evidence(CA.crl(**changes))  # type: ignore[arg-type]
    assert caught.value.code == code


def test_a_ca_that_may_not_sign_lists_cannot() -> None:
    other = an_authority("sign-no-crl", usage=("key_cert_sign",))
    with pytest.raises(RefusedCrl) as caught:
        other.evidence(other.crl())
    assert caught.value.code == "crl.bad_signature"


def test_a_changed_byte_is_a_bad_signature_before_any_entry_is_read() -> None:
    data = CA.crl(GONE)
    position = data.index(b"\x02\x02\x03\xe9")
    broken = data[:position] + b"\x04" + data[position + 1 :]
    with pytest.raises(MalformedInput) as caught:
        CA.evidence(broken)
    assert caught.value.code == "crl.bad_signature"


def test_the_ends_of_the_window_are_fresh() -> None:
    assert finding(CA.crl(this_update=NOW)).status is RevocationStatus.GOOD
    assert finding(CA.crl(next_update=NOW)).status is RevocationStatus.GOOD


def test_evidence_says_where_and_when_it_comes_from() -> None:
    evidence = accept_crl(
        CA.crl(), issuer=CA.anchor, dp_name=CA.dp_key(), at=NOW, source="responder", fetched_at=NOW - SECOND
    )
    told = check(CERTIFICATE, issuer=CA.anchor, crls=CrlIndex([evidence]), at=NOW).finding

    assert (told.source, told.fetched_at, told.number, told.age_seconds) == ("responder", NOW - SECOND, 7, 43200)
    assert told.distribution_point.startswith("C=JP, O=JPKI-SANDBOX, ")


def test_the_newest_fresh_list_lifts_a_hold() -> None:
    held = CA.crl(HOLD, number=7, this_update=NOW - 2 * SECOND)
    released = CA.crl(number=8, this_update=NOW - SECOND)

    assert finding(held).status is RevocationStatus.ON_HOLD
    assert finding(held, released).status is RevocationStatus.GOOD
    assert finding(released, held).status is RevocationStatus.GOOD


def test_a_final_revocation_is_never_lifted() -> None:
    gone = CA.crl(GONE, number=7, this_update=NOW - 2 * SECOND)
    clean = CA.crl(number=8, this_update=NOW - SECOND)

    assert finding(gone, clean).status is RevocationStatus.REVOKED
    assert finding(clean, gone).status is RevocationStatus.REVOKED


def test_a_stale_list_proves_a_final_revocation_but_neither_hold_nor_good() -> None:
    def old(entries: list[tuple[int, x509.ReasonFlags]]) -> RevocationFinding:
        data = CA.crl(entries, this_update=NOW - 3 * DAY, next_update=NOW - 2 * DAY)
        return finding(data, accepted_at=NOW - 2 * DAY)

    assert old(GONE).status is RevocationStatus.REVOKED
    assert old(HOLD).status is RevocationStatus.STALE
    assert old(HOLD).reason is None
    assert old([]).status is RevocationStatus.STALE


def test_a_list_that_has_not_begun_says_nothing() -> None:
    later = CA.crl(GONE, this_update=NOW + DAY, next_update=NOW + 2 * DAY)
    assert finding(later, accepted_at=NOW + DAY).status is RevocationStatus.MISSING


def test_another_keys_list_says_nothing_even_when_filed_under_the_same_name() -> None:
    other = an_authority("sign-2")
    index = other.index(other.crl(GONE))
    assert check(CERTIFICATE, issuer=CA.anchor, crls=index, at=NOW).finding.status is RevocationStatus.MISSING


def test_names_of_distribution_points_are_compared_without_case_and_spaces() -> None:
    spelled = x509.Name(
        [x509.NameAttribute(attribute.oid, attribute.value.upper().replace(" ", "  ")) for attribute in CA.dp_name()]
    )
    assert finding(CA.crl(dp=spelled)).status is RevocationStatus.GOOD


def test_without_a_distribution_point_the_cas_own_list_is_asked_for() -> None:
    bare = certificate.parse(CA.issue(with_dp=False))
    answer = check(bare, issuer=CA.anchor, crls=CA.index(CA.crl()), at=NOW)

    assert answer.finding.status is RevocationStatus.MISSING
    assert [need.dp_name for need in answer.needs] == [CA.anchor.certificate.subject_key]


def test_needs_name_the_list_that_went_stale() -> None:
    data = CA.crl(this_update=NOW - 3 * DAY, next_update=NOW - 2 * DAY)
    answer = check(CERTIFICATE, issuer=CA.anchor, crls=CA.index(data, at=NOW - 2 * DAY), at=NOW)

    assert [(need.issuer_key_id, need.dp_name) for need in answer.needs] == [(CA.anchor.key_id, CA.dp_key())]


def test_one_of_several_distribution_points_is_enough_to_revoke() -> None:
    phone = x509.DistributionPoint([x509.DirectoryName(CA.dp_name("phone"))], None, None, None)
    card = x509.DistributionPoint([x509.DirectoryName(CA.dp_name("card"))], None, None, None)
    both = certificate.parse(CA.issue(with_dp=False, extra=((x509.CRLDistributionPoints([phone, card]), False),)))
    good, gone = CA.evidence(CA.crl(group="phone"), group="phone"), CA.evidence(CA.crl(GONE))

    for order in ([good, gone], [gone, good]):
        assert check(both, issuer=CA.anchor, crls=CrlIndex(order), at=NOW).finding.status is RevocationStatus.REVOKED
    assert check(both, issuer=CA.anchor, crls=CrlIndex([good]), at=NOW).finding.status is RevocationStatus.GOOD


@pytest.mark.parametrize(("entries", "status"), [(GONE, RevocationStatus.REVOKED), (HOLD, RevocationStatus.ON_HOLD)])
def test_of_two_series_of_one_distribution_point_either_is_enough(
    entries: list[tuple[int, x509.ReasonFlags]], status: RevocationStatus
) -> None:
    """Even where the other one is newer: their numbers and times say nothing about each other."""
    told = replace(CA.evidence(CA.crl(entries, number=3, this_update=NOW - 2 * SECOND)), series="second")
    clean = CA.evidence(CA.crl(number=9, this_update=NOW - SECOND))
    for order in ([told, clean], [clean, told]):
        assert check(CERTIFICATE, issuer=CA.anchor, crls=CrlIndex(order), at=NOW).finding.status is status


def test_a_stale_series_hides_nothing_another_says() -> None:
    day = CA.crl(HOLD, this_update=NOW - 3 * DAY, next_update=NOW - 2 * DAY)
    stale = replace(CA.evidence(day, at=NOW - 2 * DAY), series="second")
    answers = [
        check(CERTIFICATE, issuer=CA.anchor, crls=CrlIndex([stale, CA.evidence(each)]), at=NOW).finding.status
        for each in (CA.crl(), CA.crl(HOLD))
    ]
    assert answers == [RevocationStatus.GOOD, RevocationStatus.ON_HOLD]


def test_an_authority_key_identifier_of_another_key_is_the_wrong_issuer() -> None:
    misled = replace(CA.anchor)
    identifier = x509.AuthorityKeyIdentifier(b"\x01" * 20, None, None)
    data = CA.crl(with_aki=False, extra=((identifier, False),))
    with pytest.raises(RefusedCrl) as caught:
        accept_crl(data, issuer=misled, dp_name=CA.dp_key(), at=NOW)
    assert caught.value.code == "crl.wrong_issuer"
