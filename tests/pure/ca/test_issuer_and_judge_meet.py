"""Issuer and judge share nouns and no verdict; here they meet: what one makes, the other must understand."""

from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from testenv.ca import crl_building, issuance
from testenv.ca.crl_building import CrlEntry
from testenv.tsm.secure_element import SecureElement, SigningDevice, TestCard
from tests.pure.ca.made import AT, EVERY_KIND, HOLDER, SERIAL, an_authority, asked
from verifier.pki import certificate, names
from verifier.pki.profiles import Medium, Purpose, World, crl_dp_name
from verifier.pki.reasons import RevocationReason as Reason
from verifier.validation import revocation
from verifier.validation.crl_index import CrlIndex
from verifier.validation.message_signature import MessageSignature
from verifier.validation.question import Question
from verifier.validation.signature import verify
from verifier.validation.trust import TrustAnchor, TrustStore
from verifier.validation.verdict import Verdict

CHEAP = 2
NOW = AT + timedelta(minutes=1)


@cache
def anchor(purpose: Purpose) -> TrustAnchor:
    der = an_authority(purpose).certificate.public_bytes(Encoding.DER)
    return TrustAnchor(f"anchor {purpose}", purpose, World.SANDBOX, certificate.parse(der))


@cache
def device(purpose: Purpose, medium: Medium) -> SigningDevice:
    """A card or phone that went through making of keys, issuing and personalising, with its PIN shown."""
    carrier: Any = TestCard.blank("c") if medium is Medium.CARD else SecureElement("se").install_applet()
    carrier = carrier.set_pin(purpose, HOLDER.pins.of(purpose), cost=CHEAP).make_key_pair(purpose)
    issued = issuance.issue(
        asked(purpose, medium, public_key=carrier.public_key(purpose)), signer=an_authority(purpose)
    )
    _, opened = carrier.personalise(purpose, issued).verify_pin(purpose, HOLDER.pins.of(purpose))
    signing: SigningDevice = opened
    return signing


def lists(purpose: Purpose, medium: Medium, *entries: CrlEntry) -> CrlIndex:
    der = crl_building.build(
        purpose,
        medium.group,
        entries,
        number=1,
        this_update=AT,
        next_update=AT + timedelta(days=1),
        signer=an_authority(purpose),
    )
    dp_name = names.normalised(crl_dp_name(purpose, medium.group, World.SANDBOX))
    return CrlIndex([revocation.accept_crl(der, issuer=anchor(purpose), dp_name=dp_name, at=NOW)])


def judged(purpose: Purpose, medium: Medium, crls: CrlIndex, message: bytes = b"message") -> Verdict:
    signer = device(purpose, medium)
    question = Question(
        purpose, signer.read_certificate(purpose), MessageSignature(signer.sign(purpose, b"message"), message), medium
    )
    store = TrustStore(tuple(anchor(each) for each in Purpose))
    return verify(question, trust=store, crls=crls, world=World.SANDBOX, at=NOW)


EVERY = pytest.mark.parametrize(("purpose", "medium"), EVERY_KIND)


@EVERY
def test_a_good_certificate_is_valid(purpose: Purpose, medium: Medium) -> None:
    verdict = judged(purpose, medium, lists(purpose, medium, CrlEntry(SERIAL + 1, AT, Reason.SUPERSEDED)))
    assert (verdict.status, verdict.code) == ("valid", "ok")
    assert verdict.kind is not None
    assert (verdict.kind.purpose, verdict.kind.medium) == (purpose, medium)


@EVERY
@pytest.mark.parametrize(
    ("reason", "code"),
    [(Reason.CERTIFICATE_HOLD, "cert.on_hold"), (Reason.UNSPECIFIED, "cert.revoked")],
)
def test_a_listed_certificate_is_not(purpose: Purpose, medium: Medium, reason: Reason, code: str) -> None:
    verdict = judged(purpose, medium, lists(purpose, medium, CrlEntry(SERIAL, AT, reason)))
    assert (verdict.status, verdict.code) == ("invalid", code)


@EVERY
def test_the_list_of_the_other_medium_says_nothing_about_it(purpose: Purpose, medium: Medium) -> None:
    other = Medium.PHONE_ANDROID if medium is Medium.CARD else Medium.CARD
    verdict = judged(purpose, medium, lists(purpose, other))
    assert (verdict.status, verdict.code) == ("indeterminate", "revocation.source_missing")


@EVERY
def test_another_message_is_not_what_was_signed(purpose: Purpose, medium: Medium) -> None:
    verdict = judged(purpose, medium, lists(purpose, medium), message=b"another")
    assert (verdict.status, verdict.code) == ("invalid", "sig.mismatch")
