"""Judging a return server: every rule of the catalogue asked about the facts and the context, in one order.

Pure and without a clock: the same facts, context and rule set give the same findings. Unreachable is inconclusive and
never failed; what was not looked at is listed as such and never counted as passed.
"""

from dataclasses import dataclass

from whitelist.policy import name_rules, standing_rules, tls_rules, web_rules
from whitelist.policy.finding import OBSERVED_LIMIT, Finding, Severity, World, visible
from whitelist.policy.rule_set import RuleSet
from whitelist.policy.server_facts import ServerFacts
from whitelist.policy.server_rule import SERVER_RULES, Context, NothingToLookAt, ServerRule, Sight, Unanswered

__all__ = ["SERVER_RULES", "Judgement", "judge"]

_FILES = (name_rules, standing_rules, tls_rules, web_rules)  # importing them registers their rules


@dataclass(frozen=True, slots=True)
class Judgement:
    """not_run: codes that an earlier failing kept from being looked at; waiting: codes for which no probe has looked
    yet. Rules that do not apply (an app's file for a browser entry) stand nowhere."""

    findings: tuple[Finding, ...]
    not_run: tuple[str, ...]
    waiting: tuple[str, ...]


def judge(facts: ServerFacts | None, context: Context, *, rules: RuleSet, world: World) -> Judgement:
    """Ask every rule; `facts` is None while no probe has looked."""
    findings, not_run, waiting = [], [], []
    for rule in SERVER_RULES.values():
        if rule.on_facts is not None and facts is None:
            if not rule.code.startswith("app."):
                waiting.append(rule.code)
            continue
        try:
            findings.append(_finding(rule.code, _ask(rule, facts, context), rules, world))
        except Unanswered as silence:
            findings.append(Finding(rule.code, silence.severity, variant=silence.variant))
        except NothingToLookAt as nothing:
            not_run += [rule.code] if nothing.applies else []
    return Judgement(tuple(findings), tuple(not_run), tuple(waiting))


def _ask(rule: ServerRule, facts: ServerFacts | None, context: Context) -> Sight | None:
    if rule.on_context is not None:
        return rule.on_context(context)
    assert rule.on_facts is not None  # a rule has one of the two ways to look
    assert facts is not None  # judge has looked for them
    return rule.on_facts(facts, context)


def _finding(code: str, sight: Sight | None, rules: RuleSet, world: World) -> Finding:
    severity = Severity.PASSED if sight is None else rules.severity(code, sight.variant, world)
    if sight is None or severity is Severity.PASSED:
        return Finding(code, Severity.PASSED)
    return Finding(code, severity, _readable(sight.observed), dict(sight.args), variant=sight.variant)


def _readable(observed: str) -> str:
    """Hidden characters are made visible; an ordinary space in a name or header is no secret."""
    return " ".join(visible(word) for word in observed[:OBSERVED_LIMIT].split(" "))
