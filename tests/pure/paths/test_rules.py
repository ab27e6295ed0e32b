"""Each rule of RFC 5280 section 6.1 fails alone, and says whose certificate and which extension it read."""

from collections.abc import Callable

import pytest
from cryptography import x509

from tests.pure.paths.made import (
    DAY,
    NOW,
    YEAR,
    Entity,
    entity,
    judged,
    mappings,
    policies,
)
from verifier.pki.errors import MalformedCertificate
from verifier.validation.paths import certificate
from verifier.validation.paths.refusal import Refusal

ROOT = entity("root")
P1, P2, ANY = "1.2.3.1", "1.2.3.2", "2.5.29.32.0"
UNKNOWN = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.9"), b"\x05\x00")
# permittedSubtrees: dNSName example.jp with minimum 1
BOUNDED = x509.UnrecognizedExtension(
    x509.ObjectIdentifier("2.5.29.30"), bytes.fromhex("3013a011300f820a") + b"example.jp" + bytes.fromhex("800101")
)
CONSTRAINED = x509.NameConstraints([x509.DNSName("example.jp")], None)


def holder(by: Entity, **wishes: object) -> Entity:
    return entity("holder", by=by, ca=False, **wishes)  # type: ignore[arg-type]


def through(*extra: tuple[x509.ExtensionType, bool], **wishes: object) -> Entity:
    return entity("intermediate", by=ROOT, extra=extra, **wishes)  # type: ignore[arg-type]


def san(*names: x509.GeneralName) -> tuple[x509.ExtensionType, bool]:
    return x509.SubjectAlternativeName(names), False


def refusal(target: Entity, *among: Entity, **settings: object) -> Refusal | None:
    return judged(target, under=[ROOT], among=among, **settings).refusal


def unread(item: Entity) -> Refusal | None:
    try:
        certificate.parse(item.encoded)
    except MalformedCertificate as error:
        return Refusal(error.code, 0, detail=error.detail)
    return None


