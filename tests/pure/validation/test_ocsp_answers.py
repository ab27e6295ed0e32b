"""An OCSP answer is believed only if every rule holds; each breach has its own code, and hostile bytes have one too."""

from dataclasses import replace
from typing import Any

import pytest
from cryptography import x509
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pure.pki.forge import DAY, NOW, YEAR
from tests.pure.validation.ocsp_forge import (
    CA,
    MINUTE,
    NONCE,
    OTHER,
    RULES,
    SERIAL,
    about,
    asked,
    delegate,
    response,
    unsuccessful,
)
from verifier.pki import ocsp
from verifier.pki.errors import MalformedInput
from verifier.pki.reasons import RevocationReason
from verifier.validation import ocsp_answers
from verifier.validation.crl_index import CrlIndex
from verifier.validation.ocsp_evidence import NonceRule, OcspEvidence
from verifier.validation.verdict import RevocationStatus

HOUR = 60 * MINUTE
LONG_LIVED = delegate("long", not_after=NOW + YEAR, serial=78)
UNCHECKED = delegate("unchecked", nocheck=False, serial=79)


def judged(der: bytes, *, nonce: bytes | None = NONCE, crls: CrlIndex | None = None, **rules: Any) -> OcspEvidence:
    return ocsp_answers.accept(
        der,
        asked=asked(nonce),
        rules=replace(RULES, **rules),
        crls=crls or CrlIndex(),
        at=NOW,
        fetched_at=NOW,
        responder="test",
    )


def refused(der: bytes, **how: Any) -> str:
    with pytest.raises(MalformedInput) as caught:
        judged(der, **how)
    return caught.value.code


@pytest.mark.parametrize(
    ("status", "expected", "reason"),
    [
        ("good", RevocationStatus.GOOD, None),
        ("unknown", RevocationStatus.UNKNOWN, None),
        ((NOW - DAY, "certificate_hold"), RevocationStatus.ON_HOLD, RevocationReason.CERTIFICATE_HOLD),
        ((NOW - DAY, "affiliation_changed"), RevocationStatus.REVOKED, RevocationReason.AFFILIATION_CHANGED),
        ((NOW - DAY, None), RevocationStatus.REVOKED, RevocationReason.UNSPECIFIED),
    ],
)
def test_what_it_says(status: Any, expected: RevocationStatus, reason: RevocationReason | None) -> None:
    evidence = judged(response(status))
    assert (evidence.status, evidence.reason, evidence.nonce_matched) == (expected, reason, True)
    assert evidence.revoked_at == (NOW - DAY if reason is not None else None)


@pytest.mark.parametrize("by_name", [True, False])
@pytest.mark.parametrize("certificates", [(), (delegate(),)])
def test_the_issuer_itself_or_its_delegate_may_answer(by_name: bool, certificates: tuple[bytes, ...]) -> None:
    signer = "delegate" if certificates else CA.label
    der = response(signer=signer, certificates=certificates, by_name=by_name)
    assert judged(der).status is RevocationStatus.GOOD


@pytest.mark.parametrize(
    ("der", "code"),
    [
        (response(which=about(serial=SERIAL + 1)), "ocsp.other_certificate"),
        (response(which=about(ca=OTHER)), "ocsp.other_certificate"),
        (response(which=about(hash_name="sha256")), "ocsp.other_certificate"),
        (response(which=replace(about(), issuer_name_hash=b"n" * 20)), "ocsp.other_certificate"),
        (response(critical=True), "ocsp.unknown_critical_extension"),
        (response(signer="somebody"), "ocsp.bad_signature"),
        (response(certificates=(), named=delegate()), "ocsp.unknown_responder"),
        (response(named=delegate("second", serial=80)), "ocsp.unknown_responder"),
        # The other generation: its name is the issuer's, its key is not.
        (
            response(signer=OTHER.label, certificates=(), named=OTHER.certificate_der, by_name=True),
            "ocsp.bad_signature",
        ),
        (response(signer=OTHER.label, certificates=(OTHER.certificate_der,)), "ocsp.delegate"),
        (response(certificates=(delegate(issuer=OTHER),)), "ocsp.delegate"),
        (response(certificates=(delegate(signer="somebody"),)), "ocsp.delegate"),
        (response(certificates=(delegate(eku=False),)), "ocsp.delegate"),
        (response(certificates=(delegate(usage=("content_commitment",)),)), "ocsp.delegate"),
        (response(certificates=(delegate(usage=None),)), "ocsp.delegate"),
        (response(certificates=(delegate(not_after=NOW - MINUTE),)), "ocsp.delegate"),
        (response(certificates=(delegate(not_before=NOW + MINUTE),)), "ocsp.delegate"),
        (response(certificates=(delegate(unknown=True),)), "ocsp.delegate"),
        (response(certificates=(LONG_LIVED,), signer="long"), "ocsp.delegate_unchecked"),
        (response(certificates=(UNCHECKED,), signer="unchecked"), "ocsp.delegate_unchecked"),
        (response(nonce=None), "ocsp.nonce_missing"),
        (response(nonce=b"x" * 32), "ocsp.nonce_mismatch"),
        (response(next_update=NOW - 2 * MINUTE, this_update=NOW - HOUR), "ocsp.stale"),
        (response(next_update=None, this_update=NOW - 17 * MINUTE), "ocsp.stale"),
        (response(this_update=NOW + 2 * MINUTE, produced_at=NOW + 2 * MINUTE), "ocsp.not_yet_valid"),
        (response(produced_at=NOW + 2 * MINUTE), "ocsp.not_yet_valid"),
        (response(next_update=NOW - HOUR), "ocsp.times"),
        (response(produced_at=NOW - HOUR), "ocsp.times"),
        (response(copies=2), "ocsp.malformed"),
        (response() + b"\x00", "ocsp.malformed"),
        (b"", "ocsp.malformed"),
        (b"<html>", "ocsp.malformed"),
        (b"\x30" * (ocsp.MAX_RESPONSE_BYTES + 1), "ocsp.malformed"),
        (response(certificates=(delegate(),) * 9), "ocsp.malformed"),
        (unsuccessful("unauthorized"), "ocsp.unauthorized"),
        (unsuccessful("try_later"), "ocsp.try_later"),
        (unsuccessful("internal_error"), "ocsp.internal_error"),
        (unsuccessful("malformed_request"), "ocsp.malformed_request"),
        (unsuccessful("sign_required"), "ocsp.sig_required"),
    ],
)
def test_each_breach_has_its_code(der: bytes, code: str) -> None:
    assert refused(der) == code


