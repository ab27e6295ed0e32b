"""The rules on what stands behind a URL: the proof of the domain, the contacts, the conformance run."""

from whitelist.policy.server_rule import (
    ContactState,
    Context,
    NotAsked,
    NothingToLookAt,
    ProofState,
    Sight,
    context_rule,
)


@context_rule("dns.txt_proof", "RFC 1464 (TXT); draft-ietf-dnsop-domain-verification-techniques")
def is_proven_by_dns(context: Context) -> Sight | None:
    """One proof, two ways: where the file proves the domain, nothing is asked of DNS."""
    proof = _proof(context)
    if proof is ProofState.FILE:
        raise NothingToLookAt(applies=False)
    if proof is ProofState.DNS:
        return None
    return Sight(context.domain, "waiting" if proof is ProofState.WAITING else "", {"domain": context.domain})


@context_rule("http.file_proof", "RFC 8615 (well-known locations)")
def is_proven_by_file(context: Context) -> Sight | None:
    if _proof(context) is not ProofState.FILE:
        raise NothingToLookAt(applies=False)
    return None


@context_rule("list.conformance", "this site's own requirement: the chapters of the conformance run with this URL")
def has_conformed(context: Context) -> Sight | None:
    """There is no conformance run yet: not run, with this reason, and never a pass."""
    raise NotAsked("not_built")


@context_rule("list.contact", "this site's own requirement: both contacts answered a mail within a year")
def has_living_contacts(context: Context) -> Sight | None:
    if context.contacts is None:
        raise NothingToLookAt(applies=False)
    for wanted, variant in ((ContactState.SILENT, ""), (ContactState.OLD, "old")):
        kinds = sorted(kind for kind, state in context.contacts.items() if state is wanted)
        if kinds:
            return Sight(" ".join(kinds), variant)
    return None


def _proof(context: Context) -> ProofState:
    if context.proof is None:
        raise NothingToLookAt(applies=False)
    return context.proof
