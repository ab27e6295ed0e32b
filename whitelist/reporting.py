"""One report about a return URL: everything the machine can say, under the rule set in force.

Every check report of an application is made here, so that what an applicant is shown, what a reviewer decides over and
what is looked at again later come from one engine: the rules on the URL, on the server, and on what stands behind it.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from whitelist import contacts as contact_mails
from whitelist import domains, probing, rule_sets
from whitelist.models import DomainProof, Entry
from whitelist.policy import asked_url, server_rules, url_rules
from whitelist.policy import content as shape
from whitelist.policy.asked_url import AskedUrl
from whitelist.policy.finding import Report, World, gravest_first
from whitelist.policy.host_name import HostName
from whitelist.policy.rule_set import RuleSet
from whitelist.policy.server_facts import ServerFacts
from whitelist.policy.server_rule import ContactState, Context, Neighbour, ProofState


def report_for(
    url: str,
    *,
    provider: Any,
    world: World,
    at: datetime,
    contacts: Mapping[str, str] | None = None,
    rules: RuleSet | None = None,
) -> Report:
    """What is found about `url`, exactly as it was typed, when `provider` asks for it in `world` at `at` (aware, UTC).

    provider: None for somebody unknown. contacts: e-mail addresses by kind, where contacts are at stake. rules: those
    in force at `at` unless others are given (a trial, an entry that keeps its own). The server is not contacted: what a
    probe saw last is judged, and where nobody has looked yet the rules stand in `waiting`. Never raises, whatever the
    text.
    """
    rules = rules or rule_sets.in_force(at)
    report = url_rules.check(url, world=world, rules=rules)
    if report.canonical is None:
        return report
    host = _public_host(report.canonical)
    if host is None:
        return report
    facts = probing.latest(report.canonical)
    if world == "sandbox" and facts is None:
        return report  # a sandbox entry is no grant: nobody looks at its server unasked
    context = _context(report.canonical.decode("ascii"), host.ascii, provider=provider, world=world, at=at)
    if provider is not None and contacts is not None and world == "production":
        context = replace(context, contacts=_contact_states(provider, contacts, at=at))
    return _with(report, server_rules.judge(facts, context, rules=rules, world=world))


def report_on(content: Mapping[str, Any], *, provider: Any, at: datetime) -> Report:
    """The report on a draft or a revision of `provider` as it would be entered in production at `at`."""
    said = shape.read(content)
    contacts = {kind: str(contact["email"]) for kind, contact in said["contacts"].items()}
    return report_for(said["url"], provider=provider, world="production", at=at, contacts=contacts)


def for_nobody(url: str, facts: ServerFacts | None, *, world: World, at: datetime) -> Report:
    """The report for nobody in particular over exactly these facts, None while the look is awaited."""
    rules = rule_sets.in_force(at)
    report = url_rules.check(url, world=world, rules=rules)
    host = _public_host(report.canonical) if report.canonical is not None else None
    if report.canonical is None or host is None:
        return report
    context = _context(report.canonical.decode("ascii"), host.ascii, provider=None, world=world, at=at)
    return _with(report, server_rules.judge(facts, context, rules=rules, world=world))


def can_be_looked_at(canonical: bytes) -> bool:
    """True for an https URL whose host is a name that a server out there can have."""
    return canonical.startswith(b"https://") and _public_host(canonical) is not None


def host_of(canonical: bytes) -> str:
    """The host of a canonical URL without brackets and port, as probes name it."""
    return urlsplit(canonical.decode("ascii")).hostname or ""


def version_in_force(at: datetime) -> str:
    """The name of the rule set by which a report made at `at` (aware, UTC) is judged."""
    return rule_sets.in_force(at).version


def _with(report: Report, judgement: server_rules.Judgement) -> Report:
    return replace(
        report,
        findings=gravest_first((*report.findings, *judgement.findings)),
        not_run=(*report.not_run, *judgement.not_run),
        waiting=judgement.waiting,
    )


def _public_host(canonical: bytes) -> HostName | None:
    """The host, if it is a name that a server out there can have."""
    parsed = asked_url.parse(canonical.decode("ascii"))
    host = parsed.host if isinstance(parsed, AskedUrl) else None
    return None if host is None or host.is_ip or host.is_loopback else host


def _context(url: str, host: str, *, provider: Any, world: World, at: datetime) -> Context:
    if world == "sandbox":
        return Context(at=at, url=url, host=host)
    return Context(
        at=at,
        url=url,
        host=host,
        legal_basis=provider.legal_basis if provider is not None else "",
        proof=_proof_state(provider, host, at=at) if provider is not None else None,
        neighbours=_neighbours(provider),
    )


def _contact_states(provider: Any, emails: Mapping[str, str], *, at: datetime) -> dict[str, ContactState]:
    """How each address stands; a contact that is not named yet is the application's own business."""
    return {kind: _contact_state(provider, email, at=at) for kind, email in emails.items() if email}


def _contact_state(provider: Any, email: str, *, at: datetime) -> ContactState:
    if contact_mails.confirmed(provider, email, at=at) is not None:
        return ContactState.ANSWERED
    return ContactState.OLD if contact_mails.has_ever_answered(provider, email) else ContactState.SILENT


def _proof_state(provider: Any, host: str, *, at: datetime) -> ProofState:
    proof = domains.proof_of(provider, host, at=at)
    if proof is None or proof.state == DomainProof.State.LAPSED:
        return ProofState.NONE
    if proof.state == DomainProof.State.WAITING:
        return ProofState.WAITING
    return ProofState.FILE if proof.method == DomainProof.Method.FILE else ProofState.DNS


def _neighbours(provider: Any) -> tuple[Neighbour, ...]:
    """Production entries of everybody else; a sandbox is nobody's neighbour."""
    entries = Entry.objects.standing().filter(world="production")
    operators: set[int] = set()
    if provider is not None:
        entries = entries.exclude(provider=provider)
        operators = {row.operator_id for row in provider.delegations.all() if row.is_live}
    rows = entries.order_by("id").values_list("url_text", "host", "provider_id")
    return tuple(Neighbour(url, host.partition(":")[0], owner in operators) for url, host, owner in rows)