def test_a_nonce_is_compared_where_one_was_sent_and_suspect_where_none_was() -> None:
    assert judged(response()).nonce_matched is True
    assert refused(response(), nonce=None) == "ocsp.nonce_mismatch"
    assert judged(response(nonce=None), nonce=None).nonce_matched is None


def test_the_profile_says_what_an_absent_nonce_means() -> None:
    evidence = ocsp_answers.accept(
        response(nonce=None),
        asked=asked(NONCE),
        rules=replace(RULES, nonce=NonceRule.ALLOWED),
        crls=CrlIndex(),
        at=NOW,
        fetched_at=NOW,
        responder="test",
    )
    assert (evidence.status, evidence.nonce_matched) == (RevocationStatus.GOOD, False)


def test_skew_is_allowed_on_either_side_and_no_more() -> None:
    late = response(next_update=NOW - MINUTE, this_update=NOW - HOUR)
    assert judged(late).status is RevocationStatus.GOOD
    early = response(this_update=NOW + MINUTE, produced_at=NOW + MINUTE)
    assert judged(early).status is RevocationStatus.GOOD
    assert refused(late, skew=MINUTE * 0) == "ocsp.stale"
    assert refused(early, skew=MINUTE * 0) == "ocsp.not_yet_valid"


def test_a_final_revocation_counts_however_old_and_a_hold_does_not() -> None:
    old = {"this_update": NOW - 3 * DAY, "next_update": NOW - 2 * DAY, "produced_at": NOW - 3 * DAY}
    assert judged(response((NOW - 4 * DAY, "key_compromise"), **old)).status is RevocationStatus.REVOKED
    assert refused(response((NOW - 4 * DAY, "certificate_hold"), **old)) == "ocsp.stale"


@pytest.mark.parametrize(("label", "der"), [("long", LONG_LIVED), ("unchecked", UNCHECKED)])
def test_a_delegate_that_lives_long_or_has_no_nocheck_is_looked_up_in_the_list(label: str, der: bytes) -> None:
    answer = response(certificates=(der,), signer=label)
    serial = 78 if label == "long" else 79
    held = x509.ReasonFlags.certificate_hold
    assert judged(answer, crls=CA.index(CA.crl())).status is RevocationStatus.GOOD
    assert refused(answer, crls=CA.index(CA.crl([(serial, None)]))) == "ocsp.delegate_revoked"
    assert refused(answer, crls=CA.index(CA.crl([(serial, held)]))) == "ocsp.delegate_revoked"


def test_a_list_speaks_against_nocheck_too() -> None:
    assert refused(response(), crls=CA.index(CA.crl([(77, None)]))) == "ocsp.delegate_revoked"


def test_a_response_of_another_type_or_with_a_broken_certificate_is_told() -> None:
    der = response(certificates=(delegate(), delegate("second", serial=80)))
    broken = der.replace(b"\x02\x01\x50\x30", b"\x02\x01\xd0\x30")  # the second one's serial is negative now
    assert broken != der
    assert judged(broken).status is RevocationStatus.GOOD


@settings(deadline=1000, max_examples=400)
@given(data=st.data())
def test_damaged_answers_get_a_code_or_are_untouched_where_it_counts(data: st.DataObject) -> None:
    der = bytearray(response())
    for _ in range(data.draw(st.integers(1, 3))):
        der[data.draw(st.integers(0, len(der) - 1))] = data.draw(st.integers(0, 255))
    damaged = bytes(der[: data.draw(st.integers(0, len(der)))])
    try:
        evidence = judged(damaged)
    except MalformedInput as error:
        told = error.code.partition(".")[0]
    else:
        told = evidence.status.value  # what is signed was not changed
    assert told in ("ocsp", "good")


@settings(deadline=1000, max_examples=200)
@given(st.binary(max_size=400))
def test_any_bytes_get_a_code(data: bytes) -> None:
    assert refused(data).startswith("ocsp.")
