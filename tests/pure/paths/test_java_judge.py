"""Our verdict against that of Java's PKIX, on chains and lists drawn at random, all in one run of its machine.

Every disagreement must be one of the listed faults of Java's, as with the other outside judges.
"""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.pure.paths.java_judge import java
from tests.pure.paths.scenarios import SCENARIOS, Built, Link, Scenario, build
from tests.pure.paths.test_outside_judges import Fault, refusal_of
from verifier.pki.oids import ANY_POLICY
from verifier.validation.paths.refusal import Refusal

DRAWN, TANGLED = 200, 200
# The order in which Java finds certificates hangs on their bytes, which are others in each run.
TRIES = 40


def _has_self_issued_ca(scenario: Scenario, *, at_least: int = 1) -> bool:
    return sum(link.is_self_issued for link in scenario.links[:-1]) >= at_least


def _forgets_what_is_permitted(scenario: Scenario, refusal: Refusal | None) -> bool:
    """An excluded subtree is cut out of the permitted ones; where nothing is left of these, all is permitted again."""
    cas = scenario.links[:-1]
    return (
        refusal is not None
        and refusal.detail == "not_permitted"
        and any(link.excluded for link in cas)
        and any(link.permitted for link in cas)
    )


def _reads_no_mapping_without_a_tree(scenario: Scenario, refusal: Refusal | None) -> bool:
    """RFC 5280 section 6.1.4 (a) forbids anyPolicy in policyMappings even where no policy is valid any more."""
    return refusal is not None and refusal.code == "path.policy_mapping" and not scenario.explicit_policy


def _takes_the_first_list_of_a_name_for_all(scenario: Scenario, refusal: Refusal | None) -> bool:
    """Where several keys go by one name, the first list under the name is the last word: another one, signed by the
    very key that issued the certificate, is not looked at."""
    return refusal is not None and refusal.code in ("cert.revoked", "cert.on_hold") and _has_self_issued_ca(scenario)


def _believes_a_self_issued_ca_about_itself(scenario: Scenario, refusal: Refusal | None) -> bool:
    """The list that a self-issued CA signs bears its issuer's name, and is taken as evidence about the very certificate
    that certifies its key."""
    return refusal is not None and refusal.code.startswith("revocation.") and _has_self_issued_ca(scenario)


def _finds_no_signer_past_a_self_issued_ca(scenario: Scenario, refusal: Refusal | None) -> bool:
    """Where several keys go by one name, the signer of a list is not always found."""
    return refusal is None and _has_self_issued_ca(scenario)


def _chases_signers_in_a_ring(scenario: Scenario, refusal: Refusal | None) -> bool:
    """Where three keys go by one name, the status of a list's signer is asked of a list whose signer's status is asked
    of the first, until the stack is full."""
    return _has_self_issued_ca(scenario, at_least=2)


FAULTS = (
    Fault("java", "accept", _forgets_what_is_permitted),
    Fault("java", "accept", _reads_no_mapping_without_a_tree),
    Fault("java", "accept", _takes_the_first_list_of_a_name_for_all),
    Fault("java", "accept", _believes_a_self_issued_ca_about_itself),
    Fault("java", "reject", _finds_no_signer_past_a_self_issued_ca),
    Fault("java", "endless", _chases_signers_in_a_ring),
)
SELF_ISSUED = Link(is_self_issued=True)
SHOWN = {
    _forgets_what_is_permitted: (Link(excluded="www.example.jp"), Link(permitted="www.example.jp"), Link()),
    _reads_no_mapping_without_a_tree: (
        Link(policies=None),
        Link(policies=None, mapping=(("1.2.3.1", ANY_POLICY),)),
        Link(),
    ),
    _takes_the_first_list_of_a_name_for_all: (SELF_ISSUED, Link(word="held")),
    _believes_a_self_issued_ca_about_itself: (Link(is_self_issued=True, word="early"), Link()),
    _finds_no_signer_past_a_self_issued_ca: (SELF_ISSUED, SELF_ISSUED, Link(), Link()),
    _chases_signers_in_a_ring: (SELF_ISSUED, SELF_ISSUED, Link()),
}


def drawn() -> list[Scenario]:
    """Some of everything."""
    found: list[Scenario] = []

    @settings(
        max_examples=DRAWN,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(SCENARIOS)
    def draw(scenario: Scenario) -> None:
        found.append(scenario)

    draw()
    return found


def tangled() -> Iterator[Scenario]:
    """Names with several keys, lists that say something else, names that are constrained: more than chance would
    bring together."""
    chance = Random(5280)
    words = ("revoked", "held", "stale", "missing", "forged", "only_ca", "only_user", "early", "stale_revoked")
    hosts = ("example.jp", "www.example.jp", "example.com")
    turns = (
        (0.2, lambda link: replace(link, is_self_issued=True)),
        (0.15, lambda link: replace(link, word=chance.choice(words))),
        (0.1, lambda link: replace(link, usage=chance.choice((("key_cert_sign",), ("crl_sign",), ())))),
        (0.1, lambda link: replace(link, with_aki=False)),
        (0.12, lambda link: replace(link, permitted=chance.choice(hosts))),
        (0.12, lambda link: replace(link, excluded=chance.choice(hosts))),
        (0.05, lambda link: replace(link, path_length=chance.choice((0, 1, 2)))),
    )
    for _ in range(TANGLED):
        links = []
        for _ in range(chance.randint(1, 4)):
            link = Link()
            for share, turn in turns:
                link = turn(link) if chance.random() < share else link
            links.append(link)
        host = chance.choice((None, "example.jp", "www.example.jp"))
        yield Scenario(tuple(links), host, (ANY_POLICY,), False, False, False)


@pytest.fixture(scope="module")
def judged_by_java() -> list[tuple[Built, str]]:
    """Every case of this file with Java's word: its machine starts once."""
    shown = [Scenario(SHOWN[fault.where], "example.jp", (ANY_POLICY,), False, False, False) for fault in FAULTS]
    cases = [build(scenario) for scenario in (*drawn(), *tangled(), *(each for each in shown for _ in range(TRIES)))]
    return list(zip(cases, java(cases), strict=True))


def test_no_disagreement_without_a_known_fault(judged_by_java: list[tuple[Built, str]]) -> None:
    unexplained = []
    for built, verdict in judged_by_java:
        refusal = refusal_of(built)
        agrees = verdict == ("accept" if refusal is None else "reject")
        if not agrees and not any(fault.says == verdict and fault.where(built.scenario, refusal) for fault in FAULTS):
            unexplained.append((verdict, refusal, built.scenario))

    assert len(judged_by_java) >= DRAWN + TANGLED
    assert unexplained == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.where.__name__.strip("_"))
def test_each_fault_is_still_there(fault: Fault, judged_by_java: list[tuple[Built, str]]) -> None:
    """A fault that was mended upstream must leave the list: it would excuse faults of our own."""
    tried = [(built, said) for built, said in judged_by_java if built.scenario.links == SHOWN[fault.where]]

    assert len(tried) >= TRIES
    assert all(fault.where(built.scenario, refusal_of(built)) for built, _ in tried)
    assert fault.says in {said for _, said in tried}
