"""The valid_policy_tree as RFC 5280 section 6.1 draws it, word by word and with all its growth: the oracle of the
graph."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from verifier.pki.oids import ANY_POLICY


@dataclass(eq=False)
class Node:
    policy: str
    expected: frozenset[str]
    parent: "Node | None" = None
    children: list["Node"] = field(default_factory=list)

    def add(self, policy: str, expected: frozenset[str]) -> None:
        self.children.append(Node(policy, expected, self))


class PolicyTree:
    """Section 6.1.2 (a): begins as one node anyPolicy at depth 0."""

    def __init__(self) -> None:
        self.root: Node | None = Node(ANY_POLICY, frozenset((ANY_POLICY,)))
        self.depth = 0

    def nodes(self, depth: int) -> list[Node]:
        level = [self.root] if self.root else []
        for _ in range(depth):
            level = [child for node in level for child in node.children]
        return level

    def descend(self, policies: frozenset[str] | None, *, any_policy_counts: bool) -> None:
        """Section 6.1.3 (d) and (e)."""
        if policies is None:
            self.root = None
        above = self.nodes(self.depth)
        for policy in (policies or frozenset()) - {ANY_POLICY}:
            expecting = [node for node in above if policy in node.expected]
            for node in expecting or [node for node in above if node.policy == ANY_POLICY]:
                node.add(policy, frozenset((policy,)))
        if ANY_POLICY in (policies or ()) and any_policy_counts:
            for node in above:
                for policy in node.expected - {child.policy for child in node.children}:
                    node.add(policy, frozenset((policy,)))
        self.depth += 1
        self.prune()

    def map(self, mappings: Mapping[str, frozenset[str]]) -> None:
        """Section 6.1.4 (b) (1)."""
        level = self.nodes(self.depth)
        for policy, equivalents in mappings.items():
            named = [node for node in level if node.policy == policy]
            for node in named:
                node.expected = equivalents
            if not named:
                for node in level:
                    if node.policy == ANY_POLICY and node.parent is not None:
                        node.parent.add(policy, equivalents)

    def forbid(self, mapped: Mapping[str, frozenset[str]]) -> None:
        """Section 6.1.4 (b) (2)."""
        for node in self.nodes(self.depth):
            if node.policy in mapped:
                self.delete(node)
        self.prune()

    def policies_for(self, initial: frozenset[str]) -> frozenset[str]:
        """Section 6.1.5 (g): the policies of valid_policy_node_set that are left."""
        if ANY_POLICY not in initial:
            self._intersect(initial)
        return frozenset(node.policy for node in self._granted())

    def _granted(self) -> Iterator[Node]:
        for depth in range(1, self.depth + 1):
            for node in self.nodes(depth):
                is_granted = node.parent is not None and node.parent.policy == ANY_POLICY
                if is_granted and (node.policy != ANY_POLICY or depth == self.depth):
                    yield node

    def _intersect(self, initial: frozenset[str]) -> None:
        granted = list(self._granted())
        for node in granted:
            if node.policy not in initial and node.policy != ANY_POLICY:
                self.delete(node)
        for node in self.nodes(self.depth):
            if node.policy == ANY_POLICY and node.parent is not None:
                for policy in initial - {item.policy for item in granted}:
                    node.parent.add(policy, frozenset((policy,)))
                self.delete(node)
        self.prune()

    def delete(self, node: Node) -> None:
        if node.parent is not None:
            node.parent.children.remove(node)

    def prune(self) -> None:
        for depth in range(self.depth - 1, -1, -1):
            for node in self.nodes(depth):
                if not node.children:
                    self.delete(node)
                    if node is self.root:
                        self.root = None
