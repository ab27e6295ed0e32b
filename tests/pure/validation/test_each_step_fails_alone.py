"""One good case; each row changes one input and sees exactly one step fail: all before it passed, all after not run."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.pure.pki.forge import (
    DAY,
    MESSAGE,
    NOW,
    YEAR,
    Authority,
    an_authority,
    plain_pss,
    raw_block_signature,
    reforged,
    rsa_key,
    sign,
    unknown_extension,
)
from verifier.pki import oids
from verifier.pki.profiles import Medium, Purpose, World, ca_name, crl_dp_name, kind
from verifier.validation.crl_index import CrlIndex
from verifier.validation.message_signature import MessageSignature
from verifier.validation.question import Question
from verifier.validation.signature import STEP_IDS, inspect, verify
from verifier.validation.trust import TrustStore
from verifier.validation.verdict import Status, StepResult, Verdict


def signature_ca() -> Authority:
    return an_authority("sign-1")


def authentication_ca() -> Authority:
    return an_authority("auth-1", Purpose.USER_AUTHENTICATION)


@dataclass(frozen=True)
class Case:
    der: bytes = field(default_factory=lambda: signature_ca().issue())
    purpose: Purpose = Purpose.SIGNATURE
    medium: Medium | None = Medium.CARD
    signature: bytes = field(default_factory=lambda: sign("holder"))
    message: bytes = MESSAGE
    trust: TrustStore = field(default_factory=lambda: TrustStore((signature_ca().anchor, authentication_ca().anchor)))
    crls: CrlIndex = field(default_factory=lambda: signature_ca().index(signature_ca().crl()))
    world: World = World.SANDBOX
    at: datetime = NOW

    def judged(self) -> Verdict:
        question = Question(self.purpose, self.der, MessageSignature(self.signature, self.message), self.medium)
        return verify(question, trust=self.trust, crls=self.crls, world=self.world, at=self.at)


def issued(**changes: object) -> Case:
    return Case(der=signature_ca().issue(**changes))  # type: ignore[arg-type]


def listed(*entries: tuple[int, x509.ReasonFlags | None]) -> Case:
    return Case(crls=signature_ca().index(signature_ca().crl(entries)))


def unfit_anchor(label: str, **changes: object) -> Case:
    authority = an_authority(label, **changes)  # type: ignore[arg-type]
    return Case(der=authority.issue(), trust=TrustStore((authority.anchor,)))


def anchored(**changes: object) -> Case:
    return Case(trust=TrustStore((replace(signature_ca().anchor, **changes),)))  # type: ignore[arg-type]


CARD_LIST = crl_dp_name(Purpose.SIGNATURE, "card", World.PRODUCTION)


def production(dp: x509.Name | None = None) -> Case:
    authority = an_authority("sign-production", world=World.PRODUCTION)
    row = kind(Purpose.SIGNATURE, Medium.CARD, World.PRODUCTION)
    return Case(
        der=authority.issue(policies=(row.policy_oid,), dp=dp),
        trust=TrustStore((authority.anchor,)),
        crls=authority.index(authority.crl()),
        world=World.PRODUCTION,
    )


def with_serial(serial: int) -> Case:
    def change(tbs: object) -> None:
        tbs["serial_number"] = serial  # type: ignore[index]

    return Case(der=reforged(signature_ca().issue(), "sign-1", change))


def version_one() -> Case:
    def change(tbs: object) -> None:
        tbs["version"] = "v1"  # type: ignore[index]
        del tbs["extensions"]  # type: ignore[attr-defined]

    return Case(der=reforged(signature_ca().issue(), "sign-1", change))


def repeated_extension() -> Case:
    def change(tbs: object) -> None:
        tbs["extensions"].append(tbs["extensions"][0].copy())  # type: ignore[index]

    return Case(der=reforged(signature_ca().issue(), "sign-1", change))


def flipped(der: bytes, position: int) -> bytes:
    return der[:position] + bytes((der[position] ^ 1,)) + der[position + 1 :]


def absurd_date() -> Case:
    der = signature_ca().issue()
    position = der.index(b"\x17\x0d") + 2
    return Case(der=der[:position] + b"261340" + der[position + 6 :])


def stale() -> Case:
    old = signature_ca().crl(this_update=NOW - 3 * DAY, next_update=NOW - 2 * DAY)
    return Case(crls=signature_ca().index(old, at=NOW - 2 * DAY))


good = Case
sandbox_policy = kind(Purpose.SIGNATURE, Medium.CARD, World.SANDBOX).policy_oid
sandbox_iphone_policy = kind(Purpose.SIGNATURE, Medium.PHONE_IPHONE, World.SANDBOX).policy_oid

no_mappings = x509.UnrecognizedExtension(x509.ObjectIdentifier(oids.POLICY_MAPPINGS), b"\x05\x00")
P521 = ec.generate_private_key(ec.SECP521R1())
MANY_POLICIES = (sandbox_policy, *(f"2.999.{number}" for number in range(64)))


def restricted_to(*purposes: x509.ObjectIdentifier, critical: bool) -> Case:
    return issued(extra=((x509.ExtendedKeyUsage(purposes), critical),))


def constrained() -> Case:
    """An anchor that may certify other people's names alone."""
    country = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "XA")])
    constraints = x509.NameConstraints([x509.DirectoryName(country)], None)
    authority = an_authority("sign-constrained", extra=((constraints, True),))
    return Case(der=authority.issue(), trust=TrustStore((authority.anchor,)))


