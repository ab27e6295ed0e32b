"""A certificate seen before gets the verdict it would get anew, in every respect; nothing is remembered beyond the
anchors, the question and the time it was proven for."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from cryptography import x509
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pure.pki.forge import DAY, MESSAGE, NOW, YEAR, an_authority, rsa_key, sign
from tests.pure.validation.test_each_step_fails_alone import TABLE, Case, issued, signature_ca
from verifier.pki.profiles import Medium, Purpose, World
from verifier.validation.message_signature import MessageSignature
from verifier.validation.question import Question
from verifier.validation.seen import SeenCertificates
from verifier.validation.signature import verify
from verifier.validation.steps import path, reading
from verifier.validation.trust import TrustStore
from verifier.validation.verdict import Step, StepResult, Verdict

SECOND = timedelta(seconds=1)


def judged(case: Case, seen: SeenCertificates | None) -> Verdict:
    question = Question(case.purpose, case.der, MessageSignature(case.signature, case.message), case.medium)
    return verify(question, trust=case.trust, crls=case.crls, world=case.world, at=case.at, seen=seen)


@pytest.fixture
def seen() -> SeenCertificates:
    return SeenCertificates()


def told(verdict: Verdict) -> tuple[object, ...]:
    return (*verdict[:3], [(*step[:3], dict(step.looked_at)) for step in verdict.steps], *verdict[4:])


def test_the_second_time_no_signature_of_a_ca_is_checked(
    seen: SeenCertificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = Case()
    first = judged(case, seen)

    def never(*_: object) -> bool:
        raise AssertionError("checked again")

    monkeypatch.setattr(path, "is_made_by", never)
    monkeypatch.setattr(reading.certificate_format, "parse", never)

    assert told(judged(case, seen)) == told(first)
    assert first.code == "ok"


@pytest.mark.parametrize("case", [pytest.param(row[3], id=f"{row[0]}: {row[2]}") for row in TABLE])
def test_whatever_changes_between_two_looks_the_verdict_is_that_of_a_first_look(
    case: Callable[[], Case], seen: SeenCertificates
) -> None:
    good, other = Case(), case()
    judged(good, seen)
    judged(replace(good, crls=other.crls, message=other.message, signature=other.signature), seen)

    for asked in (other, replace(other, der=good.der), replace(other, trust=good.trust), other):
        assert told(judged(asked, seen)) == told(judged(asked, None))


def test_a_refused_certificate_is_not_remembered(seen: SeenCertificates) -> None:
    for refused in (issued(signer=rsa_key("impostor")), issued(not_after=NOW - DAY), issued(usage_critical=False)):
        judged(refused, seen)
    # Expired but proven and as its profile says: the step about validity comes before that of the profile.
    assert len(seen) == 0


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (NOW - YEAR - SECOND, "cert.not_yet_valid"),
        (NOW - YEAR, "ok"),
        (NOW + YEAR, "ok"),
        (NOW + YEAR + SECOND, "cert.expired"),
        (NOW + 8 * YEAR, "cert.issuer_unknown"),
    ],
)
def test_the_time_is_asked_every_time(seen: SeenCertificates, at: datetime, code: str) -> None:
    listed = signature_ca().crl(this_update=NOW - YEAR - DAY, next_update=NOW + 9 * YEAR)
    case = Case(crls=signature_ca().index(listed))
    judged(case, seen)

    assert judged(replace(case, at=at), seen).code == code


def test_an_anchor_that_ends_first_ends_the_memory(seen: SeenCertificates) -> None:
    authority = an_authority("sign-ending", not_after=NOW + DAY)
    case = Case(
        der=authority.issue(),
        trust=TrustStore((authority.anchor,)),
        crls=authority.index(authority.crl(next_update=NOW + 9 * DAY)),
    )

    assert judged(case, seen).code == "ok"
    assert judged(replace(case, at=NOW + DAY), seen).code == "ok"
    assert judged(replace(case, at=NOW + DAY + SECOND), seen).code == "cert.issuer_unknown"


def test_a_store_of_equal_anchors_shares_no_memory(seen: SeenCertificates, monkeypatch: pytest.MonkeyPatch) -> None:
    case = Case()
    judged(case, seen)
    again = replace(case, trust=TrustStore(case.trust.anchors))
    checked: list[object] = []
    monkeypatch.setattr(path, "is_made_by", lambda *asked: bool(checked.append(asked)) or True)

    assert again.trust == case.trust
    assert judged(again, seen).code == "ok"
    assert len(checked) == 1


def test_an_anchor_that_went_takes_its_memories_along(seen: SeenCertificates) -> None:
    case = Case()
    judged(case, seen)
    without = TrustStore(tuple(anchor for anchor in case.trust.anchors if anchor.purpose is not Purpose.SIGNATURE))

    assert judged(replace(case, trust=without), seen).code == "cert.issuer_unknown"


def test_a_revocation_and_a_wrong_signature_are_noticed(seen: SeenCertificates) -> None:
    case = Case()
    judged(case, seen)
    gone = signature_ca().index(signature_ca().crl([(1001, x509.ReasonFlags.key_compromise)]))

    assert judged(replace(case, crls=gone), seen).code == "cert.revoked"
    assert judged(replace(case, signature=sign("impostor")), seen).code == "sig.mismatch"
    assert judged(case, seen).code == "ok"


def test_the_purpose_the_medium_and_the_world_are_asked_every_time(seen: SeenCertificates) -> None:
    case = Case()
    judged(case, seen)

    assert judged(replace(case, purpose=Purpose.USER_AUTHENTICATION), seen).code == "cert.wrong_kind"
    assert judged(replace(case, medium=Medium.PHONE_IPHONE), seen).code == "cert.medium_contradiction"
    assert judged(replace(case, world=World.PRODUCTION), seen).code == "env.sandbox_certificate"
    assert judged(replace(case, medium=None), seen).code == "ok"


def test_only_so_many_are_remembered_the_last_asked_for_longest() -> None:
    seen = SeenCertificates(capacity=2)
    first, second, third = (issued(serial=serial) for serial in (1, 2, 3))
    trust = first.trust
    for case in (first, second, first, third):
        judged(replace(case, trust=trust), seen)
    asked = (World.SANDBOX, Purpose.SIGNATURE, Medium.CARD)

    assert len(seen) == 2
    kept = [seen.recall(case.der, trust=trust, asked=asked, at=NOW) is not None for case in (first, second, third)]
    assert kept == [True, False, True]


def test_where_nothing_was_looked_at_nothing_is_told_of_the_certificate(seen: SeenCertificates) -> None:
    """A challenge that was used before ends the judgement, whether the certificate is known or not."""
    case, used = Case(), Step("challenge", StepResult.FAILED, "challenge.used", {})
    question = Question(case.purpose, case.der, MessageSignature(case.signature, case.message), case.medium, (used,))
    judged(case, seen)
    verdict = verify(question, trust=case.trust, crls=case.crls, world=case.world, at=case.at, seen=seen)

    assert (verdict.code, verdict.certificate, verdict.anchor_id) == ("challenge.used", None, None)
    assert {step.result for step in verdict.steps[1:]} == {StepResult.NOT_RUN}


DER = Case().der


@given(position=st.integers(0, len(DER) - 1), change=st.integers(1, 255))
@settings(max_examples=100, deadline=None)
def test_a_changed_byte_is_another_certificate(position: int, change: int) -> None:
    seen, case = SeenCertificates(), Case()
    judged(case, seen)
    changed = DER[:position] + bytes((DER[position] ^ change,)) + DER[position + 1 :]

    assert judged(replace(case, der=changed), seen).code != "ok"


def test_threads_share_one_memory() -> None:
    seen, case = SeenCertificates(capacity=3), Case()
    ders = [signature_ca().issue(serial=serial) for serial in range(1, 7)]
    codes: list[str] = []

    def ask() -> None:
        for der in ders * 5:
            codes.append(judged(replace(case, der=der), seen).code)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert codes == ["ok"] * (4 * 5 * len(ders))
    assert len(seen) == 3


def test_the_message_is_not_part_of_the_memory(seen: SeenCertificates) -> None:
    judged(Case(), seen)
    assert judged(replace(Case(), message=MESSAGE + b"."), seen).code == "sig.mismatch"
