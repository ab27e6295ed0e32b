"""Two generations of a CA under one DN, the same serial issued by both, one of the two revoked: the key decides, in
any order, with and without key identifiers in certificates and lists."""

from itertools import product

import pytest
from cryptography import x509

from tests.pure.paths.made import a_list, entity, judged

SERIAL = 0x0132C4AB
NAME = "CA of all generations"
GENERATIONS = ("generation 1", "generation 2")
ANCHORS = {label: entity(NAME, label=label, serial=number) for number, label in enumerate(GENERATIONS, 1)}
COMPROMISED = (SERIAL, x509.ReasonFlags.key_compromise)


@pytest.mark.parametrize(
    ("issuer", "revoking", "aki", "list_aki", "backwards"),
    list(product(GENERATIONS, GENERATIONS, (True, False), (True, False), (True, False))),
)
def test_each_generation_answers_for_its_own(
    issuer: str, revoking: str, aki: bool, list_aki: bool, backwards: bool
) -> None:
    step = -1 if backwards else 1
    holder = entity("holder", by=ANCHORS[issuer], ca=False, serial=SERIAL, with_aki=aki)
    lists = [
        a_list(ANCHORS[label], *([COMPROMISED] if label == revoking else []), with_aki=list_aki)
        for label in GENERATIONS
    ]

    verdict = judged(holder, under=list(ANCHORS.values())[::step], lists=lists[::step])

    if issuer == revoking:
        assert verdict.refusal is not None
        assert (verdict.refusal.code, verdict.refusal.index) == ("cert.revoked", 0)
    else:
        assert verdict.is_valid, verdict.refusal
        assert verdict.chain is not None
        assert verdict.chain.anchor.anchor_id == issuer


@pytest.mark.parametrize(("aki", "list_aki"), list(product((True, False), (True, False))))
def test_the_other_generations_list_is_no_evidence(aki: bool, list_aki: bool) -> None:
    first, second = ANCHORS.values()
    holder = entity("holder", by=first, ca=False, serial=SERIAL, with_aki=aki)

    verdict = judged(holder, under=[first, second], lists=[a_list(second, with_aki=list_aki)])

    assert verdict.refusal is not None
    assert verdict.refusal.code == "revocation.source_missing"


@pytest.mark.parametrize("aki", [True, False])
def test_a_certificate_of_a_generation_that_is_not_pinned_is_refused(aki: bool) -> None:
    first, second = ANCHORS.values()
    holder = entity("holder", by=second, ca=False, serial=SERIAL, with_aki=aki)

    verdict = judged(holder, under=[first])

    assert verdict.refusal is not None
    assert verdict.refusal.code == ("cert.issuer_unknown" if aki else "cert.bad_signature")
