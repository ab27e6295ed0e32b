"""What a rule on a return server is: the nouns that the rule files and the judge share.

A rule looks at facts (what a probe saw) or at the context (what the site knows of the applicant and of others), and
says what is not as it should be. Three things besides are told apart by exceptions, because none of them is a pass:
nobody answered, nobody has looked yet, and there is nothing to look at.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from publicsuffixlist import PublicSuffixList

from whitelist.policy.finding import Severity
from whitelist.policy.server_facts import DnsFacts, Outcome, ServerFacts, TlsFacts, WebFacts

SUFFIXES = PublicSuffixList()


class ProofState(StrEnum):
    """How far the applicant is with proving the domain. DNS and FILE are two ways to the same proof."""

    DNS = "dns"
    FILE = "file"
    WAITING = "waiting"
    NONE = "none"


class ContactState(StrEnum):
    """ANSWERED within the last year, OLD when the answer lies further back."""

    ANSWERED = "answered"
    OLD = "old"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A listed URL of another provider. serves: of a platform operator that acts for the applicant."""

    url: str
    host: str
    serves: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """What the site itself knows when a URL is judged.

    at: now, aware, UTC. legal_basis: of the applicant, "" when nobody in particular asks. proof: None when nobody in
    particular asks. contacts: state by kind ("security", "operations"), None when no contacts are at stake.
    """

    at: datetime
    url: str
    host: str
    legal_basis: str = ""
    proof: ProofState | None = None
    neighbours: tuple[Neighbour, ...] = ()
    contacts: Mapping[str, ContactState] | None = None

    @property
    def domain(self) -> str:
        return registrable(self.host)


@dataclass(frozen=True, slots=True)
class Sight:
    """What a rule saw that is not as it should be. `observed` must not move from one look to the next by itself:
    decisions are bound to it."""

    observed: str = ""
    variant: str = ""
    args: Mapping[str, str] = field(default_factory=dict)


class NothingToLookAt(Exception):
    """The rule does not apply here, or what it looks at was not reached because an earlier part failed.

    applies: the rule would apply; it is then listed as not run."""

    def __init__(self, *, applies: bool = True) -> None:
        super().__init__(applies)
        self.applies = applies


class Unanswered(Exception):
    """Nobody answered: no fact at all. `variant` says how and has words of its own."""

    severity = Severity.INCONCLUSIVE

    def __init__(self, variant: str) -> None:
        super().__init__(variant)
        self.variant = variant


class NotAsked(Unanswered):
    """Nobody has asked yet. `variant` says why and has words of its own."""

    severity = Severity.NOT_RUN


OnFacts = Callable[[ServerFacts, Context], Sight | None]
OnContext = Callable[[Context], Sight | None]


@dataclass(frozen=True, slots=True)
class ServerRule:
    code: str
    source: str
    on_facts: OnFacts | None = None
    on_context: OnContext | None = None


SERVER_RULES: dict[str, ServerRule] = {}

_OnFacts = TypeVar("_OnFacts", bound=OnFacts)
_OnContext = TypeVar("_OnContext", bound=OnContext)


def facts_rule(code: str, source: str) -> Callable[[_OnFacts], _OnFacts]:
    """Register a rule that judges what a probe saw."""

    def register(look: _OnFacts) -> _OnFacts:
        SERVER_RULES[code] = ServerRule(code, source, on_facts=look)
        return look

    return register


def context_rule(code: str, source: str) -> Callable[[_OnContext], _OnContext]:
    """Register a rule that judges what the site knows without asking the server."""

    def register(look: _OnContext) -> _OnContext:
        SERVER_RULES[code] = ServerRule(code, source, on_context=look)
        return look

    return register


def resolved(facts: ServerFacts) -> DnsFacts:
    """The name's facts where it has addresses; raises Unanswered or NothingToLookAt."""
    _require(facts.dns.outcome)
    return facts.dns


def handshake(facts: ServerFacts) -> TlsFacts:
    """The TLS facts of a finished handshake; raises Unanswered or NothingToLookAt."""
    _require(facts.dns.outcome)
    if facts.tls is None:
        raise NothingToLookAt
    _require(facts.tls.outcome)
    return facts.tls


def answer(facts: ServerFacts) -> WebFacts:
    """What an empty request got; raises Unanswered or NothingToLookAt."""
    _require(facts.dns.outcome)
    if facts.tls is not None:
        _require(facts.tls.outcome)
    if facts.web is None:
        raise NothingToLookAt
    _require(facts.web.outcome)
    return facts.web


def _require(outcome: Outcome) -> None:
    if outcome.is_inconclusive:
        raise Unanswered(outcome.value)
    if outcome is not Outcome.ANSWERED:
        raise NothingToLookAt


def registrable(host: str) -> str:
    """The registrable domain of an ASCII host (publicsuffix.org), or the host itself where there is none."""
    return SUFFIXES.privatesuffix(host) or host
