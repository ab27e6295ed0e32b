"""The rules on the handshake and the server's certificate."""

from datetime import datetime, timedelta

from whitelist.policy.server_facts import Outcome, ServerFacts, TlsFacts, Trust
from whitelist.policy.server_rule import (
    Context,
    NothingToLookAt,
    Sight,
    Unanswered,
    facts_rule,
    handshake,
    resolved,
)

RENEW_BEFORE = timedelta(days=14)
_SMALLEST_KEY = {"rsa": 2048, "ec": 256}
_WEAK_HASHES = frozenset({"md5", "sha1"})
_GOOD_VERSIONS = frozenset({"TLSv1.2", "TLSv1.3"})
_OLD_VERSIONS = frozenset({"SSLv3", "TLSv1", "TLSv1.1"})


@facts_rule("tls.connect", "RFC 8446; RFC 9325 section 3.1")
def shakes_hands(facts: ServerFacts, context: Context) -> Sight | None:
    """A closed port is told apart from silence: somebody answered. It may still be a firewall, so it is no failing."""
    resolved(facts)
    if facts.tls is None:
        raise NothingToLookAt
    outcome = facts.tls.outcome
    if outcome.is_inconclusive:
        raise Unanswered(outcome.value)
    if outcome is Outcome.ANSWERED:
        return None
    return Sight(facts.host, "closed" if outcome is Outcome.REFUSED_CONNECTION else "")


@facts_rule("tls.chain", "RFC 5280 section 6; the trust store of the operating system")
def is_trusted(facts: ServerFacts, context: Context) -> Sight | None:
    tls = handshake(facts)
    if tls.trust is Trust.INCOMPLETE_CHAIN:
        raise NothingToLookAt(applies=False)  # a rule of its own says so: it is mended otherwise
    if tls.trust is Trust.UNKNOWN:
        raise NothingToLookAt
    if tls.trust is Trust.TRUSTED:
        return None
    return Sight(tls.issuer, "self_signed" if tls.trust is Trust.SELF_SIGNED else "")


@facts_rule("tls.incomplete_chain", "RFC 8446 section 4.4.2: the server sends the certificates in between")
def sends_the_whole_chain(facts: ServerFacts, context: Context) -> Sight | None:
    tls = handshake(facts)
    if tls.trust is Trust.INCOMPLETE_CHAIN:
        return Sight(tls.issuer, "", {"issuer": tls.issuer})
    if tls.trust is not Trust.TRUSTED:
        raise NothingToLookAt(applies=False)
    return None


@facts_rule("tls.name", "RFC 9525 section 6")
def names_the_host(facts: ServerFacts, context: Context) -> Sight | None:
    tls = handshake(facts)
    if tls.name_matches is None:
        raise NothingToLookAt
    return None if tls.name_matches else Sight(" ".join(tls.names) or tls.subject, "", {"host": facts.host})


@facts_rule("tls.expiry", "RFC 5280 section 4.1.2.5")
def is_valid_now(facts: ServerFacts, context: Context) -> Sight | None:
    not_before, not_after = _validity(handshake(facts))
    if context.at > not_after:
        return Sight(_day(not_after), "", {"day": _day(not_after)})
    return Sight(_day(not_before), "not_yet", {"day": _day(not_before)}) if context.at < not_before else None


@facts_rule("tls.expires_soon", "RFC 5280 section 4.1.2.5; a renewal that failed shows here first")
def lasts_a_while(facts: ServerFacts, context: Context) -> Sight | None:
    """Under two weeks left; for certificates of a short life, under a third of it."""
    not_before, not_after = _validity(handshake(facts))
    if not not_before <= context.at <= not_after:
        raise NothingToLookAt(applies=False)
    wanted = min(RENEW_BEFORE, (not_after - not_before) / 3)
    return Sight(_day(not_after), "", {"day": _day(not_after)}) if not_after - context.at < wanted else None


@facts_rule("tls.version", "RFC 8996 (TLS 1.0 and 1.1 are not used); RFC 9325 section 3.1.1")
def speaks_a_good_version(facts: ServerFacts, context: Context) -> Sight | None:
    tls = handshake(facts)
    spoken = set(tls.versions) | ({tls.version} if tls.version else set())
    if not spoken:
        raise NothingToLookAt
    if not spoken & _GOOD_VERSIONS:
        return Sight(" ".join(sorted(spoken)))
    old = spoken & _OLD_VERSIONS
    return Sight(" ".join(sorted(old)), "old_too") if old else None


@facts_rule("tls.key", "CA/Browser Forum Baseline Requirements, section 6.1.5")
def has_a_strong_key(facts: ServerFacts, context: Context) -> Sight | None:
    tls = handshake(facts)
    if not tls.key:
        raise NothingToLookAt
    smallest = _SMALLEST_KEY.get(tls.key, 0)
    if tls.key_bits is None or tls.key_bits >= smallest:
        return None
    return Sight(f"{tls.key} {tls.key_bits}", "", {"bits": str(tls.key_bits), "smallest": str(smallest)})


@facts_rule("tls.signature", "RFC 9155; CA/Browser Forum Baseline Requirements, section 7.1.3.2")
def is_strongly_signed(facts: ServerFacts, context: Context) -> Sight | None:
    tls = handshake(facts)
    if not tls.fingerprint and not tls.signature_hash:
        raise NothingToLookAt
    return Sight(tls.signature_hash) if tls.signature_hash in _WEAK_HASHES else None


def _validity(tls: TlsFacts) -> tuple[datetime, datetime]:
    if tls.not_before is None or tls.not_after is None:
        raise NothingToLookAt
    return tls.not_before, tls.not_after


def _day(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d")
