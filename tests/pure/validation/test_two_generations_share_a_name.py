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
# The same serial is revoked by the new generation and good in the old one.
SERIAL = 1001


def judged(issuer: Authority, *, anchors: tuple[Authority, ...], with_aki: bool, crl_with_aki: bool) -> Verdict:
    lists = {
        OLD: OLD.evidence(OLD.crl(with_aki=crl_with_aki)),
        NEW: NEW.evidence(NEW.crl([(SERIAL, x509.ReasonFlags.superseded)], with_aki=crl_with_aki)),
    }
    question = Question(
        Purpose.SIGNATURE,
        issuer.issue(serial=SERIAL, with_aki=with_aki),
        MessageSignature(sign("holder"), MESSAGE),
        Medium.CARD,
    )
    return verify(
        question,
        trust=TrustStore(tuple(authority.anchor for authority in anchors)),
        crls=CrlIndex(lists[authority] for authority in anchors),
        world=World.SANDBOX,
        at=NOW,
    )


@pytest.mark.parametrize(
    ("anchors", "with_aki", "crl_with_aki"), list(product(permutations((OLD, NEW)), (True, False), (True, False)))
)
def test_each_generation_answers_for_its_own(
    anchors: tuple[Authority, ...], with_aki: bool, crl_with_aki: bool
) -> None:
    old = judged(OLD, anchors=anchors, with_aki=with_aki, crl_with_aki=crl_with_aki)
    new = judged(NEW, anchors=anchors, with_aki=with_aki, crl_with_aki=crl_with_aki)

    assert (old.code, old.anchor_id) == ("ok", "sign-1")
    assert (new.code, new.anchor_id) == ("cert.revoked", "sign-2")


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
