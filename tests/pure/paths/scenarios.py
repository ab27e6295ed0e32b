"""Chains with lists, drawn at random: mostly in order, each part now and then out of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cryptography import x509
from hypothesis import strategies as st

from tests.pure.paths.made import (
    DAY,
    NOW,
    Entity,
    Extension,
    crl,
    entity,
    idp,
    mappings,
    name,
    policies,
)
from verifier.pki.oids import ANY_POLICY

P1, P2 = "1.2.3.1", "1.2.3.2"
ROOT = entity("root", label="scenario root")
UNKNOWN = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.9"), b"\x05\x00")


@dataclass(frozen=True)
class Link:
    """One certificate of a chain, and what its issuer's list says about it."""

    policies: tuple[str, ...] | None = (P1,)
    mapping: tuple[tuple[str, str], ...] = ()
    require_explicit: int | None = None
    inhibit_mapping: int | None = None
    inhibit_any: int | None = None
    path_length: int | None = None
    usage: tuple[str, ...] = ("key_cert_sign", "crl_sign")
    is_ca: bool = True
    window: str = "now"
    has_unknown_critical: bool = False
    is_self_issued: bool = False
    with_aki: bool = True
    permitted: str | None = None
    excluded: str | None = None
    word: str = "good"


@dataclass(frozen=True)
class Scenario:
    """The links from below the anchor down to the holder, and the settings of the validation."""

    links: tuple[Link, ...]
    host: str | None
    initial_policies: tuple[str, ...]
    explicit_policy: bool
    inhibit_mapping: bool
    inhibit_any: bool


@dataclass
class Built:
    """A scenario as bytes."""

    scenario: Scenario
    holder: Entity
    intermediates: list[Entity] = field(default_factory=list)
    lists: list[bytes] = field(default_factory=list)


def mostly(usual: Any, *others: Any) -> st.SearchStrategy[Any]:
    """The usual value eleven times out of twelve."""
    return st.integers(0, 11).flatmap(lambda n: st.sampled_from(others) if n == 0 else st.just(usual))


POLICY_SETS = st.sampled_from([(P1,), (P1,), (P1, P2), (P2,), (ANY_POLICY,), (P1, ANY_POLICY), None])
COUNTS = mostly(None, 0, 1, 2)
WORDS = mostly(
    "good", "revoked", "held", "stale", "missing", "forged", "only_ca", "only_user", "early", "stale_revoked"
)
LINKS = st.builds(
    Link,
    policies=POLICY_SETS,
    mapping=mostly((), ((P1, P2),), ((P2, P1),), ((P1, P1), (P1, P2)), ((P1, ANY_POLICY),), ((ANY_POLICY, P1),)),
    require_explicit=COUNTS,
    inhibit_mapping=COUNTS,
    inhibit_any=COUNTS,
    path_length=COUNTS,
    usage=mostly(("key_cert_sign", "crl_sign"), ("key_cert_sign",), ("crl_sign",), ()),
    is_ca=mostly(True, False),
    window=mostly("now", "expired", "early"),
    has_unknown_critical=mostly(False, True),
    is_self_issued=mostly(False, True),
    with_aki=mostly(True, False),
    permitted=mostly(None, "example.jp", "www.example.jp", "example.com"),
    excluded=mostly(None, "example.jp", "www.example.jp", "example.com"),
    word=WORDS,
)
SCENARIOS = st.builds(
    Scenario,
    links=st.lists(LINKS, min_size=1, max_size=4).map(tuple),
    host=st.sampled_from([None, "example.jp", "www.example.jp", "a.www.example.jp"]),
    initial_policies=st.sampled_from([(ANY_POLICY,), (P1,), (P2,), (P1, P2)]),
    explicit_policy=mostly(False, True),
    inhibit_mapping=mostly(False, True),
    inhibit_any=mostly(False, True),
)


def build(scenario: Scenario) -> Built:
    """Issue the chain from the anchor down, with a list for every certificate."""
    issuer, issued, lists = ROOT, [], []
    for number, link in enumerate(scenario.links):
        is_last = number == len(scenario.links) - 1
        below = _issue(link, issuer, number, scenario.host if is_last else None, is_last=is_last)
        listed = _list(link, issuer, number)
        lists += [listed] if listed else []
        issued.append(below)
        issuer = below
    return Built(scenario, issued[-1], issued[:-1], lists)


def _issue(link: Link, issuer: Entity, number: int, host: str | None, *, is_last: bool) -> Entity:
    own_name = issuer.common_name if link.is_self_issued and not is_last else f"level {number}"
    window = {
        "now": {},
        "expired": {"not_after": NOW - DAY},
        "early": {"not_before": NOW + DAY},
    }[link.window]
    return entity(
        own_name,
        by=issuer,
        label=f"key {number}",
        ca=link.is_ca and not is_last,
        path_length=link.path_length,
        key_usage=("digital_signature",) if is_last else link.usage,
        serial=100 + number,
        with_aki=link.with_aki,
        extra=_extensions(link, host, is_last=is_last),
        subject=name(own_name),
        **window,  # type: ignore[arg-type]
    )


def _extensions(link: Link, host: str | None, *, is_last: bool) -> Sequence[Extension]:
    found: list[Extension] = []
    if link.policies:
        found.append(policies(*link.policies))
    if link.has_unknown_critical:
        found.append((UNKNOWN, True))
    if host:
        found.append((x509.SubjectAlternativeName([x509.DNSName(host)]), False))
    if is_last:
        return found
    if link.mapping:
        found.append(mappings(*link.mapping))
    if link.require_explicit is not None or link.inhibit_mapping is not None:
        found.append((x509.PolicyConstraints(link.require_explicit, link.inhibit_mapping), True))
    if link.inhibit_any is not None:
        found.append((x509.InhibitAnyPolicy(link.inhibit_any), True))
    if link.permitted or link.excluded:
        found.append((x509.NameConstraints(_hosts(link.permitted), _hosts(link.excluded)), True))
    return found


def _hosts(host: str | None) -> list[x509.GeneralName] | None:
    return [x509.DNSName(host)] if host else None


def _list(link: Link, issuer: Entity, number: int) -> bytes | None:
    serial = 100 + number
    past = {"this_update": NOW - 3 * DAY, "next_update": NOW - 2 * DAY}
    wishes: dict[str, dict[str, Any]] = {
        "good": {},
        "revoked": {"revoked": [(serial, x509.ReasonFlags.key_compromise)]},
        "held": {"revoked": [(serial, x509.ReasonFlags.certificate_hold)]},
        "stale": past,
        "stale_revoked": {"revoked": [(serial, x509.ReasonFlags.key_compromise)]} | past,
        "early": {"this_update": NOW + DAY, "next_update": NOW + 2 * DAY},
        "forged": {"signer": "forger", "with_aki": False},
        "only_ca": {"extra": [idp(only_contains_ca_certs=True)]},
        "only_user": {"extra": [idp(only_contains_user_certs=True)]},
    }
    return None if link.word == "missing" else crl(issuer, **wishes[link.word])
