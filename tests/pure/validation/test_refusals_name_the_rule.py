"""A refused certificate is told from the words of the step: which rule, whose certificate, which extension."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.pure.pki.forge import NOW, an_authority, plain_pss, rsa_key, unknown_extension
from tests.pure.validation.test_each_step_fails_alone import (
    MANY_POLICIES,
    TABLE,
    Case,
    constrained,
    issued,
    listed,
    repeated_extension,
    restricted_to,
    unfit_anchor,
)
from verifier.pki import oids
from verifier.pki.profiles import Medium
from verifier.validation.crl_index import CrlIndex
from verifier.validation.trust import TrustStore
from verifier.validation.verdict import StepResult

SECOND = timedelta(seconds=1)

WHERE: list[tuple[str, int, str | None, Callable[[], Case]]] = [
    ("bytes_are_one_certificate", 0, None, lambda: Case(der=b"")),
    ("bytes_are_one_certificate", 0, oids.KEY_USAGE, repeated_extension),
    ("policy_names_one_kind", 0, oids.CERTIFICATE_POLICIES, lambda: issued(policies=("2.999.1",))),
    ("medium_is_the_one_declared", 0, oids.CERTIFICATE_POLICIES, lambda: Case(medium=Medium.PHONE_IPHONE)),
    ("issuer_goes_with_the_policy", 0, None, lambda: issued(issuer=x509.Name.from_rfc4514_string("CN=CA,C=JP"))),
    (
        "an_anchor_goes_by_this_name_and_key",
        0,
        oids.AUTHORITY_KEY_IDENTIFIER,
        lambda: Case(trust=TrustStore((an_authority("sign-2").anchor,))),
    ),
    ("issuer_is_a_ca", 1, oids.BASIC_CONSTRAINTS, lambda: unfit_anchor("sign-leaf", ca=False)),
    ("ca_key_may_sign_certificates", 1, oids.KEY_USAGE, lambda: unfit_anchor("sign-crl", usage=("crl_sign",))),
    ("moment_is_inside_the_window", 1, None, lambda: unfit_anchor("sign-late", not_before=NOW + SECOND)),
    ("key_is_strong_enough", 1, None, lambda: weak_anchor()),
    ("critical_extensions_are_understood", 1, "1.2.392.200149.8.5.99.1", lambda: odd_anchor()),
    ("issuer_key_made_the_signature", 0, None, lambda: issued(signer=rsa_key("impostor"))),
    ("signature_algorithm_is_accepted", 0, oids.RSASSA_PSS, lambda: issued(rsa_padding=plain_pss())),
    ("moment_is_inside_the_window", 0, None, lambda: issued(not_after=NOW - SECOND)),
    ("critical_extensions_are_understood", 0, "2.5.29.30", lambda: with_name_constraints()),
    (
        "key_purpose_fits_the_use",
        0,
        oids.EXTENDED_KEY_USAGE,
        lambda: restricted_to(ExtendedKeyUsageOID.CLIENT_AUTH, critical=True),
    ),
    ("key_usage_is_exact_and_critical", 0, oids.KEY_USAGE, lambda: issued(usage_critical=False)),
    ("names_are_permitted", 0, oids.NAME_CONSTRAINTS, constrained),
    ("work_is_bounded", 0, oids.CERTIFICATE_POLICIES, lambda: issued(policies=MANY_POLICIES)),
    ("certificate_is_not_revoked", 0, oids.CRL_DISTRIBUTION_POINTS, lambda: listed((1001, None))),
    ("a_list_tells_the_status", 0, oids.CRL_DISTRIBUTION_POINTS, lambda: Case(crls=CrlIndex())),
]


def weak_anchor() -> Case:
    authority = an_authority("sign-small", bits=1024)
    return Case(der=authority.issue(with_aki=False), trust=TrustStore((authority.anchor,)))


def odd_anchor() -> Case:
    return unfit_anchor("sign-odd", extra=((unknown_extension(), True),))


def with_name_constraints() -> Case:
    return issued(extra=((x509.NameConstraints([x509.DNSName("jp")], None), True),))


@pytest.mark.parametrize(
    ("rule", "index", "oid", "case"), [pytest.param(*row, id=f"{row[0]} {row[1]} {row[2]}") for row in WHERE]
)
def test_the_step_says_where(rule: str, index: int, oid: str | None, case: Callable[[], Case]) -> None:
    seen = next(step for step in case().judged().steps if step.result is not StepResult.PASSED).looked_at

    assert (seen["rule"], seen["certificate_index"], seen["extension_oid"]) == (rule, index, oid)


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{step}: {words}") for step, _, words, case in TABLE])
def test_every_refusal_of_a_certificate_says_where(case: Callable[[], Case]) -> None:
    step = next(step for step in case().judged().steps if step.result is not StepResult.PASSED)

    assert step.id == "signature_value" or step.looked_at["rule"]
    assert step.id == "signature_value" or step.looked_at["certificate_index"] in (0, 1)


@pytest.mark.parametrize("critical", [True, False])
@pytest.mark.parametrize(
    "purpose",
    [
        ExtendedKeyUsageOID.EMAIL_PROTECTION,
        x509.ObjectIdentifier(oids.DOCUMENT_SIGNING),
        ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,
    ],
)
def test_a_key_purpose_that_fits_is_understood_even_if_critical(purpose: x509.ObjectIdentifier, critical: bool) -> None:
    assert restricted_to(ExtendedKeyUsageOID.SERVER_AUTH, purpose, critical=critical).judged().code == "ok"


def test_a_ca_restricted_to_other_purposes_issues_nothing_of_this_kind() -> None:
    purposes = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    verdict = unfit_anchor("sign-servers", extra=((purposes, False),)).judged()

    assert verdict.code == "cert.issuer_unknown"
    assert verdict.steps[2].looked_at["rule"] == "key_purpose_fits_the_use"
