"""Certificates, list and signatures made by the openssl command (tests/vectors/pki), judged as their maker meant."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from verifier.pki import certificate, crl
from verifier.pki.profiles import Medium, Purpose, World, kind
from verifier.pki.reasons import RevocationReason
from verifier.pki.subject import BirthDate, Sex
from verifier.validation.crl_index import CrlIndex
from verifier.validation.message_signature import MessageSignature
from verifier.validation.question import Question
from verifier.validation.revocation import accept_crl
from verifier.validation.signature import verify
from verifier.validation.trust import TrustAnchor, TrustStore

FOLDER = Path(__file__).parents[2] / "vectors" / "pki"
NOON = datetime(2026, 12, 1, 3, 0, 0, tzinfo=UTC)


def read(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def test_the_certificate_is_read_as_its_maker_wrote_it() -> None:
    parsed = certificate.parse(read("good.der"))
    attributes = parsed.basic_attributes

    assert parsed.serial == 0x0132C4AC
    assert parsed.policies == (kind(Purpose.SIGNATURE, Medium.CARD, World.SANDBOX).policy_oid,)
    assert parsed.not_after == datetime(2031, 2, 16, 14, 59, 59, tzinfo=UTC)
    assert attributes is not None
    assert (attributes.name, attributes.name_substitutes) == ("髙橋　花子", "10000")
    assert (attributes.birth_date, attributes.sex) == (BirthDate("419900217"), Sex.FEMALE)
    assert attributes.address == "東京都千代田区霞が関一丁目"


def test_the_list_is_read_as_its_maker_wrote_it() -> None:
    parsed = crl.parse(read("list.der"))

    assert (parsed.number, parsed.this_update) == (42, datetime(2026, 11, 30, 15, tzinfo=UTC))
    assert [(entry.serial, entry.reason) for entry in parsed.entries()] == [
        (0x0132C4AD, RevocationReason.CERTIFICATE_HOLD),
        (0x0132C4AE, RevocationReason.AFFILIATION_CHANGED),
    ]


@pytest.mark.parametrize(("name", "code"), [("good", "ok"), ("held", "cert.on_hold"), ("moved", "cert.revoked")])
def test_the_judgement_is_the_one_its_maker_meant(name: str, code: str) -> None:
    anchor = TrustAnchor("openssl", Purpose.SIGNATURE, World.SANDBOX, certificate.parse(read("ca.der")))
    (point,) = certificate.parse(read(f"{name}.der")).crl_dp_names
    dp_name = crl.parse(read("list.der")).dp_key
    assert dp_name is not None
    assert crl.parse(read("list.der")).dp_name == point
    evidence = accept_crl(read("list.der"), issuer=anchor, dp_name=dp_name, at=NOON)
    question = Question(
        Purpose.SIGNATURE, read(f"{name}.der"), MessageSignature(read(f"{name}.sig"), read("message.bin")), Medium.CARD
    )

    verdict = verify(question, trust=TrustStore((anchor,)), crls=CrlIndex([evidence]), world=World.SANDBOX, at=NOON)

    assert verdict.code == code
