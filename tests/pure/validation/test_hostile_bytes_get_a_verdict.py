"""Whatever the bytes, `verify` answers, and nothing that was changed is valid."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pure.pki.forge import MESSAGE, NOW, an_authority, sign
from verifier.pki.profiles import Medium, Purpose, World
from verifier.validation.message_signature import MessageSignature
from verifier.validation.question import Question
from verifier.validation.signature import STEP_IDS, verify
from verifier.validation.trust import TrustStore
from verifier.validation.verdict import Status, Verdict

CA = an_authority("sign-1")
DER = CA.issue()
SIGNATURE = sign("holder")
TRUST = TrustStore((CA.anchor,))
CRLS = CA.index(CA.crl())


def judged(der: bytes, signature: bytes = SIGNATURE, message: bytes = MESSAGE) -> Verdict:
    question = Question(Purpose.SIGNATURE, der, MessageSignature(signature, message), Medium.CARD)
    return verify(question, trust=TRUST, crls=CRLS, world=World.SANDBOX, at=NOW)


def test_the_unchanged_bytes_are_valid() -> None:
    assert judged(DER).status is Status.VALID


@given(position=st.integers(0, len(DER) - 1), change=st.integers(1, 255))
@settings(max_examples=500, deadline=None)
def test_one_changed_byte_of_the_certificate_is_never_valid(position: int, change: int) -> None:
    data = DER[:position] + bytes((DER[position] ^ change,)) + DER[position + 1 :]
    verdict = judged(data)

    assert verdict.status is Status.INVALID
    assert verdict.needs == ()
    assert [step.id for step in verdict.steps] == list(STEP_IDS)


@given(start=st.integers(0, len(DER)), removed=st.integers(0, 40), inserted=st.binary(max_size=40))
@settings(max_examples=300, deadline=None)
def test_a_spliced_certificate_is_never_valid(start: int, removed: int, inserted: bytes) -> None:
    data = DER[:start] + inserted + DER[start + removed :]
    if data != DER:
        assert judged(data).status is Status.INVALID


@given(signature=st.binary(max_size=300), message=st.binary(max_size=64))
@settings(max_examples=100, deadline=None)
def test_a_made_up_signature_is_never_valid(signature: bytes, message: bytes) -> None:
    assert judged(DER, signature, message).status is Status.INVALID


@given(position=st.integers(0, 255), change=st.integers(1, 255))
@settings(max_examples=100, deadline=None)
def test_one_changed_byte_of_the_signature_is_never_valid(position: int, change: int) -> None:
    data = SIGNATURE[:position] + bytes((SIGNATURE[position] ^ change,)) + SIGNATURE[position + 1 :]
    assert judged(DER, data).code == "sig.mismatch"