CASES: dict[str, tuple[Callable[[], Refusal | None], Refusal | None]] = {
    "good": (lambda: refusal(holder(mid := through()), mid), None),
    "expired": (lambda: refusal(holder(ROOT, not_after=NOW - DAY)), Refusal("cert.expired", 0)),
    "not yet valid": (
        lambda: refusal(holder(mid := through(not_before=NOW + DAY)), mid),
        Refusal("cert.not_yet_valid", 1),
    ),
    "anchor at its end": (
        lambda: (
            judged(holder(old := entity("old", not_after=NOW - DAY), not_before=NOW - YEAR / 2), under=[old]).refusal
        ),
        Refusal("cert.expired", 1),
    ),
    "unknown critical": (
        lambda: refusal(holder(mid := through((UNKNOWN, True))), mid),
        Refusal("cert.unknown_critical_extension", 1, "1.2.3.9"),
    ),
    "unknown, not critical": (lambda: refusal(holder(mid := through((UNKNOWN, False))), mid), None),
    "not a CA": (
        lambda: refusal(holder(mid := through(ca=False, key_usage=("key_cert_sign",))), mid),
        Refusal("path.not_a_ca", 1, "2.5.29.19"),
    ),
    "key usage": (
        lambda: refusal(holder(mid := through(key_usage=("crl_sign",))), mid),
        Refusal("cert.key_usage", 1, "2.5.29.15"),
    ),
    "no key usage is no limit": (lambda: refusal(holder(mid := through(key_usage=())), mid), None),
    "path length": (
        lambda: refusal(holder(low := entity("low", by=(mid := through(path_length=0)))), mid, low),
        Refusal("path.too_long", 1, "2.5.29.19"),
    ),
    "no policy where one is required": (
        lambda: refusal(holder(ROOT), explicit_policy=True),
        Refusal("path.policy", 0, "2.5.29.32"),
    ),
    "another policy than the user's": (
        lambda: refusal(holder(ROOT, extra=[policies(P1)]), explicit_policy=True, initial_policies=frozenset((P2,))),
        Refusal("path.policy", 0, "2.5.29.32"),
    ),
    "any policy, inhibited": (
        lambda: refusal(holder(ROOT, extra=[policies(ANY)]), explicit_policy=True, inhibit_any=True),
        Refusal("path.policy", 0, "2.5.29.32"),
    ),
    "explicit policy asked for by the path": (
        lambda: refusal(holder(mid := through((x509.PolicyConstraints(0, None), True))), mid),
        Refusal("path.policy", 0, "2.5.29.32"),
    ),
    "mapping from any policy": (
        lambda: refusal(holder(mid := through(policies(P1), mappings((ANY, P1)))), mid),
        Refusal("path.policy_mapping", 1, "2.5.29.33", "any_policy"),
    ),
    "mapping to any policy": (
        lambda: refusal(holder(mid := through(policies(P1), mappings((P1, ANY)))), mid),
        Refusal("path.policy_mapping", 1, "2.5.29.33", "any_policy"),
    ),
    "name outside": (
        lambda: refusal(holder(mid := through((CONSTRAINED, True)), extra=[san(x509.DNSName("example.com"))]), mid),
        Refusal("path.name_constraints", 0, "2.5.29.30", "not_permitted"),
    ),
    "name inside": (
        lambda: refusal(holder(mid := through((CONSTRAINED, True)), extra=[san(x509.DNSName("a.example.jp"))]), mid),
        None,
    ),
    "form that cannot be judged": (
        lambda: refusal(
            holder(
                mid := through((x509.NameConstraints([x509.RegisteredID(x509.ObjectIdentifier("1.2.3"))], None), True)),
                extra=[san(x509.RegisteredID(x509.ObjectIdentifier("1.2.3.4")))],
            ),
            mid,
        ),
        Refusal("path.name_constraints", 0, "2.5.29.30", "cannot_be_judged"),
    ),
    "minimum in a subtree": (
        lambda: unread(through((BOUNDED, True))),
        Refusal("cert.malformed", 0, detail="extension"),
    ),
    "path length of the anchor": (
        lambda: (
            judged(
                holder(mid := entity("low", by=(short := entity("short", path_length=0)))), under=[short], among=[mid]
            ).refusal
        ),
        Refusal("path.too_long", 1, "2.5.29.19"),
    ),
    "name outside the anchor's": (
        lambda: (
            judged(
                holder(narrow := entity("narrow", extra=[(CONSTRAINED, True)]), extra=[san(x509.DNSName("a.example"))]),
                under=[narrow],
            ).refusal
        ),
        Refusal("path.name_constraints", 0, "2.5.29.30", "not_permitted"),
    ),
    "key on a curve that is not taken": (
        lambda: judged(holder(odd := entity("odd", label="brainpool")), under=[odd]).refusal,
        Refusal("cert.weak_key", 1),
    ),
    "signed by another key": (
        lambda: refusal(holder(entity("root", label="impostor"), with_aki=False)),
        Refusal("cert.bad_signature", 0),
    ),
    "issuer nobody knows": (lambda: refusal(holder(entity("stranger"))), Refusal("cert.issuer_unknown", 0)),
    "issuer's issuer nobody knows": (
        lambda: refusal(holder(mid := entity("intermediate", by=entity("stranger"))), mid),
        Refusal("cert.issuer_unknown", 1),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_rule(case: str) -> None:
    found, expected = CASES[case]

    assert found() == expected


def test_policies_of_the_user_come_out_in_the_anchors_words() -> None:
    mid = through(policies(P1), mappings((P1, P2)))
    target = holder(mid, extra=[policies(P2)])

    verdict = judged(target, under=[ROOT], among=[mid], explicit_policy=True, initial_policies=frozenset((P1,)))
    assert verdict.is_valid
    assert verdict.policies == {P1}

    inhibited = judged(target, under=[ROOT], among=[mid], explicit_policy=True, inhibit_mapping=True)
    assert inhibited.refusal == Refusal("path.policy", 0, "2.5.29.32")


def test_a_broken_chain_does_not_hide_a_good_one() -> None:
    expired, good = through(not_after=NOW - DAY, serial=2), through(serial=3)
    target = holder(good)

    for among in ([expired, good], [good, expired]):
        verdict = judged(target, under=[ROOT], among=among)
        assert verdict.is_valid
        assert verdict.chain is not None
        assert verdict.chain.certificates == (good.certificate, target.certificate)


def test_an_anchor_at_its_end_lives_on_where_another_one_certifies_its_key() -> None:
    ended = entity("old", not_after=NOW - DAY)
    crossed = entity("old", by=ROOT)
    target = holder(crossed, not_before=NOW - YEAR / 2)

    for under in ([ROOT, ended], [ended, ROOT]):
        assert judged(target, under=under).refusal == Refusal("cert.expired", 1)
        assert judged(target, under=under, among=[crossed]).is_valid


def test_of_several_reasons_the_one_nearest_to_the_anchor_is_shown() -> None:
    """A chain that is signed all the way and expired says more than a branch that leads nowhere."""
    expired = through(not_after=NOW - DAY)
    astray = entity("intermediate", by=entity("stranger"), serial=9)
    target = holder(expired)

    for among in ([expired, astray], [astray, expired]):
        assert refusal(target, *among) == Refusal("cert.expired", 1)
