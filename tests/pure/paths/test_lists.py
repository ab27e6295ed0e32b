"""RFC 5280 section 6.3: which list speaks, who may sign it, and which word wins."""

import pytest
from cryptography import x509

from tests.pure.paths.made import DAY, NOW, Entity, a_list, entity, idp, judged, name
from verifier.validation.paths.refusal import Refusal
from verifier.validation.paths.revocation_list import RevocationList

ROOT = entity("root")
SERIAL = 1001
HOLDER = entity("holder", by=ROOT, ca=False, serial=SERIAL)
HELD = (SERIAL, x509.ReasonFlags.certificate_hold)
COMPROMISED = (SERIAL, x509.ReasonFlags.key_compromise)
EARLIER = {"this_update": NOW - DAY, "number": 6}
PAST = {"this_update": NOW - 3 * DAY, "next_update": NOW - 2 * DAY, "number": 5}


def directory(common_name: str) -> list[x509.GeneralName]:
    return [x509.DirectoryName(name(common_name))]


def code(
    *lists: RevocationList, target: Entity = HOLDER, among: tuple[Entity, ...] = (), **settings: object
) -> str | None:
    found = judged(target, under=[ROOT], among=among, lists=lists, check_revocation=True, **settings).refusal
    return found.code if found else None


def with_point(common_name: str, issuer: str | None = None, **wishes: object) -> Entity:
    point = x509.DistributionPoint(directory(common_name), None, None, directory(issuer) if issuer else None)
    return entity(  # type: ignore[arg-type]
        "holder", by=ROOT, ca=False, serial=SERIAL, extra=[(x509.CRLDistributionPoints([point]), False)], **wishes
    )


@pytest.mark.parametrize(
    ("lists", "expected"),
    [
        ([], "revocation.source_missing"),
        ([a_list(ROOT)], None),
        ([a_list(ROOT, (7, None))], None),
        ([a_list(ROOT, COMPROMISED)], "cert.revoked"),
        ([a_list(ROOT, (SERIAL, None))], "cert.revoked"),
        ([a_list(ROOT, HELD)], "cert.on_hold"),
        ([a_list(ROOT, **PAST)], "revocation.source_stale"),
        ([a_list(ROOT, COMPROMISED, **PAST)], "cert.revoked"),  # final: no later list undoes it
        ([a_list(ROOT, HELD, **PAST)], "revocation.source_stale"),
        ([a_list(ROOT), a_list(ROOT, COMPROMISED, **EARLIER)], "cert.revoked"),
        ([a_list(ROOT), a_list(ROOT, HELD, **EARLIER)], None),  # released since
        ([a_list(ROOT, HELD), a_list(ROOT, **EARLIER)], "cert.on_hold"),
        ([a_list(ROOT, this_update=NOW + DAY, next_update=NOW + 2 * DAY)], "revocation.source_missing"),
        ([a_list(entity("stranger"))], "revocation.source_missing"),
        ([a_list(ROOT, signer="stranger", with_aki=False)], "revocation.source_missing"),
        ([a_list(ROOT, extra=[idp(only_contains_ca_certs=True)])], "revocation.source_missing"),
        ([a_list(ROOT, extra=[idp(only_contains_user_certs=True)])], None),
        ([a_list(ROOT, extra=[idp(only_contains_attribute_certs=True)])], "revocation.source_missing"),
        (
            [a_list(ROOT, extra=[idp(only_some_reasons=frozenset((x509.ReasonFlags.key_compromise,)))])],
            "revocation.source_missing",
        ),
    ],
)
@pytest.mark.parametrize("step", [1, -1], ids=["in-order", "backwards"])
def test_word_of_the_lists(lists: list[RevocationList], expected: str | None, step: int) -> None:
    assert code(*lists[::step]) == expected


def test_a_list_of_another_point_says_nothing() -> None:
    card, phone = ([idp(full_name=directory(point))] for point in ("card", "phone"))
    target = with_point("phone")

    assert code(a_list(ROOT, extra=card), target=target) == "revocation.source_missing"
    assert code(a_list(ROOT, COMPROMISED, extra=card), target=target) == "revocation.source_missing"
    assert code(a_list(ROOT, extra=phone), target=target) is None
    assert code(a_list(ROOT, COMPROMISED, extra=phone), target=target) == "cert.revoked"


