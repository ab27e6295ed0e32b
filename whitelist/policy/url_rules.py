"""The rules on a return URL: one function a rule, each citing its source.

`check` reads the text once, asks every rule, and answers with a finding for each, passed ones included. A rule knows
nothing of worlds: it says what it saw, and the rule set says how grave that is in the sandbox and in production.
No rule touches the network; what a server does is the probes' business.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from publicsuffixlist import PublicSuffixList

from whitelist.policy import script
from whitelist.policy.asked_url import AskedUrl, Unreadable, parse
from whitelist.policy.canonical import CanonicalRefused, canonical_of
from whitelist.policy.finding import Finding, Report, Severity, World, gravest_first, visible
from whitelist.policy.host_name import HostName
from whitelist.policy.rule_set import RULE_SET, RuleSet

# Beyond this a text is not read at all: no URL is that long, and reading it would be work done for an attacker.
UNREAD_ABOVE = 8192

_ALL_SUFFIXES = PublicSuffixList()
_REGISTRY_SUFFIXES = PublicSuffixList(only_icann=True)


@dataclass(frozen=True, slots=True)
class Problem:
    """What a rule saw that is not as it should be."""

    observed: str
    span: tuple[int, int] | None = None
    variant: str = ""
    args: Mapping[str, str] = field(default_factory=dict)
    mend: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """code: its stable name; source: where the rule comes from; one of the three ways to look is set."""

    code: str
    source: str
    on_text: Callable[[str], Problem | None] | None = None
    on_url: Callable[[AskedUrl], Problem | None] | None = None
    on_host: Callable[[AskedUrl, HostName], Problem | None] | None = None


RULES: dict[str, Rule] = {}

_OnText = TypeVar("_OnText", bound=Callable[[str], Problem | None])
_OnUrl = TypeVar("_OnUrl", bound=Callable[[AskedUrl], Problem | None])
_OnHost = TypeVar("_OnHost", bound=Callable[[AskedUrl, HostName], Problem | None])


def text_rule(code: str, source: str) -> Callable[[_OnText], _OnText]:
    """Register a rule that looks at the bare text, readable or not."""

    def register(look: _OnText) -> _OnText:
        RULES[code] = Rule(code, source, on_text=look)
        return look

    return register


def url_rule(code: str, source: str) -> Callable[[_OnUrl], _OnUrl]:
    """Register a rule that looks at a URL that could be read."""

    def register(look: _OnUrl) -> _OnUrl:
        RULES[code] = Rule(code, source, on_url=look)
        return look

    return register


def host_rule(code: str, source: str) -> Callable[[_OnHost], _OnHost]:
    """Register a rule that looks at the host; a URL without one (a custom scheme) gives it nothing to look at."""

    def register(look: _OnHost) -> _OnHost:
        RULES[code] = Rule(code, source, on_host=look)
        return look

    return register


def check(url: str, *, world: World, rules: RuleSet = RULE_SET) -> Report:
    """Ask every rule about `url`, exactly as it was typed, under `rules`. Never raises, whatever the text."""
    parsed = None if len(url) > UNREAD_ABOVE else parse(url)
    findings, not_run = [], []
    for rule in RULES.values():
        try:
            problem = _ask(rule, url, parsed)
        except _NothingToLookAt:
            not_run.append(rule.code)
        else:
            findings.append(_finding(rule.code, problem, world, rules))
    return Report(
        asked=url,
        world=world,
        findings=gravest_first(findings),
        not_run=tuple(not_run),
        canonical=_canonical_or_none(parsed),
        rule_set_version=rules.version,
    )


class _NothingToLookAt(Exception):
    """The text is no URL, or the URL has no host: the rule cannot run, and must not count as passed."""


def _ask(rule: Rule, text: str, parsed: AskedUrl | Unreadable | None) -> Problem | None:
    if rule.on_text is not None and (parsed is not None or rule.code == "url.length"):
        return rule.on_text(text)
    if not isinstance(parsed, AskedUrl):
        raise _NothingToLookAt
    if rule.on_url is not None:
        return rule.on_url(parsed)
    if rule.on_host is None or parsed.host is None:
        raise _NothingToLookAt
    return rule.on_host(parsed, parsed.host)


def _finding(code: str, problem: Problem | None, world: World, rules: RuleSet) -> Finding:
    severity = Severity.PASSED if problem is None else rules.severity(code, problem.variant, world)
    if problem is None or severity is Severity.PASSED:
        return Finding(code, Severity.PASSED)
    return Finding(
        code, severity, visible(problem.observed), dict(problem.args), problem.span, problem.mend, problem.variant
    )


def _canonical_or_none(parsed: AskedUrl | Unreadable | None) -> bytes | None:
    if not isinstance(parsed, AskedUrl):
        return None
    try:
        return canonical_of(parsed)
    except CanonicalRefused:
        return None


# The text ------------------------------------------------------------------------------------------------------------


@text_rule("url.parse", "RFC 3986 appendix B; WHATWG URL Standard section 4.4 (what browsers strip in silence)")
def is_readable(text: str) -> Problem | None:
    """One absolute URL and nothing else: no space, tab, newline, backslash, control, BOM, NUL or lone surrogate."""
    parsed = parse(text)
    if isinstance(parsed, AskedUrl):
        return None
    start, end = parsed.span
    return Problem(text[start:end], parsed.span, parsed.variant, {"position": str(start + 1)}, parsed.mend)


@text_rule("url.wildcard", "RFC 9700 section 4.1.3: exact comparison, no patterns")
def has_no_wildcard(text: str) -> Problem | None:
    place = text.find("*")
    return None if place < 0 else Problem("*", (place, place + 1), args={"position": str(place + 1)})


@text_rule("url.length", "RFC 1035 section 2.3.4 (host and labels); the site's own limit for the whole")
def is_short_enough(text: str) -> Problem | None:
    """Bytes of the whole text, and of the host and its labels where the text can be read."""
    length = len(text.encode("utf-8", "surrogatepass"))
    if length > RULE_SET.url_bytes:
        return Problem(text, None, "", {"length": str(length), "limit": str(RULE_SET.url_bytes)})
    parsed = parse(text)
    if not isinstance(parsed, AskedUrl) or parsed.host is None or parsed.host_part is None:
        return None
    if len(parsed.host.ascii) > RULE_SET.host_bytes:
        return _too_long(parsed.host.ascii, parsed.host_part.span, "host", RULE_SET.host_bytes)
    longest = max(parsed.host.labels, key=len, default="")
    if len(longest) > RULE_SET.label_bytes:
        return _too_long(longest, parsed.host_part.span, "label", RULE_SET.label_bytes)
    return None


def _too_long(observed: str, span: tuple[int, int], variant: str, limit: int) -> Problem:
    return Problem(observed, span, variant, {"length": str(len(observed)), "limit": str(limit)})


# The scheme ----------------------------------------------------------------------------------------------------------


@url_rule("url.scheme.https", "RFC 9700 section 2.6; RFC 8252 section 7.3 (http on loopback)")
def is_https(url: AskedUrl) -> Problem | None:
    scheme = url.scheme_name
    if scheme == "https":
        return None
    is_loopback = scheme == "http" and url.host is not None and url.host.is_loopback
    mend = _as_https(url) if scheme == "http" and not is_loopback else None
    return Problem(scheme, url.scheme.span, "loopback" if is_loopback else "", {"scheme": scheme}, mend)


def _as_https(url: AskedUrl) -> str:
    """The same URL over https; a written port 80 goes, since nobody speaks TLS there."""
    is_port_written = url.port is not None and url.is_default_port
    rest = url.text if url.port is None or not is_port_written else url.replaced(url.port.start - 1, url.port.end, "")
    return "https" + rest[url.scheme.end :]


@url_rule("url.scheme.custom", "RFC 8252 sections 7.1 and 8.4 (reversed domain); RFC 7595 section 3.7")
def is_not_custom(url: AskedUrl) -> Problem | None:
    """Custom schemes are told apart so that each gets its own advice: none of them can take the answer by form POST."""
    scheme = url.scheme_name
    if scheme in ("http", "https"):
        return None
    if scheme in RULE_SET.forbidden_schemes:
        return Problem(scheme, url.scheme.span, "forbidden", {"scheme": scheme})
    variant = "" if "." in scheme.strip(".") else "not_reversed"
    return Problem(scheme, url.scheme.span, variant, {"scheme": scheme})


# What may not be there -----------------------------------------------------------------------------------------------


@url_rule("url.fragment", "RFC 6749 section 3.1.2: a redirection endpoint has no fragment")
def has_no_fragment(url: AskedUrl) -> Problem | None:
    if url.fragment is None:
        return None
    start = url.fragment.start - 1
    return Problem(url.text[start:], (start, len(url.text)), mend=url.text[:start])


@url_rule("url.userinfo", "RFC 3986 sections 3.2.1 and 7.6; RFC 9110 section 4.2.4")
def has_no_userinfo(url: AskedUrl) -> Problem | None:
    """What stands before @ is shown without its password."""
    if url.userinfo is None:
        return None
    start, end = url.userinfo.start, url.userinfo.end + 1
    user, colon, _password = url.userinfo.text.partition(":")
    return Problem(f"{user}{':…' if colon else ''}@", (start, end), mend=url.replaced(start, end, ""))


@url_rule("url.query", "the answer comes in the body of a form POST; RFC 9700 section 4.1.3 (nothing variable)")
def has_no_query(url: AskedUrl) -> Problem | None:
    if url.query is None:
        return None
    start, end = url.query.start - 1, url.query.end
    mend = url.replaced(start, end, "")
    names = (pair.partition("=")[0].lower() for pair in url.query.text.split("&"))
    reserved = next((name for name in names if name in RULE_SET.reserved_names), None)
    variant, args = ("", {}) if reserved is None else ("reserved", {"name": reserved})
    return Problem(url.text[start:end], (start, end), variant, args, mend)


# The host ------------------------------------------------------------------------------------------------------------


@host_rule("url.host.ip", "RFC 3986 section 7.4 (rare address formats); RFC 6874 and RFC 9844 (zones)")
def is_no_address(url: AskedUrl, host: HostName) -> Problem | None:
    if not host.is_ip or url.host_part is None:
        return None
    if host.has_zone:
        variant = "zone"
    elif not host.is_plain:
        variant = "notation"
    else:
        variant = "loopback" if host.is_loopback else ""
    return Problem(url.host_part.text, url.host_part.span, variant, {"address": host.ascii})


@host_rule("url.host.single_label", "RFC 7085: names without a dot are not to be relied on")
def has_several_labels(url: AskedUrl, host: HostName) -> Problem | None:
    if len(host.labels) != 1 or host.is_loopback:
        return None
    return _on_host(url, host.ascii)


@host_rule("url.host.localhost", "RFC 6761 section 6.3; RFC 1122 section 3.2.1.3; RFC 8252 section 8.3")
def is_not_loopback(url: AskedUrl, host: HostName) -> Problem | None:
    return _on_host(url, host.ascii) if host.is_loopback else None


@host_rule("url.host.reserved", "RFC 6761, RFC 6762, RFC 8375 and the other sources named in the rule set")
def is_public_name(url: AskedUrl, host: HostName) -> Problem | None:
    """Names that public DNS never answers for. Documentation names below a real suffix (example.jp, example.com:
    RFC 2606 section 3) are ordinary names here."""
    if host.is_ip or host.is_loopback or len(host.labels) == 1:
        return None
    for domain, source in RULE_SET.reserved_domains.items():
        if host.is_under(domain):
            return _on_host(url, host.ascii, args={"suffix": domain, "source": source})
    if _REGISTRY_SUFFIXES.publicsuffix(host.ascii, accept_unknown=False) is None:
        return _on_host(url, host.ascii, "unknown_suffix", {"suffix": host.labels[-1]})
    return None


@host_rule("url.psl", "Public Suffix List (publicsuffix.org): nobody holds a public suffix alone")
def is_below_a_suffix(url: AskedUrl, host: HostName) -> Problem | None:
    if host.is_ip or _ALL_SUFFIXES.publicsuffix(host.ascii, accept_unknown=False) != host.ascii:
        return None
    return _on_host(url, host.ascii, args={"suffix": host.ascii})


@host_rule("url.shared_hosting", "Public Suffix List, private section: neighbours under one suffix are strangers")
def is_own_domain(url: AskedUrl, host: HostName) -> Problem | None:
    if host.is_ip:
        return None
    shared = next((domain for domain in RULE_SET.shared_hosts if host.is_under(domain)), None)
    if shared is None:
        suffix = _ALL_SUFFIXES.publicsuffix(host.ascii, accept_unknown=False)
        is_private = suffix != _REGISTRY_SUFFIXES.publicsuffix(host.ascii, accept_unknown=False)
        shared = suffix if is_private and suffix != host.ascii else None
    return None if shared is None else _on_host(url, host.ascii, args={"suffix": shared})


@host_rule("url.shortener", "RFC 9700 section 4.11: a return URL must not forward to wherever somebody says")
def is_no_shortener(url: AskedUrl, host: HostName) -> Problem | None:
    service = next((domain for domain in RULE_SET.shorteners if host.is_under(domain)), None)
    return None if service is None else _on_host(url, host.ascii, args={"service": service})


@host_rule("url.brand", "Unicode Technical Standard 39 section 4 (look-alikes); the protected words of the rule set")
def borrows_no_brand(url: AskedUrl, host: HostName) -> Problem | None:
    """Protected words in the host of somebody who is not their owner, also with 0 for o, 1 or l for i, or hyphens."""
    if host.is_ip or any(host.is_under(owner) for owner in RULE_SET.brand_owners):
        return None
    joined = _skeleton(host.unicode.replace(".", ""))
    labels = [_skeleton(label) for label in host.unicode.split(".")]
    for word in RULE_SET.brand_words:
        skeleton = _skeleton(word)
        if any(skeleton in label for label in labels) or (word == "digitalgojp" and skeleton in joined):
            return _on_host(url, host.ascii, args={"word": word})
    tokens = {token for label in host.unicode.split(".") for token in label.split("-")}
    token = next(iter(sorted(tokens & RULE_SET.brand_tokens)), None)
    return None if token is None else _on_host(url, host.ascii, args={"word": token})


_LOOKS = str.maketrans(
    {"0": "o", "1": "i", "l": "i", "-": "", "_": "", "ı": "i", "а": "a", "о": "o", "і": "i", "ј": "j"}
)


def _skeleton(text: str) -> str:
    return text.translate(_LOOKS)


@host_rule("url.idn.alabel", "RFC 5890 section 2.3.2.1; Unicode Technical Standard 46")
def is_written_in_ascii(url: AskedUrl, host: HostName) -> Problem | None:
    if host.unicode == host.ascii or host.is_ip:
        return None
    return _on_host(url, host.unicode, args={"unicode": host.unicode, "ascii": host.ascii})


@host_rule("url.idn.mixed_script", "Unicode Technical Standard 39 section 5 (one script, or the Japanese set)")
def is_one_script(url: AskedUrl, host: HostName) -> Problem | None:
    for label in () if host.is_ip else host.unicode.split("."):
        if script.is_mixed(label):
            return _on_host(url, label, args={"label": label, "scripts": ", ".join(sorted(script.scripts_of(label)))})
        if script.looks_latin(label):
            return _on_host(url, label, "look_alike", {"label": label})
    return None


def _on_host(
    url: AskedUrl, observed: str, variant: str = "", args: Mapping[str, str] | None = None, mend: str | None = None
) -> Problem:
    return Problem(observed, url.host_part.span if url.host_part else None, variant, args or {}, mend)


# Port and path -------------------------------------------------------------------------------------------------------


@host_rule("url.port", "RFC 3986 section 3.2.3; RFC 6335 section 6 (0 is reserved); RFC 8252 section 7.3 (loopback)")
def has_usual_port(url: AskedUrl, host: HostName) -> Problem | None:
    """A written default port is no matter here: the canonical form drops it, and says so."""
    if url.port is None or url.is_default_port:
        return None
    number = url.port_number
    span = (url.port.start - 1, url.port.end)
    if number is None or not 0 < number < 65536:
        return Problem(f":{url.port.text}", span, "invalid", {"port": url.port.text}, url.replaced(*span, ""))
    if number in RULE_SET.usual_ports:
        return None
    return Problem(f":{number}", span, "loopback" if host.is_loopback else "", {"port": str(number)})


_CLIMBING = re.compile(r"(?:^|/)(?P<what>(?:\.|%2e){1,2})(?=/|\Z)", re.IGNORECASE)
_ENCODED = re.compile(r"%(?:25)*(?:2f|5c|00|2e)", re.IGNORECASE)


@url_rule("url.path.traversal", "RFC 3986 sections 5.2.4 and 7.3: what one server decodes, the next one walks")
def path_stays(url: AskedUrl) -> Problem | None:
    path = url.path
    climbing = _CLIMBING.search(path.text)
    if climbing is not None:
        return _in_path(url, climbing.span("what"), "dots")
    encoded = _ENCODED.search(path.text)
    if encoded is not None:
        return _in_path(url, encoded.span(), "encoded")
    double = path.text.find("//")
    if double >= 0 and url.host is not None:
        mend = url.replaced(*path.span, re.sub(r"/{2,}", "/", path.text))
        return _in_path(url, (double, double + 2), "double_slash", mend)
    return None


@url_rule("url.path.params", "RFC 3986 section 3.3: servers differ in what a semicolon means")
def path_has_no_params(url: AskedUrl) -> Problem | None:
    place = url.path.text.find(";")
    return None if place < 0 else _in_path(url, (place, len(url.path.text)), "")


@url_rule("url.case", "RFC 3986 section 6.2.2.1: only scheme and host are the same in either case")
def path_is_lower_case(url: AskedUrl) -> Problem | None:
    """Upper case is allowed; the reader is told that it must be sent the same way. %XX is not a word's letter."""
    without_escapes = re.sub(r"%[0-9A-Fa-f]{2}", "%%%", url.path.text)
    match = re.search(r"[A-Z]", without_escapes)
    if match is None:
        return None
    lowered = "".join(
        kept.lower() if shown.isupper() else kept for kept, shown in zip(url.path.text, without_escapes, strict=True)
    )
    return _in_path(url, match.span(), "", url.replaced(*url.path.span, lowered))


def _in_path(url: AskedUrl, span: tuple[int, int], variant: str, mend: str | None = None) -> Problem:
    start, end = span
    place = (url.path.start + start, url.path.start + end)
    return Problem(url.path.text[start:end], place, variant, {"position": str(place[0] + 1)}, mend)


@url_rule("url.canonical", "RFC 3986 sections 6.2.2 and 6.2.3; RFC 9700 section 2.1 (exact string matching)")
def is_canonical(url: AskedUrl) -> Problem | None:
    """The typed form is the stored form. Where no canonical form exists another rule has already said why."""
    stored = _canonical_or_none(url)
    if stored is None or stored.decode("ascii") == url.text:
        return None
    form = stored.decode("ascii")
    return Problem(url.text, None, "", {"canonical": form, "length": str(len(form))}, form)
