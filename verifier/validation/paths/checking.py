"""RFC 5280 section 6.1, with the policy graph of RFC 9618, for a chain whose signatures are proven.

Revocation (6.1.3 (a) (3)) is left to ``revocation_status``.  Stricter than the text in one thing: an anchor is held to
its own validity window, key usage, path length and name constraints (as RFC 5937 allows), because anchors here are
pinned as certificates and a practice statement ends the use of a CA key with its certificate.
"""

from dataclasses import dataclass, field
from datetime import datetime

from verifier.pki import oids
from verifier.validation.paths import name_constraints
from verifier.validation.paths.certificate import PathCertificate
from verifier.validation.paths.chains import Chain
from verifier.validation.paths.name_constraints import NameConstraints
from verifier.validation.paths.policy_graph import PolicyGraph
from verifier.validation.paths.refusal import Refusal
from verifier.validation.paths.settings import PathSettings


@dataclass(slots=True)
class _State:
    """The variables of section 6.1.2.  Counters of ``None`` are "unlimited"."""

    settings: PathSettings
    explicit_policy: int
    policy_mapping: int
    inhibit_any: int
    max_path_length: int
    graph: PolicyGraph = field(default_factory=PolicyGraph)
    names: NameConstraints = field(default_factory=NameConstraints)


def check(chain: Chain, settings: PathSettings) -> frozenset[str] | Refusal:
    """The policies under which the chain is valid (dotted OIDs in the anchor's domain, possibly none at all where no
    explicit policy was asked for), or the first rule it breaks, from the anchor down."""
    refusal = anchor_refusal(chain.anchor.certificate, settings, len(chain.certificates))
    if refusal is not None:
        return refusal
    state = _initial(chain, settings)
    for position, certificate in enumerate(chain.certificates):
        refusal = _step(certificate, state, chain.index(position))
        if refusal is not None:
            return refusal
    return _wrap_up(chain.target, state)


def _initial(chain: Chain, settings: PathSettings) -> _State:
    """Section 6.1.2, with what the anchor's certificate says about itself."""
    length, anchor = len(chain.certificates), chain.anchor.certificate
    state = _State(
        settings=settings,
        explicit_policy=0 if settings.explicit_policy else length + 1,
        policy_mapping=0 if settings.inhibit_mapping else length + 1,
        inhibit_any=0 if settings.inhibit_any else length + 1,
        max_path_length=_least(length, anchor.path_length),
    )
    if anchor.name_constraints is not None:
        state.names.add(anchor.name_constraints)
    return state


def anchor_refusal(anchor: PathCertificate, settings: PathSettings, index: int) -> Refusal | None:
    """The first rule that an anchor breaks, as the issuer of certificates at this moment."""
    for rule in (_size, _key, _window, _authority, _critical, _purpose):
        refusal = rule(anchor, settings, index)
        if refusal is not None:
            return refusal
    return None


def _step(certificate: PathCertificate, state: _State, index: int) -> Refusal | None:
    """Sections 6.1.3 and, for all but the last, 6.1.4."""
    is_last = index == 0
    for rule in (_size, _window, _critical, _purpose):
        refusal = rule(certificate, state.settings, index)
        if refusal is not None:
            return refusal
    refusal = _names(certificate, state, index) or _policies(certificate, state, index)
    if refusal is not None or is_last:
        return refusal
    return _prepare(certificate, state, index)


def _size(certificate: PathCertificate, settings: PathSettings, index: int) -> Refusal | None:
    """Not a rule of the standard: bounds on what one certificate may make us do."""
    limits = settings.limits
    constraints = certificate.name_constraints
    if len(certificate.policies or ()) > limits.policies:
        return Refusal("path.work_limit", index, oids.CERTIFICATE_POLICIES)
    mappings = certificate.mappings
    if mappings and sum(1 + len(equal) for equal in mappings.values()) > 2 * limits.policies:
        return Refusal("path.work_limit", index, oids.POLICY_MAPPINGS)
    if constraints is not None and name_constraints.count(constraints) > limits.names:
        return Refusal("path.work_limit", index, oids.NAME_CONSTRAINTS)
    return None


def _key(certificate: PathCertificate, settings: PathSettings, index: int) -> Refusal | None:
    """Not a rule of the standard: sizes and curves that count."""
    return None if certificate.has_usable_key else Refusal("cert.weak_key", index)


def _window(certificate: PathCertificate, settings: PathSettings, index: int) -> Refusal | None:
    """6.1.3 (a) (2); both ends are inside (section 4.1.2.5)."""
    return outside(certificate, settings.at, index)


def outside(certificate: PathCertificate, at: datetime, index: int) -> Refusal | None:
    """The rule about the window by itself."""
    if at < certificate.not_before:
        return Refusal("cert.not_yet_valid", index)
    return Refusal("cert.expired", index) if at > certificate.not_after else None


