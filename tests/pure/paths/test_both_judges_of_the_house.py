"""JPKI's chains have one link and a judge of their own (`verifier.validation.signature`); the general validator, told
what JPKI does not do, must come to the same verdict for the same reason."""

from itertools import product

import pytest
from cryptography import x509

from tests.pure.pki.forge import DAY, NOW, Authority, an_authority, unknown_extension
from verifier.pki.errors import MalformedInput
from verifier.pki.profiles import World
from verifier.validation.crl_index import CrlIndex
from verifier.validation.paths import certificate, revocation_list
from verifier.validation.paths.settings import Limits, PathSettings
from verifier.validation.paths.validation import validate
from verifier.validation.paths.work import Anchor
from verifier.validation.signature import inspect
from verifier.validation.trust import TrustStore

OLD, NEW = an_authority("sign-1"), an_authority("sign-2")
SERIAL = 1001
SETTINGS = PathSettings(at=NOW, lists_name_their_point=True, limits=Limits(depth=1))

CERTIFICATES = {
    "good": {},
    "without AKI": {"with_aki": False},
    "expired": {"not_after": NOW - DAY},
    "not yet valid": {"not_before": NOW + DAY},
    "unknown critical extension": {"extra": ((unknown_extension(), True),)},
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


@pytest.mark.parametrize(("kind", "told", "other"), list(product(CERTIFICATES, LISTS, ("good", "revoked", "none"))))
@pytest.mark.parametrize("issuer", [OLD, NEW], ids=lambda authority: authority.label)
def test_one_verdict(issuer: Authority, kind: str, told: str, other: str) -> None:
    """``told`` is the list of the certificate's own generation, ``other`` that of the other one."""
    encoded = issuer.issue(serial=SERIAL, **CERTIFICATES[kind])  # type: ignore[arg-type]
    stranger = NEW if issuer is OLD else OLD
    lists = [
        (authority, make(authority))
        for authority, make in ((issuer, LISTS[told]), (stranger, LISTS[other]))
        if make is not None
    ]

    assert code_of_general(encoded, lists) == code_of_jpki(encoded, lists)
