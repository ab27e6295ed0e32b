"""Generations of a CA, and the CAs of all environments, share one DN.  The key decides, in any
order, with and without AKI.
"""

from itertools import permutations, product

import pytest
from cryptography import x509

from tests.pure.pki.forge import MESSAGE, NOW, Authority, an_authority, sign
from verifier.pki.errors import RefusedCrl
from verifier.pki.profiles import Medium, Purpose, World
from verifier.validation.crl_index import CrlIndex
from verifier.validation.message_signature import MessageSignature
from verifier.validation.question import Question
from verifier.validation.revocation import accept_crl
from verifier.validation.signature import verify
from verifier.validation.trust import TrustStore
from verifier.validation.verdict import Verdict

OLD, NEW = an_authority("sign-1"), an_authority("sign-2")
BOTH = (OLD, NEW)
# Issued by both generations; revoked by one of them, good in the other.
SERIAL = 1001


def judged(
    issuer: Authority,
    *,
    anchors: tuple[Authority, ...],
    with_aki: bool,
    crl_with_aki: bool,
    revoking: Authority = NEW,
    lists: tuple[Authority, ...] = BOTH,
) -> Verdict:
    gone = {revoking: [(SERIAL, x509.ReasonFlags.superseded)]}
    question = Question(
        Purpose.SIGNATURE,
        issuer.issue(serial=SERIAL, with_aki=with_aki),
        MessageSignature(sign("holder"), MESSAGE),
        Medium.CARD,
    )
    return verify(
        question,
        trust=TrustStore(tuple(authority.anchor for authority in anchors)),
        crls=CrlIndex(each.evidence(each.crl(gone.get(each, ()), with_aki=crl_with_aki)) for each in lists),
        world=World.SANDBOX,
        at=NOW,
    )


@pytest.mark.parametrize("revoking", BOTH, ids=("old revokes", "new revokes"))
@pytest.mark.parametrize(
    ("anchors", "lists", "with_aki", "crl_with_aki"),
    list(product(permutations(BOTH), permutations(BOTH), (True, False), (True, False))),
)
def test_each_generation_answers_for_its_own(
    revoking: Authority,
    anchors: tuple[Authority, ...],
    lists: tuple[Authority, ...],
    with_aki: bool,
    crl_with_aki: bool,
) -> None:
    for issuer in BOTH:
        verdict = judged(
            issuer, anchors=anchors, with_aki=with_aki, crl_with_aki=crl_with_aki, revoking=revoking, lists=lists
        )

        assert (verdict.code, verdict.anchor_id) == ("cert.revoked" if issuer is revoking else "ok", issuer.label)


@pytest.mark.parametrize(("issuer", "other"), [BOTH, BOTH[::-1]])
def test_the_other_generations_list_is_no_evidence(issuer: Authority, other: Authority) -> None:
    verdict = judged(issuer, anchors=BOTH, with_aki=False, crl_with_aki=False, revoking=other, lists=(other,))

    assert verdict.code == "revocation.source_missing"
    assert [need.issuer_key_id for need in verdict.needs] == [issuer.anchor.key_id]


@pytest.mark.parametrize("with_aki", [True, False])
def test_another_environments_certificate_is_not_ours(with_aki: bool) -> None:
    verdict = judged(NEW, anchors=(OLD,), with_aki=with_aki, crl_with_aki=True)

    assert verdict.code == ("cert.issuer_unknown" if with_aki else "cert.bad_signature")
    assert verdict.needs == ()


def test_an_aki_that_names_one_generation_and_a_signature_of_the_other_is_refused() -> None:
    der = OLD.issue(signer=NEW.key)
    question = Question(Purpose.SIGNATURE, der, MessageSignature(sign("holder"), MESSAGE))
    store = TrustStore((OLD.anchor, NEW.anchor))

    assert verify(question, trust=store, crls=CrlIndex(), world=World.SANDBOX, at=NOW).code == "cert.bad_signature"


def test_an_anchor_without_ski_is_found_by_its_key() -> None:
    bare = an_authority("sign-bare", with_ski=False)
    question = Question(Purpose.SIGNATURE, bare.issue(), MessageSignature(sign("holder"), MESSAGE))
    store = TrustStore((OLD.anchor, bare.anchor))

    verdict = verify(question, trust=store, crls=bare.index(bare.crl()), world=World.SANDBOX, at=NOW)
    assert (verdict.code, verdict.anchor_id) == ("ok", "sign-bare")


@pytest.mark.parametrize("crl_with_aki", [True, False])
def test_a_list_is_taken_only_under_the_key_that_signed_it(crl_with_aki: bool) -> None:
    with pytest.raises(RefusedCrl) as caught:
        accept_crl(NEW.crl(with_aki=crl_with_aki), issuer=OLD.anchor, dp_name=OLD.dp_key(), at=NOW)
    assert caught.value.code == "crl.bad_signature"
