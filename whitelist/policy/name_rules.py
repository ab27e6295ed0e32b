"""The rules on the name: whose it is, whom it resembles, where it leads."""

from whitelist.policy.look_alike import is_look_alike
from whitelist.policy.server_facts import Outcome, ServerFacts
from whitelist.policy.server_rule import (
    SUFFIXES,
    Context,
    NothingToLookAt,
    Sight,
    Unanswered,
    context_rule,
    facts_rule,
    resolved,
)

# An answer that may be kept for less than this can point elsewhere between two looks (seconds).
SHORTEST_TTL = 60

# JP attribute names and who may hold them (JPRS, Rules on registration of attribute-type JP domain names).
_ADMINISTRATIVE = frozenset({"go.jp", "lg.jp"})
_PRIVATE = frozenset({"co.jp", "ne.jp"})


@context_rule("dom.jp_attribute", "JPRS, attribute-type (organisational type) JP domain names")
def fits_the_organisation(context: Context) -> Sight | None:
    """go.jp and lg.jp belong to administrative bodies, co.jp and ne.jp to businesses. Other names say nothing."""
    suffix = SUFFIXES.publicsuffix(context.host)
    if not context.legal_basis or suffix not in _ADMINISTRATIVE | _PRIVATE:
        raise NothingToLookAt(applies=False)
    if (suffix in _ADMINISTRATIVE) == (context.legal_basis == "administrative_body"):
        return None
    variant = "administrative" if suffix in _ADMINISTRATIVE else "private"
    return Sight(context.host, variant, {"suffix": suffix or ""})


@context_rule("dom.lookalike", "Unicode Technical Standard 39, section 4 (confusables); one slip of the pen")
def resembles_nobody(context: Context) -> Sight | None:
    """Compared with the listed hosts of other service providers only: one may resemble oneself."""
    for neighbour in context.neighbours:
        if not neighbour.serves and is_look_alike(context.host, neighbour.host):
            return Sight(context.host, "", {"other": neighbour.host})
    return None


@context_rule("dom.duplicate", "one entry for each return server: a platform operator's serves many")
def is_nobody_elses(context: Context) -> Sight | None:
    if not context.legal_basis:
        raise NothingToLookAt(applies=False)  # nobody in particular asks: whose it is cannot be said
    for neighbour in context.neighbours:
        if neighbour.url == context.url:
            return Sight(context.url, "operator" if neighbour.serves else "")
    return None


@facts_rule("dns.resolves", "RFC 1034 section 3.6; RFC 6890 (special-purpose addresses)")
def has_public_addresses(facts: ServerFacts, context: Context) -> Sight | None:
    """The name has A or AAAA records, and every one of them is public."""
    dns = facts.dns
    if dns.outcome.is_inconclusive:
        raise Unanswered(dns.outcome.value)
    if dns.not_public:
        return Sight(" ".join(sorted(dns.not_public)), "not_public")
    variant = {Outcome.ANSWERED: None, Outcome.NO_NAME: "no_name"}.get(dns.outcome, "")
    return None if variant is None else Sight(dns.host, variant)


@facts_rule("dns.rebinding_ttl", "RFC 1035 section 3.2.1 (TTL); RFC 2181 section 5.2 (one answer for all)")
def keeps_its_address(facts: ServerFacts, context: Context) -> Sight | None:
    dns = resolved(facts)
    if dns.ttl is not None and dns.ttl < SHORTEST_TTL:
        return Sight(f"TTL < {SHORTEST_TTL}", "", {"limit": str(SHORTEST_TTL)})
    return Sight(dns.host, "differs") if dns.answers_differ else None


@facts_rule("dns.dangling", "RFC 1034 section 3.6.2 (CNAME); names released at a cloud can be taken by anybody")
def leads_to_something(facts: ServerFacts, context: Context) -> Sight | None:
    if facts.dns.dangling_target is not None:
        return Sight(facts.dns.dangling_target, "", {"target": facts.dns.dangling_target})
    if facts.dns.outcome.is_inconclusive:
        raise Unanswered(facts.dns.outcome.value)
    return None


@facts_rule("dns.caa", "RFC 8659")
def names_its_authorities(facts: ServerFacts, context: Context) -> Sight | None:
    dns = resolved(facts)
    if dns.caa is None:
        raise Unanswered(Outcome.SERVER_FAILED.value)
    return None if dns.caa else Sight(dns.host)


@facts_rule("dns.dnssec", "RFC 4033")
def is_signed(facts: ServerFacts, context: Context) -> Sight | None:
    dns = resolved(facts)
    if dns.is_signed is None:
        raise Unanswered(Outcome.SERVER_FAILED.value)
    return None if dns.is_signed else Sight(dns.zone or dns.host)
