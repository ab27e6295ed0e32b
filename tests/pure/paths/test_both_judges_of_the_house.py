"""The judgement of a signature asks the rules of paths step by step (`verifier.validation.steps.path`); the general
validator, told what JPKI does not do, must come to the same verdict for the same reason."""

from itertools import product

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.pure.pki.forge import DAY, NOW, Authority, an_authority, rsa_key, unknown_extension
from verifier.pki.errors import MalformedInput
from verifier.pki.profiles import Medium, Purpose, World, kind
from verifier.validation.crl_index import CrlIndex
from verifier.validation.paths import certificate, revocation_list
from verifier.validation.paths.settings import Limits, PathSettings
from verifier.validation.paths.validation import validate
from verifier.validation.paths.work import Anchor
from verifier.validation.profile_checks import KEY_PURPOSES
from verifier.validation.signature import inspect
from verifier.validation.trust import TrustStore
from verifier.validation.verdict import StepResult

OLD, NEW = an_authority("sign-1"), an_authority("sign-2")
SERIAL = 1001
SETTINGS = PathSettings(
    at=NOW,
    initial_policies=frozenset((kind(Purpose.SIGNATURE, Medium.CARD, World.SANDBOX).policy_oid,)),
    explicit_policy=True,
    purposes=KEY_PURPOSES[Purpose.SIGNATURE],
    lists_name_their_point=True,
    limits=Limits(depth=1),
)

CERTIFICATES = {
    "good": {},
    "without AKI": {"with_aki": False},
    "expired": {"not_after": NOW - DAY},
    "not yet valid": {"not_before": NOW + DAY},
    "unknown critical extension": {"extra": ((unknown_extension(), True),)},
    "restricted to mail": {"extra": ((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), True),)},
    "restricted to servers": {"extra": ((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),)},
    "signed by a stranger": {"signer": rsa_key("impostor")},
}
LISTS = {
    "good": lambda by: by.crl(),
    "without AKI": lambda by: by.crl(with_aki=False),
    "revoked": lambda by: by.crl([(SERIAL, x509.ReasonFlags.superseded)]),
    "revoked without reason": lambda by: by.crl([(SERIAL, None)]),
    "on hold": lambda by: by.crl([(SERIAL, x509.ReasonFlags.certificate_hold)]),
    "of the other group": lambda by: by.crl([(SERIAL, None)], group="phone"),
    "without a point": lambda by: by.crl(with_idp=False),
    "none": None,
}


def anchors(*authorities: Authority) -> list[Anchor]:
    return [Anchor(item.label, certificate.parse(item.certificate_der)) for item in authorities]


def code_of_jpki(encoded: bytes, lists: list[tuple[Authority, bytes]]) -> str:
    evidence = []
    for authority, item in lists:
        try:
            evidence.append(authority.evidence(item))
        except MalformedInput:
            continue
    store = TrustStore((OLD.anchor, NEW.anchor))
    return inspect(encoded, trust=store, crls=CrlIndex(evidence), world=World.SANDBOX, at=NOW).code


def code_of_general(encoded: bytes, lists: list[tuple[Authority, bytes]]) -> str:
    verdict = validate(
        certificate.parse(encoded),
        anchors=anchors(OLD, NEW),
        lists=[revocation_list.parse(item) for _, item in lists],
        settings=SETTINGS,
    )
    return verdict.refusal.code if verdict.refusal else "ok"


@pytest.mark.parametrize(
    ("certificate_of", "told", "other"), list(product(CERTIFICATES, LISTS, ("good", "revoked", "none")))
)
@pytest.mark.parametrize("issuer", [OLD, NEW], ids=lambda authority: authority.label)
def test_one_verdict(issuer: Authority, certificate_of: str, told: str, other: str) -> None:
    """``told`` is the list of the certificate's own generation, ``other`` that of the other one."""
    encoded = issuer.issue(serial=SERIAL, **CERTIFICATES[certificate_of])  # type: ignore[arg-type]
    stranger = NEW if issuer is OLD else OLD
    lists = [
        (authority, make(authority))
        for authority, make in ((issuer, LISTS[told]), (stranger, LISTS[other]))
        if make is not None
    ]

    assert code_of_general(encoded, lists) == code_of_jpki(encoded, lists)


ELSEWHERE = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "XA")])
ANCHORS: dict[str, dict[str, object]] = {
    "expired": {"not_after": NOW - DAY},
    "not yet valid": {"not_before": NOW + DAY},
    "no CA": {"ca": False},
    "may sign lists alone": {"usage": ("crl_sign",)},
    "unknown critical extension": {"extra": ((unknown_extension(), True),)},
    "restricted to servers": {"extra": ((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), True),)},
    "names elsewhere": {"extra": ((x509.NameConstraints([x509.DirectoryName(ELSEWHERE)], None), True),)},
}


@pytest.mark.parametrize("fault", ANCHORS)
def test_one_reason_where_the_anchor_is_at_fault(fault: str) -> None:
    authority = an_authority(f"sign {fault}", **ANCHORS[fault])  # type: ignore[arg-type]
    encoded = authority.issue(serial=SERIAL)
    store = TrustStore((authority.anchor,))

    told = inspect(encoded, trust=store, crls=CrlIndex(), world=World.SANDBOX, at=NOW)
    general = validate(certificate.parse(encoded), anchors=anchors(authority), settings=SETTINGS).refusal

    assert general is not None
    seen = next(step for step in told.steps if step.result is not StepResult.PASSED).looked_at
    assert (seen["rule"], seen["certificate_index"], seen["extension_oid"]) == (
        general.rule,
        general.index,
        general.oid,
    )