TABLE: list[tuple[str, str, str, Callable[[], Case]]] = [
    # format
    ("format", "cert.malformed", "empty", lambda: Case(der=b"")),
    ("format", "cert.malformed", "not DER", lambda: Case(der=b"-----BEGIN CERTIFICATE-----")),
    ("format", "cert.malformed", "truncated", lambda: Case(der=good().der[:-1])),
    ("format", "cert.malformed", "trailing bytes", lambda: Case(der=good().der + b"\x00")),
    ("format", "cert.malformed", "too large", lambda: Case(der=good().der + b"\x00" * 16384)),
    ("format", "cert.malformed", "negative serial", lambda: with_serial(-5)),
    ("format", "cert.malformed", "zero serial", lambda: with_serial(0)),
    ("format", "cert.malformed", "40-byte serial", lambda: with_serial(1 << 318)),
    ("format", "cert.malformed", "version 1", version_one),
    ("format", "cert.malformed", "repeated extension", repeated_extension),
    ("format", "cert.malformed", "policy mappings that are none", lambda: issued(extra=((no_mappings, False),))),
    ("format", "cert.malformed", "month 13, day 40", absurd_date),
    # kind
    (
        "kind",
        "cert.wrong_kind",
        "signature certificate for a log-in",
        lambda: Case(purpose=Purpose.USER_AUTHENTICATION),
    ),
    ("kind", "cert.unknown_kind", "no policy", lambda: issued(policies=())),
    ("kind", "cert.unknown_kind", "unknown policy", lambda: issued(policies=("2.999.1",))),
    (
        "kind",
        "cert.unknown_kind",
        "two known policies",
        lambda: issued(policies=(sandbox_policy, sandbox_iphone_policy)),
    ),
    (
        "kind",
        "cert.unknown_kind",
        "policy contradicts issuer",
        lambda: issued(issuer=ca_name(Purpose.USER_AUTHENTICATION, World.SANDBOX)),
    ),
    (
        "kind",
        "cert.unknown_kind",
        "issuer nobody knows",
        lambda: issued(issuer=x509.Name.from_rfc4514_string("CN=Some CA,C=JP")),
    ),
    ("kind", "cert.medium_contradiction", "app says phone", lambda: Case(medium=Medium.PHONE_IPHONE)),
    ("kind", "env.sandbox_certificate", "shown to production", lambda: Case(world=World.PRODUCTION)),
    ("kind", "env.production_certificate", "shown to the sandbox", lambda: replace(production(), world=World.SANDBOX)),
    (
        "kind",
        "env.production_certificate",
        "real issuer, unpublished policy",
        lambda: issued(issuer=ca_name(Purpose.SIGNATURE, World.PRODUCTION), policies=("2.999.1",)),
    ),
    # issuer
    ("issuer", "cert.issuer_unknown", "no anchors", lambda: Case(trust=TrustStore(()))),
    (
        "issuer",
        "cert.issuer_unknown",
        "same name, another key",
        lambda: Case(trust=TrustStore((an_authority("sign-2").anchor,))),
    ),
    (
        "issuer",
        "cert.issuer_unknown",
        "the anchor serves another purpose",
        lambda: anchored(purpose=Purpose.USER_AUTHENTICATION),
    ),
    ("issuer", "cert.issuer_unknown", "the anchor serves another world", lambda: anchored(world=World.PRODUCTION)),
    ("issuer", "cert.issuer_unknown", "the anchor has expired", lambda: unfit_anchor("sign-old", not_after=NOW - DAY)),
    ("issuer", "cert.issuer_unknown", "the anchor is no CA", lambda: unfit_anchor("sign-leaf", ca=False)),
    (
        "issuer",
        "cert.issuer_unknown",
        "the anchor may not sign certificates",
        lambda: unfit_anchor("sign-crl", usage=("crl_sign",)),
    ),
    # certificate_signature
    (
        "certificate_signature",
        "cert.bad_signature",
        "signed by someone else",
        lambda: issued(signer=rsa_key("impostor")),
    ),
    (
        "certificate_signature",
        "cert.bad_signature",
        "a bit of the signature",
        lambda: Case(der=flipped(good().der, len(good().der) - 1)),
    ),
    (
        "certificate_signature",
        "cert.bad_signature",
        "the serial changed",
        lambda: Case(der=flipped(good().der, good().der.index(b"\x02\x02\x03\xe9") + 3)),
    ),
    ("certificate_signature", "cert.algorithm", "PSS", lambda: issued(rsa_padding=plain_pss())),
    (
        "certificate_signature",
        "cert.bad_signature",
        "no AKI, no anchor's signature",
        lambda: issued(with_aki=False, signer=rsa_key("impostor")),
    ),
    # validity
    ("validity", "cert.not_yet_valid", "a second early", lambda: issued(not_before=NOW + timedelta(seconds=1))),
    ("validity", "cert.expired", "a second late", lambda: issued(not_after=NOW - timedelta(seconds=1))),
    # usage_and_policy
    ("usage_and_policy", "cert.key_usage", "usage of the other purpose", lambda: issued(usage=("digital_signature",))),
    (
        "usage_and_policy",
        "cert.key_usage",
        "usage too wide",
        lambda: issued(usage=("digital_signature", "content_commitment", "key_encipherment")),
    ),
    ("usage_and_policy", "cert.key_usage", "usage not critical", lambda: issued(usage_critical=False)),
    (
        "usage_and_policy",
        "cert.key_usage",
        "CA flag",
        lambda: issued(extra=((x509.BasicConstraints(True, None), True),)),
    ),
    ("usage_and_policy", "cert.policy", "a second policy", lambda: issued(policies=(sandbox_policy, "2.5.29.32.0"))),
    (
        "usage_and_policy",
        "cert.unknown_critical_extension",
        "unknown",
        lambda: issued(extra=((unknown_extension(), True),)),
    ),
    (
        "usage_and_policy",
        "cert.unknown_critical_extension",
        "name constraints",
        lambda: issued(extra=((x509.NameConstraints([x509.DNSName("jp")], None), True),)),
    ),
    ("usage_and_policy", "cert.weak_key", "RSA-1024", lambda: issued(public_key=rsa_key("small", 1024).public_key())),
    ("usage_and_policy", "cert.distribution_point", "not of a municipality", lambda: production(CARD_LIST)),
    ("usage_and_policy", "cert.weak_key", "curve in no row", lambda: issued(public_key=P521.public_key())),
    (
        "usage_and_policy",
        "cert.key_usage",
        "restricted to another purpose, critical",
        lambda: restricted_to(ExtendedKeyUsageOID.CLIENT_AUTH, critical=True),
    ),
    (
        "usage_and_policy",
        "cert.key_usage",
        "restricted to another purpose, not critical",
        lambda: restricted_to(ExtendedKeyUsageOID.SERVER_AUTH, critical=False),
    ),
    ("usage_and_policy", "path.work_limit", "policies without number", lambda: issued(policies=MANY_POLICIES)),
    ("usage_and_policy", "path.name_constraints", "a name its CA may not certify", constrained),
    # signature_value
    ("signature_value", "sig.mismatch", "another message", lambda: Case(message=b"another")),
    ("signature_value", "sig.mismatch", "another key", lambda: Case(signature=sign("impostor"))),
    ("signature_value", "sig.mismatch", "empty", lambda: Case(signature=b"")),
    ("signature_value", "sig.mismatch", "zeros", lambda: Case(signature=b"\x00" * 256)),
    ("signature_value", "sig.mismatch", "longer than the key", lambda: Case(signature=b"\x00" + good().signature)),
    (
        "signature_value",
        "sig.no_digestinfo",
        "bare hash",
        lambda: Case(signature=raw_block_signature("holder", hashlib.sha256(MESSAGE).digest())),
    ),
    (
        "signature_value",
        "sig.no_digestinfo",
        "bare message",
        lambda: Case(signature=raw_block_signature("holder", MESSAGE)),
    ),
    # revocation
    ("revocation", "cert.revoked", "key compromise", lambda: listed((1001, x509.ReasonFlags.key_compromise))),
    ("revocation", "cert.revoked", "no reason given", lambda: listed((1001, None))),
    ("revocation", "cert.on_hold", "hold", lambda: listed((1001, x509.ReasonFlags.certificate_hold))),
    ("revocation", "revocation.source_missing", "no list", lambda: Case(crls=CrlIndex())),
    (
        "revocation",
        "revocation.source_missing",
        "only the phone's list",
        lambda: Case(crls=signature_ca().index(signature_ca().crl(group="phone"), group="phone")),
    ),
    (
        "revocation",
        "revocation.source_missing",
        "only the other generation's list",
        lambda: Case(crls=an_authority("sign-2").index(an_authority("sign-2").crl())),
    ),
    ("revocation", "revocation.source_stale", "past nextUpdate", stale),
]