def test_a_list_that_names_no_point_may_be_left_out() -> None:
    phone = [idp(full_name=directory("phone"))]
    target = with_point("phone")

    assert code(a_list(ROOT), target=target) is None
    assert code(a_list(ROOT), target=target, lists_name_their_point=True) == "revocation.source_missing"
    assert code(a_list(ROOT, extra=phone), target=target, lists_name_their_point=True) is None


def test_a_revoked_intermediate_is_named_by_its_index() -> None:
    mid = entity("intermediate", by=ROOT, serial=SERIAL)
    target = entity("holder", by=mid, ca=False)

    verdict = judged(target, under=[ROOT], among=[mid], lists=[a_list(ROOT, COMPROMISED), a_list(mid)])

    assert verdict.refusal == Refusal("cert.revoked", 1, "2.5.29.21", "key_compromise")


# --- signers of lists that are not the issuer --------------------

# A second key of the root, certified for lists alone; its own status stands in a list under the root's first key.
SIGNER = entity("root", by=ROOT, label="root's list key", ca=False, key_usage=("crl_sign",), serial=77)
SIGNERS_OWN = a_list(ROOT, extra=[idp(full_name=directory("signers"))])
SIGNERS_REVOKED = a_list(ROOT, (77, None), extra=[idp(full_name=directory("signers"))])


def signer(**wishes: object) -> Entity:
    point = x509.DistributionPoint(directory("signers"), None, None, None)
    settings: dict[str, object] = {"key_usage": ("crl_sign",), "serial": 77} | wishes
    extra = [(x509.CRLDistributionPoints([point]), False)]
    return entity("root", by=ROOT, label="root's list key", ca=False, extra=extra, **settings)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("delegate", "own_list", "expected"),
    [
        (signer(), SIGNERS_OWN, None),
        (signer(), SIGNERS_REVOKED, "revocation.source_missing"),
        (signer(key_usage=("digital_signature",)), SIGNERS_OWN, "revocation.source_missing"),
        (signer(not_after=NOW - DAY), SIGNERS_OWN, "revocation.source_missing"),
    ],
    ids=["good", "revoked", "not for lists", "expired"],
)
def test_a_delegated_signer_must_be_good_itself(
    delegate: Entity, own_list: RevocationList, expected: str | None
) -> None:
    assert code(a_list(delegate), own_list, among=(delegate,)) == expected


def test_a_delegated_signer_does_not_vouch_for_itself() -> None:
    """Whoever stole its key could sign that it is good."""
    assert code(a_list(SIGNER), among=(SIGNER,)) == "revocation.source_missing"
    assert code(a_list(SIGNER), among=(SIGNER,), indirect_crls=True) == "revocation.source_missing"


def test_a_signer_certified_by_another_anchor_is_not_believed() -> None:
    other = entity("other root")
    delegate = entity("root", by=other, label="foreign list key", ca=False, key_usage=("crl_sign",), serial=78)
    target = entity("holder", by=ROOT, ca=False, serial=SERIAL)
    lists = [a_list(delegate), a_list(other)]

    verdict = judged(target, under=[ROOT, other], among=[delegate], lists=lists)

    assert verdict.refusal is not None
    assert verdict.refusal.code == "revocation.source_missing"


def test_a_hold_is_not_hidden_by_a_list_of_the_same_name_under_another_key() -> None:
    """After a change of keys two series of lists bear one name, and each speaks of its own certificates."""
    newer = entity("root", by=ROOT, label="root's next key", serial=2)
    target = entity("holder", by=newer, ca=False, serial=SERIAL)
    lists = [a_list(ROOT, number=9), a_list(newer, HELD, number=8)]

    for told in (lists, lists[::-1]):
        assert code(*told, target=target, among=(newer,)) == "cert.on_hold"


