"""Our verdict against those of two validators of other hands, on chains and lists drawn at random.

Every disagreement must be one of the listed faults of the other judge; and whether a fault can show is told from the
scenario, so that a fault does not excuse more than itself.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings

from tests.pure.paths import judges
from tests.pure.paths.judges import ACCEPT
from tests.pure.paths.made import judged
from tests.pure.paths.scenarios import ROOT, SCENARIOS, Built, Link, Scenario, build
from verifier.pki.oids import ANY_POLICY
from verifier.validation.paths import revocation_list
from verifier.validation.paths.refusal import Refusal


@dataclass(frozen=True)
class Fault:
    """A fault of another judge: what it wrongly says, and in which scenarios it can."""

    judge: str
    says: str
    where: Callable[[Scenario, Refusal | None], bool]


def _finds_issuers_by_name(scenario: Scenario, refusal: Refusal | None) -> bool:
    """Without an authority key identifier OpenSSL takes the first certificate of the issuer's name, and does not try
    the next one when the signature does not verify."""
    cas = scenario.links[:-1]
    return (
        refusal is None
        and any(link.is_self_issued for link in cas)
        and not all(link.with_aki for link in scenario.links)
    )


def _tries_one_signer_of_lists(scenario: Scenario, refusal: Refusal | None) -> bool:
    """Of several lists of one name OpenSSL takes the one that its issuer's key signed, and when that key may not sign
    lists it does not go on to the list of the key that may."""
    return refusal is None and any(
        link.is_self_issued and link.usage and "crl_sign" not in link.usage for link in scenario.links[:-1]
    )


def _asks_for_the_anchors_status(scenario: Scenario, refusal: Refusal | None) -> bool:
    """`-crl_check_all` looks the anchor up in its own list, and a list for end entities only does not speak of it."""
    return refusal is None and scenario.links[0].word == "only_user"


def _reads_no_mapping_without_policies(scenario: Scenario, refusal: Refusal | None) -> bool:
    """RFC 5280 section 6.1.4 (a) forbids anyPolicy in policyMappings whatever other extensions there are."""
    return (
        refusal is not None
        and refusal.code == "path.policy_mapping"
        and any(
            link.policies is None and any(ANY_POLICY in pair for pair in link.mapping) for link in scenario.links[:-1]
        )
    )


def _list_is_no_evidence(link: Link) -> bool:
    """Nothing that is fresh and allowed to speak tells that this certificate, or one below it, is good."""
    may_sign = not link.usage or "crl_sign" in link.usage
    return link.word in ("missing", "early", "stale", "stale_revoked", "forged") or not may_sign


def _believes_signers_under_way(scenario: Scenario, refusal: Refusal | None) -> bool:
    """While pyhanko-certvalidator judges the chain of a list's signer, which it does wherever a self-issued CA shares
    its issuer's name, it takes lists under the names in that chain on trust: a CA's list about the CA itself, and even
    lists whose signature it has not checked."""
    if refusal is None or not any(link.is_self_issued for link in scenario.links[:-1]):
        return False
    if refusal.code == "cert.revoked":
        return any(link.word == "stale_revoked" for link in scenario.links)
    return refusal.code.startswith("revocation.") and any(_list_is_no_evidence(link) for link in scenario.links)


FAULTS = (
    Fault("openssl", "reject", _finds_issuers_by_name),
    Fault("openssl", "reject", _tries_one_signer_of_lists),
    Fault("openssl", "reject", _asks_for_the_anchors_status),
    Fault("openssl", "accept", _reads_no_mapping_without_policies),
    Fault("certvalidator", "accept", _believes_signers_under_way),
)


def refusal_of(built: Built) -> Refusal | None:
    scenario = built.scenario
    return judged(
        built.holder,
        under=[ROOT],
        among=built.intermediates,
        lists=[revocation_list.parse(item) for item in built.lists],
        check_revocation=True,
        initial_policies=frozenset(scenario.initial_policies),
        explicit_policy=scenario.explicit_policy,
        inhibit_mapping=scenario.inhibit_mapping,
        inhibit_any=scenario.inhibit_any,
    ).refusal


def unexplained(scenario: Scenario, folder: Path) -> Iterator[str]:
    """Judges whose verdict is neither ours nor a listed fault of theirs."""
    built = build(scenario)
    refusal = refusal_of(built)
    said = {"openssl": judges.openssl(built, folder), "certvalidator": judges.certvalidator(built)}
    for judge, verdict in said.items():
        if (verdict == ACCEPT) == (refusal is None):
            continue
        outcome = "accept" if verdict == ACCEPT else "reject"
        if not any(
            (fault.judge, fault.says) == (judge, outcome) and fault.where(scenario, refusal) for fault in FAULTS
        ):
            yield f"{judge} says {verdict}, we say {refusal}"


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with TemporaryDirectory() as name:
        yield Path(name)


@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(SCENARIOS)
def test_no_disagreement_without_a_known_fault(folder: Path, scenario: Scenario) -> None:
    assert not list(unexplained(scenario, folder))


SELF_ISSUED = Link(is_self_issued=True)
SHOWN = {
    _finds_issuers_by_name: (SELF_ISSUED, Link(with_aki=False), Link()),
    _tries_one_signer_of_lists: (Link(is_self_issued=True, usage=("key_cert_sign",)), Link()),
    _asks_for_the_anchors_status: (Link(word="only_user"),),
    _reads_no_mapping_without_policies: (Link(policies=None, mapping=((ANY_POLICY, "1.2.3.1"),)), Link()),
    _believes_signers_under_way: (SELF_ISSUED, Link(), Link(word="forged")),
}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.where.__name__.strip("_"))
def test_each_fault_is_still_there(fault: Fault, folder: Path) -> None:
    """A fault that was mended upstream must leave the list: it would excuse faults of our own."""
    built = build(Scenario(SHOWN[fault.where], None, (ANY_POLICY,), False, False, False))
    refusal = refusal_of(built)
    verdict = judges.openssl(built, folder) if fault.judge == "openssl" else judges.certvalidator(built)

    assert fault.where(built.scenario, refusal)
    assert (verdict == ACCEPT) == (fault.says == "accept")
    assert (refusal is None) != (verdict == ACCEPT)