def test_the_good_case_passes_every_step() -> None:
    verdict = Case().judged()

    assert [(step.id, step.result, step.code) for step in verdict.steps] == [
        (step_id, StepResult.PASSED, "ok") for step_id in STEP_IDS
    ]
    assert (verdict.status, verdict.code, verdict.retryable, verdict.needs) == (Status.VALID, "ok", False, ())
    assert verdict.kind == kind(Purpose.SIGNATURE, Medium.CARD, World.SANDBOX)
    assert verdict.anchor_id == "sign-1"


def test_a_production_shaped_certificate_passes_in_production() -> None:
    assert production().judged().code == "ok"


@pytest.mark.parametrize(
    ("step_id", "code", "case"),
    [pytest.param(step_id, code, case, id=f"{step_id}: {words}") for step_id, code, words, case in TABLE],
)
def test_exactly_this_step_fails(step_id: str, code: str, case: Callable[[], Case]) -> None:
    verdict = case().judged()

    position = STEP_IDS.index(step_id)
    expected = StepResult.INDETERMINATE if code.startswith("revocation.") else StepResult.FAILED
    assert [step.id for step in verdict.steps] == list(STEP_IDS)
    assert (verdict.steps[position].result, verdict.steps[position].code) == (expected, code)
    assert {step.result for step in verdict.steps[:position]} <= {StepResult.PASSED}
    assert {step.result for step in verdict.steps[position + 1 :]} <= {StepResult.NOT_RUN}
    assert verdict.code == code
    assert verdict.status is (Status.INDETERMINATE if expected is StepResult.INDETERMINATE else Status.INVALID)
    assert verdict.retryable is (verdict.status is Status.INDETERMINATE)


