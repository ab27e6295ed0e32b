"""RFC 9618's graph gives the answers of RFC 5280's tree."""

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pure.paths.policy_tree import PolicyTree
from verifier.pki.oids import ANY_POLICY
from verifier.validation.paths.policy_graph import PolicyGraph

POLICIES = ("1.1", "1.2", "1.3", "1.4")
NAMES = st.sampled_from(POLICIES)
SETS = st.one_of(
    st.frozensets(st.sampled_from((*POLICIES, ANY_POLICY)), min_size=1, max_size=4),
    st.frozensets(NAMES, min_size=2),
)


@dataclass(frozen=True)
class Step:
    """What one certificate does to the policies."""

    policies: frozenset[str] | None
    any_policy_counts: bool
    mappings: dict[str, frozenset[str]]
    may_map: bool


STEPS = st.builds(
    Step,
    policies=st.one_of(SETS, SETS, SETS, SETS, SETS, st.none()),
    any_policy_counts=st.sampled_from((True, True, False)),
    mappings=st.dictionaries(NAMES, st.frozensets(NAMES, min_size=1, max_size=3), max_size=3),
    may_map=st.sampled_from((True, True, True, False)),
)
INITIAL = st.one_of(st.just(frozenset((ANY_POLICY,))), st.frozensets(NAMES, min_size=1))


def walk(policies: PolicyGraph | PolicyTree, steps: list[Step]) -> None:
    for number, step in enumerate(steps):
        policies.descend(step.policies, any_policy_counts=step.any_policy_counts)
        if number < len(steps) - 1 and step.mappings:
            if step.may_map:
                policies.map(step.mappings)
            else:
                policies.forbid(step.mappings)


@settings(max_examples=500, deadline=None)
@given(st.lists(STEPS, min_size=1, max_size=5), INITIAL)
def test_the_graph_says_what_the_tree_says(steps: list[Step], initial: frozenset[str]) -> None:
    graph, tree = PolicyGraph(), PolicyTree()
    walk(graph, steps)
    walk(tree, steps)

    assert graph.is_null == (tree.root is None)
    assert graph.policies_for(initial) == tree.policies_for(initial)


def test_a_null_graph_stays_null() -> None:
    graph = PolicyGraph()
    graph.descend(None, any_policy_counts=True)
    graph.map({"1.1": frozenset(("1.2",))})
    graph.forbid(("1.1",))
    graph.descend(frozenset((ANY_POLICY,)), any_policy_counts=True)

    assert graph.is_null
    assert graph.policies_for(frozenset((ANY_POLICY,))) == frozenset()
