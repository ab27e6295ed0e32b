"""Certificate policies along a path: the valid_policy_graph of RFC 9618, which updates RFC 5280 section 6.1.

RFC 5280 draws a tree whose size is a power of the path's length; a certificate made for the purpose could keep a
verifier busy for hours.  The graph has at most one node for each policy at each depth and gives the same answer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from verifier.pki.oids import ANY_POLICY


@dataclass(slots=True)
class _Node:
    """``expected`` is expected_policy_set; ``parents`` are valid policies one level up (RFC 9618 section 5.1)."""

    expected: frozenset[str]
    parents: frozenset[str] = frozenset()


_Level = dict[str, _Node]
_ANY = frozenset((ANY_POLICY,))


class PolicyGraph:
    """Starts as the one node anyPolicy of depth 0.  ``levels`` is empty once the graph is NULL."""

    def __init__(self) -> None:
        self._levels: list[_Level] = [{ANY_POLICY: _Node(_ANY)}]

    @property
    def is_null(self) -> bool:
        """True when no policy is valid for the path any more; it stays so."""
        return not self._levels

    def descend(self, policies: frozenset[str] | None, *, any_policy_counts: bool) -> None:
        """RFC 9618 section 5.3, steps (d) and (e), for one certificate.  ``policies`` is None without the
        extension."""
        if policies is None:
            self._levels = []
        if self.is_null or policies is None:
            return
        above = self._levels[-1]
        level = {policy: node for policy in policies - _ANY if (node := _child(policy, above)) is not None}
        if ANY_POLICY in policies and any_policy_counts:
            for policy in {name for node in above.values() for name in node.expected} - set(level):
                level[policy] = _node(policy, _expecting(policy, above))
        self._levels.append(level)
        self._prune()

    def map(self, mappings: Mapping[str, frozenset[str]]) -> None:
        """RFC 9618 section 5.4, step (b) (1): issuer-domain policies with the subject-domain ones they equal."""
        if self.is_null:
            return
        level = self._levels[-1]
        for policy, equivalents in mappings.items():
            if policy in level:
                level[policy].expected = equivalents
            elif ANY_POLICY in level:
                level[policy] = _Node(equivalents, frozenset((ANY_POLICY,)))

    def forbid(self, mapped: Iterable[str]) -> None:
        """RFC 9618 section 5.4, step (b) (2): where mapping is inhibited, a mapped policy ends here."""
        if self.is_null:
            return
        for policy in mapped:
            self._levels[-1].pop(policy, None)
        self._prune()

    def policies_for(self, initial: frozenset[str]) -> frozenset[str]:
        """The policies under which the path is valid for a user of ``initial``, in the anchor's domain (RFC 9618
        section 5.5, step (g)); empty if there are none."""
        if self.is_null:
            return frozenset()
        granted = {
            policy
            for level in self._levels[1:]
            for policy, node in level.items()
            if policy != ANY_POLICY and ANY_POLICY in node.parents
        }
        if ANY_POLICY in self._levels[-1]:
            return initial if ANY_POLICY not in initial else frozenset(granted | {ANY_POLICY})
        return frozenset(granted if ANY_POLICY in initial else granted & initial)

    def _prune(self) -> None:
        """Drop nodes without a child, upwards; an empty level means that the graph is NULL."""
        for above, below in zip(self._levels[-2::-1], self._levels[:0:-1], strict=False):
            if len(above) == 1 and below:
                continue  # every node has a parent
            kept = {parent for node in below.values() for parent in node.parents}
            for policy in set(above) - kept:
                del above[policy]
        if not self._levels[-1]:
            self._levels = []


def _child(policy: str, above: _Level) -> _Node | None:
    """RFC 9618 section 5.3, step (d) (1): under those who expect the policy, else under anyPolicy."""
    parents = _expecting(policy, above)
    if not parents and ANY_POLICY in above:
        parents = _ANY
    return _node(policy, parents) if parents else None


def _expecting(policy: str, level: _Level) -> frozenset[str]:
    return frozenset(name for name, node in level.items() if policy in node.expected)


def _node(policy: str, parents: frozenset[str]) -> _Node:
    return _Node(frozenset((policy,)), parents)