def _critical(certificate: PathCertificate, settings: PathSettings, index: int) -> Refusal | None:
    """6.1.4 (o), 6.1.5 (f)."""
    for oid in certificate.unknown_critical:
        if oid != oids.EXTENDED_KEY_USAGE or settings.purposes is None:
            return Refusal("cert.unknown_critical_extension", index, oid)
    return None


def _purpose(certificate: PathCertificate, settings: PathSettings, index: int) -> Refusal | None:
    """4.2.1.12: a key that is restricted to purposes is good for these alone.  A CA's restriction is read as one of
    what it issues, which the standard leaves open and everybody does."""
    if certificate.purposes is None or settings.purposes is None:
        return None
    fits = oids.ANY_EXTENDED_KEY_USAGE in certificate.purposes or certificate.purposes & settings.purposes
    return None if fits else Refusal("cert.key_usage", index, oids.EXTENDED_KEY_USAGE)


def _names(certificate: PathCertificate, state: _State, index: int) -> Refusal | None:
    """6.1.3 (b) and (c): a self-issued certificate is free of name constraints unless it is the last."""
    if state.names.is_empty or (certificate.is_self_issued and index):
        return None
    names = certificate.names
    if len(names.all) > state.settings.limits.names:
        return Refusal("path.work_limit", index, oids.SUBJECT_ALTERNATIVE_NAME)
    violation = state.names.violation(names)
    return Refusal("path.name_constraints", index, oids.NAME_CONSTRAINTS, violation) if violation else None


def _policies(certificate: PathCertificate, state: _State, index: int) -> Refusal | None:
    """6.1.3 (d) to (f)."""
    counts = state.inhibit_any > 0 or (index > 0 and certificate.is_self_issued)
    state.graph.descend(certificate.policies, any_policy_counts=counts)
    if state.explicit_policy == 0 and state.graph.is_null:
        return Refusal("path.policy", index, oids.CERTIFICATE_POLICIES)
    return None


def _prepare(certificate: PathCertificate, state: _State, index: int) -> Refusal | None:
    """6.1.4, in its order."""
    refusal = _mappings(certificate, state, index)
    if refusal is not None:
        return refusal
    if certificate.name_constraints is not None:
        state.names.add(certificate.name_constraints)
    _count_down(certificate, state)
    return _authority(certificate, state.settings, index) or _path_length(certificate, state, index)


def _mappings(certificate: PathCertificate, state: _State, index: int) -> Refusal | None:
    """6.1.4 (a) and (b)."""
    mappings = certificate.mappings
    if oids.ANY_POLICY in mappings or any(oids.ANY_POLICY in equal for equal in mappings.values()):
        return Refusal("path.policy_mapping", index, oids.POLICY_MAPPINGS, "any_policy")
    if state.policy_mapping > 0:
        state.graph.map(mappings)
    else:
        state.graph.forbid(mappings)
    return None


def _count_down(certificate: PathCertificate, state: _State) -> None:
    """6.1.4 (h) to (j)."""
    if not certificate.is_self_issued:
        state.explicit_policy = max(state.explicit_policy - 1, 0)
        state.policy_mapping = max(state.policy_mapping - 1, 0)
        state.inhibit_any = max(state.inhibit_any - 1, 0)
    state.explicit_policy = _least(state.explicit_policy, certificate.require_explicit_policy)
    state.policy_mapping = _least(state.policy_mapping, certificate.inhibit_policy_mapping)
    state.inhibit_any = _least(state.inhibit_any, certificate.inhibit_any_policy)


def _authority(certificate: PathCertificate, settings: PathSettings, index: int) -> Refusal | None:
    """6.1.4 (k) and (n): a CA, and its key is for signing certificates."""
    if not certificate.is_ca:
        return Refusal("path.not_a_ca", index, oids.BASIC_CONSTRAINTS)
    usage = certificate.key_usage
    return Refusal("cert.key_usage", index, oids.KEY_USAGE) if usage and not usage.key_cert_sign else None


def _path_length(certificate: PathCertificate, state: _State, index: int) -> Refusal | None:
    """6.1.4 (l) and (m)."""
    if not certificate.is_self_issued:
        if state.max_path_length <= 0:
            return Refusal("path.too_long", index, oids.BASIC_CONSTRAINTS)
        state.max_path_length -= 1
    state.max_path_length = _least(state.max_path_length, certificate.path_length)
    return None


def _wrap_up(target: PathCertificate, state: _State) -> frozenset[str] | Refusal:
    """6.1.5: (a), (b) and (g)."""
    state.explicit_policy = max(state.explicit_policy - 1, 0)
    if target.require_explicit_policy == 0:
        state.explicit_policy = 0
    granted = state.graph.policies_for(state.settings.initial_policies)
    if state.explicit_policy == 0 and not granted:
        return Refusal("path.policy", 0, oids.CERTIFICATE_POLICIES)
    return granted


def _least(value: int, limit: int | None) -> int:
    return value if limit is None else min(value, limit)
