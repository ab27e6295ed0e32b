"""The names of a certificate by form, and whether a name lies in a subtree (RFC 5280 sections 4.2.1.6 and 4.2.1.10).

Five forms can be judged: directory names, mail addresses, DNS names, URIs and IP addresses.  Others (otherName,
registeredID) can only be recognised: whoever constrains them must refuse the certificates that bear them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.x509.oid import NameOID

from verifier.pki import names as directory


@dataclass(frozen=True, slots=True)
class Names:
    """What a certificate calls its subject: (form, value) pairs, each to be judged by name constraints."""

    all: tuple[tuple[str, Any], ...]

    @classmethod
    def of(cls, subject: x509.Name, alternative: x509.SubjectAlternativeName | None) -> "Names":
        """The subject unless it is empty, its e-mail attributes, and every alternative name.

        RFC 5280 section 4.2.1.10 asks for the e-mail attributes only where there is no alternative name; judging them
        always is the safer reading, for there are applications that read them always.
        """
        found: list[tuple[str, Any]] = []
        if subject.rdns:
            found.append(("directory", directory.relative_names(subject)))
        mail = subject.get_attributes_for_oid(NameOID.EMAIL_ADDRESS)
        found += [("mail", item.value) for item in mail]
        return cls((*found, *(form_and_value(name) for name in alternative or ())))


def form_and_value(name: x509.GeneralName) -> tuple[str, Any]:
    """A general name with its form, in the way that subtrees are compared."""
    match name:
        case x509.DirectoryName():
            return "directory", directory.relative_names(name.value)
        case x509.RFC822Name():
            return "mail", name.value
        case x509.DNSName():
            return "dns", name.value
        case x509.UniformResourceIdentifier():
            return "uri", name.value
        case x509.IPAddress():
            return "ip", name.value
        case x509.OtherName():
            return f"other:{name.type_id.dotted_string}", name.value
    return type(name).__name__, name.value


def is_within(form: str, name: Any, subtree: Any) -> bool | None:
    """Is the name in the subtree of the same form?  None if that cannot be told."""
    judge = _JUDGES.get(form)
    return judge(name, subtree) if judge is not None else None


def _directory(name: tuple[bytes, ...], subtree: tuple[bytes, ...]) -> bool:
    return name[: len(subtree)] == subtree


def _mail(name: str, subtree: str) -> bool | None:
    """One mailbox, all mailboxes of a host, or, after a dot, those of all hosts under a domain."""
    local, found, host = name.rpartition("@")
    if not found or not local or not host:
        return None
    if "@" in subtree:
        wanted_local, _, wanted_host = subtree.rpartition("@")
        return local == wanted_local and _same_host(host, wanted_host)
    return not subtree or _host_or_under(host, subtree)


def _dns(name: str, subtree: str) -> bool:
    """The name itself or any name made by adding labels on the left."""
    name, subtree = _folded(name), _folded(subtree)
    if subtree.startswith("."):
        return name.endswith(subtree) and name != subtree
    return not subtree or name == subtree or name.endswith("." + subtree)


def _uri(name: str, subtree: str) -> bool | None:
    """The host part, exactly, or, after a dot, any host under a domain; a URI without a host name cannot be
    judged."""
    try:
        host = urlsplit(name).hostname
    except ValueError:
        return None
    if not host or _is_address(host):
        return None
    return not subtree or _host_or_under(host, subtree)


def _ip(name: IPv4Address | IPv6Address, subtree: IPv4Network | IPv6Network) -> bool:
    return name.version == subtree.version and name in subtree


def _host_or_under(host: str, subtree: str) -> bool:
    host, subtree = _folded(host), _folded(subtree)
    return host.endswith(subtree) and host != subtree if subtree.startswith(".") else host == subtree


def _same_host(host: str, other: str) -> bool:
    return _folded(host) == _folded(other)


def _folded(host: str) -> str:
    """Host names are ASCII and compared without case (RFC 5280 section 7.2); a final dot names the same host."""
    return host.lower().removesuffix(".")


def _is_address(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdigit()


_JUDGES: dict[str, Callable[[Any, Any], bool | None]] = {
    "directory": _directory,
    "mail": _mail,
    "dns": _dns,
    "uri": _uri,
    "ip": _ip,
}