def test_a_certificate_does_not_vouch_for_its_own_status() -> None:
    """A self-issued CA signs lists under its issuer's name, but not about itself."""
    newer = entity("root", by=ROOT, label="root's next key", serial=2)
    target = entity("holder", by=newer, ca=False, serial=SERIAL)

    verdict = judged(target, under=[ROOT], among=[newer], lists=[a_list(newer)])

    assert verdict.refusal == Refusal("revocation.source_missing", 1, "2.5.29.31")


# --- indirect lists and deltas are taken only where they are asked for --------------------


def test_an_indirect_list_speaks_only_where_indirect_lists_are_taken() -> None:
    publisher = entity("publisher", by=ROOT, serial=79)
    target = with_point("indirect", issuer="publisher")
    scope = [idp(full_name=directory("indirect"), indirect_crl=True)]
    good = a_list(publisher, (7, None), extra=scope, certificate_issuer="root")
    bad = a_list(publisher, COMPROMISED, extra=scope, certificate_issuer="root")
    publishers_own = a_list(ROOT, extra=[idp(full_name=directory("root"), only_contains_ca_certs=True)])

    for told, expected in ((good, None), (bad, "cert.revoked")):
        assert code(told, publishers_own, target=target, among=(publisher,), indirect_crls=True) == expected
        assert code(told, publishers_own, target=target, among=(publisher,)) == "revocation.source_missing"


def test_an_entry_of_an_indirect_list_is_about_its_own_issuer_only() -> None:
    publisher = entity("publisher", by=ROOT, serial=79)
    target = with_point("indirect", issuer="publisher")
    scope = [idp(full_name=directory("indirect"), indirect_crl=True)]
    of_others = a_list(publisher, COMPROMISED, extra=scope, certificate_issuer="somebody else")
    publishers_own = a_list(ROOT, extra=[idp(full_name=directory("root"), only_contains_ca_certs=True)])

    assert code(of_others, publishers_own, target=target, among=(publisher,), indirect_crls=True) is None


def delta(
    *revoked: tuple[int, x509.ReasonFlags | None], base: int = 7, number: int = 8, **wishes: object
) -> RevocationList:
    return a_list(ROOT, *revoked, number=number, extra=[(x509.DeltaCRLIndicator(base), True)], **wishes)


EXPIRED = {"this_update": NOW - 3 * DAY, "next_update": NOW - DAY}
REMOVED = (SERIAL, x509.ReasonFlags.remove_from_crl)


@pytest.mark.parametrize(
    ("lists", "expected", "without_deltas"),
    [
        ([a_list(ROOT), delta(COMPROMISED)], "cert.revoked", None),
        ([a_list(ROOT), delta((SERIAL, None))], "cert.revoked", None),  # without a reason: unspecified, which is 0
        ([a_list(ROOT), delta(HELD)], "cert.on_hold", None),
        ([a_list(ROOT, HELD), delta(REMOVED)], None, "cert.on_hold"),
        ([a_list(ROOT, HELD), delta()], "cert.on_hold", "cert.on_hold"),
        ([a_list(ROOT, HELD), delta(COMPROMISED)], "cert.revoked", "cert.on_hold"),
        ([a_list(ROOT, COMPROMISED), delta(REMOVED)], "cert.revoked", "cert.revoked"),
        ([delta()], "revocation.source_missing", "revocation.source_missing"),
        ([a_list(ROOT, HELD), delta(REMOVED, base=8, number=9)], "cert.on_hold", "cert.on_hold"),
        ([a_list(ROOT, HELD), delta(REMOVED, number=7)], "cert.on_hold", "cert.on_hold"),
        ([a_list(ROOT, HELD), delta(REMOVED, **EXPIRED)], "cert.on_hold", "cert.on_hold"),
        ([a_list(ROOT, **PAST), delta(base=5)], "revocation.source_stale", "revocation.source_stale"),
        ([a_list(ROOT, HELD), delta(REMOVED, signer="stranger", with_aki=False)], "cert.on_hold", "cert.on_hold"),
    ],
)
def test_deltas(lists: list[RevocationList], expected: str | None, without_deltas: str | None) -> None:
    assert code(*lists, delta_crls=True) == expected
    assert code(*lists) == without_deltas
