"""Certificates and lists made to keep a verifier busy end in a refusal, soon."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from cryptography import x509

from tests.pure.paths.made import Entity, a_list, entity, judged, mappings, policies
from verifier.validation.paths.policy_graph import PolicyGraph
from verifier.validation.paths.settings import Limits

ROOT = entity("root")


@contextmanager
def soon(seconds: float = 1.0) -> Iterator[None]:
    begun = time.process_time()
    yield
    assert time.process_time() - begun < seconds


def test_a_name_with_a_hundred_keys() -> None:
    crowd = [entity("root", label=f"crowd {number}", with_ski=False) for number in range(100)]
    target = entity("holder", by=entity("root", label="nobody"), ca=False, with_aki=False)

    with soon():
        verdict = judged(target, under=[ROOT], among=crowd)

    assert verdict.refusal is not None
    assert verdict.refusal.code == "path.work_limit"


def ring(size: int) -> list[Entity]:
    """CAs each of which certifies all others, and none of which an anchor knows."""
    return [
        entity(f"ring {subject}", by=Entity(f"ring {issuer}", f"ring {issuer}", b""), serial=issuer + 1)
        for subject in range(size)
        for issuer in range(size)
        if subject != issuer
    ]


def test_authorities_that_certify_each_other_in_all_ways() -> None:
    members = ring(8)
    target = entity("holder", by=members[0], ca=False)

    with soon():
        verdict = judged(target, under=[ROOT], among=members)

    assert verdict.refusal is not None
    assert verdict.refusal.code == "path.work_limit"


def test_signers_of_lists_that_vouch_for_each_other() -> None:
    signers = [
        entity("root", by=ROOT, label=f"signer {number}", ca=False, key_usage=("crl_sign",), serial=number + 2)
        for number in range(8)
    ]
    lists = [a_list(signer, number=number + 1) for number, signer in enumerate(signers)]
    target = entity("holder", by=ROOT, ca=False, serial=500)

    with soon():
        verdict = judged(target, under=[ROOT], among=signers, lists=lists)

    assert verdict.refusal is not None
    assert verdict.refusal.code in ("path.work_limit", "revocation.source_missing")


def a_row(length: int) -> list[Entity]:
    row = [ROOT]
    for number in range(length):
        row.append(entity(f"level {number}", by=row[-1]))
    return row


@pytest.mark.parametrize(("length", "code"), [(7, None), (8, "path.too_deep")])
def test_depth(length: int, code: str | None) -> None:
    row = a_row(length)
    verdict = judged(entity("holder", by=row[-1], ca=False), under=[ROOT], among=row[1:])

    assert (verdict.refusal.code if verdict.refusal else None) == code


@pytest.mark.parametrize(("count", "code"), [(64, None), (65, "path.work_limit")])
def test_policies_of_one_certificate(count: int, code: str | None) -> None:
    many = policies(*(f"1.2.3.{number}" for number in range(count)))
    verdict = judged(entity("holder", by=ROOT, ca=False, extra=[many]), under=[ROOT])

    assert (verdict.refusal.code if verdict.refusal else None) == code
    assert verdict.refusal is None or verdict.refusal.oid == "2.5.29.32"


def test_mappings_of_one_certificate() -> None:
    many = mappings(*((f"1.2.3.{first}", f"1.2.4.{second}") for first in range(16) for second in range(16)))
    mid = entity("intermediate", by=ROOT, extra=[policies("1.2.3.1"), many])
    verdict = judged(entity("holder", by=mid, ca=False), under=[ROOT], among=[mid])

    assert verdict.refusal is not None
    assert (verdict.refusal.code, verdict.refusal.index, verdict.refusal.oid) == ("path.work_limit", 1, "2.5.29.33")


@pytest.mark.parametrize(("count", "code"), [(255, None), (256, "path.work_limit")])
def test_names_of_one_certificate_under_constraints(count: int, code: str | None) -> None:
    """The subject is a name as well."""
    hosts = x509.SubjectAlternativeName([x509.DNSName(f"h{number}.example.jp") for number in range(count)])
    limit = x509.NameConstraints([x509.DNSName("example.jp")], None)
    mid = entity("intermediate", by=ROOT, extra=[(limit, True)])
    verdict = judged(entity("holder", by=mid, ca=False, extra=[(hosts, False)]), under=[ROOT], among=[mid])

    assert (verdict.refusal.code if verdict.refusal else None) == code


def test_a_tree_that_would_grow_with_the_power_of_depth_is_a_small_graph() -> None:
    """Two policies, each mapped to both, at every level: 2^levels leaves in RFC 5280's tree."""
    pair = frozenset(("1.2.3.1", "1.2.3.2"))
    graph = PolicyGraph()

    with soon():
        for _ in range(1000):
            graph.descend(pair, any_policy_counts=True)
            graph.map(dict.fromkeys(pair, pair))

    assert graph.policies_for(pair) == pair


def test_limits_are_settings() -> None:
    row = a_row(3)
    target = entity("holder", by=row[-1], ca=False)

    for limits in (Limits(depth=2), Limits(signature_checks=2), Limits(steps=2)):
        verdict = judged(target, under=[ROOT], among=row[1:], limits=limits)
        assert verdict.refusal is not None
        assert verdict.refusal.code in ("path.too_deep", "path.work_limit")