def test_every_step_has_a_row() -> None:
    assert {row[0] for row in TABLE} == set(STEP_IDS)


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{step_id}: {words}") for step_id, _, words, case in TABLE])
def test_looked_at_is_flat_json(case: Callable[[], Case]) -> None:
    for step in case().judged().steps:
        for value in step.looked_at.values():
            assert value is None or isinstance(value, (str, int, bool))


def test_needs_are_stated_only_for_a_proven_certificate() -> None:
    without_list = Case(crls=CrlIndex())
    impostor = replace(without_list, der=signature_ca().issue(signer=rsa_key("impostor")))

    (need,) = without_list.judged().needs
    assert (need.issuer_key_id, need.dp_name) == (signature_ca().anchor.key_id, signature_ca().dp_key())
    assert impostor.judged().needs == ()


def test_a_wrong_signature_is_not_hidden_by_a_stale_list() -> None:
    assert replace(stale(), message=b"another").judged().code == "sig.mismatch"


@pytest.mark.parametrize(
    ("signature", "found"),
    [
        (lambda: raw_block_signature("holder", MESSAGE), "bare_message"),
        (lambda: sign("holder", hashlib.sha256(MESSAGE).digest()), "hash_of_hash"),
        (lambda: sign("holder", b"something else"), "other_message"),
        (lambda: b"\x01" * 256, "not_pkcs1_v1_5"),
        (lambda: b"\x01" * 255, "wrong_length"),
    ],
)
def test_a_mismatch_says_what_was_found(signature: Callable[[], bytes], found: str) -> None:
    (step,) = [step for step in Case(signature=signature()).judged().steps if step.id == "signature_value"]
    assert step.looked_at["found"] == found


