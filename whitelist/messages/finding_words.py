"""Words for findings.

A finding has four sentences: its title, the title of the passed rule, what is expected, and how to mend it. A variant
(Finding.variant) may put its own in place of the rule's. Placeholders are filled from Finding.expected_args.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from whitelist.messages import server_words
from whitelist.messages.sentences import Sentences
from whitelist.policy.finding import Finding, Severity


@dataclass(frozen=True)
class FindingWords:
    """The sentences of one finding in the language that is active now; expected and mend are empty when it passed."""

    title: str
    expected: str
    mend: str


PASSED: Mapping[str, Promise | str] = {
    "url.parse": _("The URL can be read"),
    "url.scheme.https": _("The scheme is https"),
    "url.scheme.custom": _("No custom scheme"),
    "url.wildcard": _("No wildcard"),
    "url.fragment": _("No fragment"),
    "url.userinfo": _("No user name or password"),
    "url.host.ip": _("The host is a name, not an IP address"),
    "url.host.single_label": _("The host name has a domain"),
    "url.host.localhost": _("The host is no loopback name, or may be one here"),
    "url.host.reserved": _("The host name is in the public DNS name space"),
    "url.port": _("The port is the usual one"),
    "url.path.traversal": _("The path does not climb or hide a delimiter"),
    "url.path.params": _("No semicolon in the path"),
    "url.query": _("No query"),
    "url.length": _("The length is within the limit"),
    "url.canonical": _("Typed exactly as it is registered"),
    "url.case": _("The path is in lower case"),
    "url.idn.alabel": _("The host name is written in ASCII"),
    "url.idn.mixed_script": _("The host name does not mix scripts"),
    "url.psl": _("The host is not a public suffix"),
    "url.shared_hosting": _("The domain is not shared with strangers"),
    "url.shortener": _("Not a URL shortening or forwarding service"),
    "url.brand": _("No protected word in the host name"),
}

_EXPECTED_READABLE = _("One absolute URL, https://host/path, without any other character around or inside it")
_EXPECTED_PATH = _("A path that every server reads in the same way")
_EXPECTED_NAME = _("A host name in the public DNS, such as app.example.jp")

FINDINGS: Mapping[tuple[str, str], Sentences] = {
    ("url.parse", ""): Sentences(
        _("The URL cannot be read"), _EXPECTED_READABLE, _("Paste the URL exactly as your system sends it.")
    ),
    ("url.parse", "empty"): Sentences(
        _("There is no URL"), _EXPECTED_READABLE, _("Enter the URL of your return server.")
    ),
    ("url.parse", "bom"): Sentences(
        _("There is an invisible byte order mark (character %(position)s)"),
        _EXPECTED_READABLE,
        _("Remove it. It often comes along when text is copied from a file."),
    ),
    ("url.parse", "nul"): Sentences(
        _("There is a NUL character (character %(position)s)"), _EXPECTED_READABLE, _("Remove it.")
    ),
    ("url.parse", "surrogate"): Sentences(
        _("There is half a character (character %(position)s)"),
        _EXPECTED_READABLE,
        _("Paste the URL again: a character was cut in two."),
    ),
    ("url.parse", "backslash"): Sentences(
        _("There is a backslash (character %(position)s)"),
        _EXPECTED_READABLE,
        _("Write / instead. Browsers change it in silence, and then the bytes no longer match."),
    ),
    ("url.parse", "space"): Sentences(
        _("There is a space, tab or line break (character %(position)s)"),
        _EXPECTED_READABLE,
        _("Remove it. Also look at the beginning and the end of the value in your settings."),
    ),
    ("url.parse", "control"): Sentences(
        _("There is a control character (character %(position)s)"), _EXPECTED_READABLE, _("Remove it.")
    ),
    ("url.parse", "invisible"): Sentences(
        _("There is an invisible character (character %(position)s)"), _EXPECTED_READABLE, _("Remove it.")
    ),
    ("url.parse", "relative"): Sentences(
        _("The URL does not begin with https://"), _EXPECTED_READABLE, _("Write the whole URL, from https:// on.")
    ),
    ("url.parse", "authority"): Sentences(
        _("The scheme is not followed by exactly two slashes"), _EXPECTED_READABLE, _("Write https:// and the host.")
    ),
    ("url.parse", "host"): Sentences(
        _("The host name cannot be read"),
        _EXPECTED_NAME,
        _("Look at the host: letters, digits and hyphens, parted by single dots."),
    ),
    ("url.parse", "character"): Sentences(
        _("There is a character that a URL cannot hold (character %(position)s)"),
        _EXPECTED_READABLE,
        _("Write it percent-encoded, and send it so, or choose another path."),
    ),
    ("url.parse", "non_ascii"): Sentences(
        _("The path holds a character outside ASCII (character %(position)s)"),
        _EXPECTED_READABLE,
        _("Write it percent-encoded in UTF-8, and send it so, or choose a path in ASCII."),
    ),
    ("url.parse", "percent"): Sentences(
        _("A percent sign is not followed by two hexadecimal digits (character %(position)s)"),
        _EXPECTED_READABLE,
        _("Write %%25 for a percent sign itself, or complete the code."),
    ),
    ("url.scheme.https", ""): Sentences(
        _("The scheme is not https"),
        _("https (http only for this computer itself, in the test environment)"),
        _("Offer your return server over https and register that URL."),
    ),
    ("url.scheme.https", "loopback"): Sentences(
        _("http to this computer itself is for the test environment only"),
        _("An https URL"),
        _("Register the https URL of your public return server."),
    ),
    ("url.scheme.custom", ""): Sentences(
        _("A custom scheme (%(scheme)s) cannot take the answer"),
        _("An https URL of a return server: the answer comes by form POST"),
        _("Register the https URL of your server; let your server bring the user back to your app."),
    ),
    ("url.scheme.custom", "forbidden"): Sentences(
        _("The scheme %(scheme)s is never a return URL"),
        _("An https URL of a return server: the answer comes by form POST"),
        _("Register the https URL of your server."),
    ),
    ("url.scheme.custom", "not_reversed"): Sentences(
        _("The custom scheme %(scheme)s does not name a domain of yours"),
        _("An https URL of a return server: the answer comes by form POST"),
        _("Register the https URL of your server. Any other app could claim a scheme like this."),
    ),
    ("url.wildcard", ""): Sentences(
        _("There is a wildcard"),
        _("One exact URL: every byte is compared"),
        _("Register each URL as an entry of its own."),
    ),
    ("url.fragment", ""): Sentences(
        _("There is a fragment"), _("A URL without #"), _("Remove # and everything after it.")
    ),
    ("url.userinfo", ""): Sentences(
        _("There is a user name or password before the host"),
        _("A URL without @ before the host"),
        _("Remove it. If a real password stood there, change it."),
    ),
    ("url.host.ip", ""): Sentences(
        _("The host is an IP address"), _EXPECTED_NAME, _("Register the URL with the host name of your server.")
    ),
    ("url.host.ip", "loopback"): Sentences(
        _("The host is the address of this computer itself"),
        _EXPECTED_NAME,
        _("Register the URL with the host name of your server."),
    ),
    ("url.host.ip", "notation"): Sentences(
        _("The host is an IP address in an unusual notation (read as %(address)s)"),
        _EXPECTED_NAME,
        _("Programs read such addresses differently. Use a host name."),
    ),
    ("url.host.ip", "zone"): Sentences(
        _("The IPv6 address carries a zone"),
        _EXPECTED_NAME,
        _("A zone means something on one computer only. Use a host name."),
    ),
    ("url.host.single_label", ""): Sentences(
        _("The host name is a single word"), _EXPECTED_NAME, _("Write the full name with its domain.")
    ),
    ("url.host.localhost", ""): Sentences(
        _("The host is this computer itself"),
        _EXPECTED_NAME,
        _("Use it in the test environment. For production, register your public server."),
    ),
    ("url.host.reserved", ""): Sentences(
        _("The host name ends in .%(suffix)s, which the public DNS never answers"),
        _EXPECTED_NAME,
        _("Register the name by which citizens' phones reach your server."),
    ),
    ("url.host.reserved", "unknown_suffix"): Sentences(
        _("The host name ends in .%(suffix)s, which is no known top-level domain"),
        _EXPECTED_NAME,
        _("Look for a slip of the pen in the last part of the host name."),
    ),
    ("url.port", ""): Sentences(
        _("The port %(port)s is unusual"),
        _("Port 443, which is not written"),
        _("Some networks let only 443 pass. If you keep this port, tell the reviewer why."),
    ),
    ("url.port", "loopback"): Sentences(
        _("The port %(port)s is unusual"),
        _("Port 443, which is not written"),
        _("Register the public URL of your server without a port."),
    ),
    ("url.port", "invalid"): Sentences(
        _("The port is not a number from 1 to 65535"),
        _("Port 443, which is not written"),
        _("Remove the port or correct it."),
    ),
    ("url.path.traversal", ""): Sentences(
        _("The path may be read as another path"), _EXPECTED_PATH, _("Choose a plain path.")
    ),
    ("url.path.traversal", "dots"): Sentences(
        _("A part of the path is . or .."), _EXPECTED_PATH, _("Write the path that is meant, without . and .. parts.")
    ),
    ("url.path.traversal", "encoded"): Sentences(
        _("The path hides a slash, backslash, dot or NUL behind a percent code"),
        _EXPECTED_PATH,
        _("Choose a path without these codes: one server decodes them, the next one does not."),
    ),
    ("url.path.traversal", "double_slash"): Sentences(
        _("The path holds two slashes in a row"),
        _EXPECTED_PATH,
        _("Write one slash, and look whether your system joins two parts that both bring one."),
    ),
    ("url.path.params", ""): Sentences(
        _("The path holds a semicolon"),
        _EXPECTED_PATH,
        _("Servers differ in what a semicolon means. Choose a path without it."),
    ),
    ("url.query", ""): Sentences(
        _("There is a query"),
        _("A URL without a query (in production)"),
        _("Put what tells versions apart into the path, for example /jpki/v1/return."),
    ),
    ("url.query", "reserved"): Sentences(
        _("The query uses %(name)s, a name of the protocol's own"),
        _("A URL without a query"),
        _("Remove the query. The answer brings its own fields in the body of the POST."),
    ),
    ("url.length", ""): Sentences(
        _("The URL is too long (%(length)s bytes)"), _("%(limit)s bytes at most"), _("Choose a shorter path.")
    ),
    ("url.length", "host"): Sentences(
        _("The host name is too long (%(length)s bytes)"),
        _("%(limit)s bytes at most"),
        _("Choose a shorter host name."),
    ),
    ("url.length", "label"): Sentences(
        _("A part of the host name is too long (%(length)s bytes)"),
        _("%(limit)s bytes at most"),
        _("Choose a shorter host name."),
    ),
    ("url.canonical", ""): Sentences(
        _("The notation was made uniform"),
        _("%(canonical)s (%(length)s bytes)"),
        _("This value is registered and compared. Hand the same value to the app, up to a slash at the end."),
    ),
    ("url.case", ""): Sentences(
        _("The path holds capital letters"),
        _("The same capital and small letters wherever the URL is sent"),
        _("This is allowed. Small letters only are easier to keep the same."),
    ),
    ("url.idn.alabel", ""): Sentences(
        _("The host name is an internationalised one (%(unicode)s)"),
        _("%(ascii)s: this form is registered and compared"),
        _("Hand the app the ASCII form."),
    ),
    ("url.idn.mixed_script", ""): Sentences(
        _("The host name mixes scripts (%(scripts)s)"),
        _("One script, or kanji, kana and Latin letters together"),
        _("Look for a letter that only resembles the one that is meant: %(label)s"),
    ),
    ("url.idn.mixed_script", "look_alike"): Sentences(
        _("The host name looks Latin but is not"),
        _("A name that cannot be taken for another one"),
        _("Type the name anew in Latin letters: %(label)s"),
    ),
    ("url.psl", ""): Sentences(
        _("The host is a public suffix (%(suffix)s)"),
        _("A host below a domain that your organisation holds"),
        _("Write the name of your server in front of it."),
    ),
    ("url.shared_hosting", ""): Sentences(
        _("Anyone can get a name under %(suffix)s"),
        _("A host below a domain that your organisation holds"),
        _("Put your own domain in front of the service, or tell the reviewer who manages this name."),
    ),
    ("url.shortener", ""): Sentences(
        _("%(service)s is a shortening or forwarding service"),
        _("The return server itself"),
        _("Register the URL to which the short one leads."),
    ),
    ("url.brand", ""): Sentences(
        _("The host name uses a protected word (%(word)s)"),
        _("A host name that shows your own organisation"),
        _("Use a name without it, or tell the reviewer why it is there."),
    ),
}

SEVERITIES: Mapping[str, Promise | str] = {
    "block": pgettext_lazy("finding", "Blocked"),
    "warn": pgettext_lazy("finding", "Warning"),
    "inconclusive": pgettext_lazy("finding", "Inconclusive"),
    "not_run": pgettext_lazy("status", "Not run"),
    "info": pgettext_lazy("finding", "For information"),
    "passed": pgettext_lazy("finding", "Passed"),
}


def words(finding: Finding) -> FindingWords:
    """The sentences for `finding` in the active language."""
    if finding.is_passed:
        return FindingWords(str(passed(finding.code)), "", "")
    args: dict[str, object] = {"subject": server_words.SUBJECTS.get(finding.code, ""), **finding.expected_args}
    sentences = _sentences(finding)
    return FindingWords(str(sentences.title) % args, str(sentences.expected) % args, str(sentences.mend) % args)


def passed(code: str) -> Promise | str:
    """The title of a rule that passed."""
    return PASSED.get(code) or server_words.PASSED[code]


def _sentences(finding: Finding) -> Sentences:
    if finding.severity in (Severity.INCONCLUSIVE, Severity.NOT_RUN):
        return server_words.UNANSWERED[finding.variant]
    for table in (FINDINGS, server_words.FINDINGS):
        for variant in (finding.variant, ""):
            if (finding.code, variant) in table:
                return table[finding.code, variant]
    raise KeyError(finding.code)


def title(code: str) -> str:
    """What a rule looks at, by its code alone, in the active language."""
    return str(server_words.SUBJECTS.get(code) or PASSED[code])