def test_inspect_runs_the_same_steps_without_the_signature() -> None:
    case = Case()
    verdict = inspect(case.der, trust=case.trust, crls=case.crls, world=case.world, at=NOW)

    assert [step.id for step in verdict.steps] == [step_id for step_id in STEP_IDS if step_id != "signature_value"]
    assert verdict.code == "ok"
    assert inspect(case.der, trust=case.trust, crls=CrlIndex(), world=case.world, at=NOW).needs


def test_a_phone_login_is_told_by_policy_issuer_and_app() -> None:
    authority = authentication_ca()
    verdict = Case(
        der=authority.issue(Medium.PHONE_ANDROID, usage=("digital_signature",)),
        purpose=Purpose.USER_AUTHENTICATION,
        medium=Medium.PHONE_ANDROID,
        crls=authority.index(authority.crl(group="phone"), group="phone"),
    ).judged()

    assert verdict.code == "ok"
    assert verdict.certificate is not None
    assert verdict.certificate.told_by["declared_medium"] == "phone_android"
    assert verdict.certificate.told_by["policy_oid"] == f"{oids.SANDBOX_POLICY_ARC}.2.2"


def test_a_naive_moment_is_our_own_mistake() -> None:
    with pytest.raises(ValueError, match="aware"):
        replace(Case(), at=NOW.replace(tzinfo=None)).judged()


def test_the_ends_of_the_window_are_inside() -> None:
    assert issued(not_before=NOW, not_after=NOW + YEAR).judged().code == "ok"
    assert issued(not_before=NOW - YEAR, not_after=NOW).judged().code == "ok"
