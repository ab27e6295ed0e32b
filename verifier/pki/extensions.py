"""Extensions of certificates and lists, found by class; what `cryptography` leaves raw is read here."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar, cast

from cryptography import x509

from verifier.pki import der, oids

T = TypeVar("T", bound=x509.ExtensionType)
R = TypeVar("R")


class NotOurs(ValueError):
    """An extension that is not encoded as RFC 5280 says.  Parsers turn it into a MalformedInput."""


class Extensions:
    """All extensions of one certificate or list.  Raises what the library raises for bytes that do not parse.

    ``shared`` are those of them that many certificates have in common, the same object for all of these; what rests on
    them alone is ``told`` once.
    """

    def __init__(self, extensions: Iterable[x509.Extension[Any]], shared: "Extensions | None" = None) -> None:
        self._by_class: dict[type[x509.ExtensionType], x509.Extension[Any]] = dict(shared._by_class) if shared else {}
        self._by_oid: dict[str, x509.Extension[Any]] = dict(shared._by_oid) if shared else {}
        self._shared = shared or self
        self._told: dict[Callable[[Extensions], Any], Any] = {}
        for item in extensions:
            self._by_class[type(item.value)] = item
            self._by_oid[item.oid.dotted_string] = item

    def told(self, make: "Callable[[Extensions], R]") -> R:
        """What ``make`` tells from the shared extensions: it must not read one that is the holder's own."""
        told = self._shared._told
        if make not in told:
            told[make] = make(self._shared)
        return cast("R", told[make])

    def value(self, kind: type[T]) -> T | None:
        """The extension of that class, or None."""
        found = self._by_class.get(kind)
        return cast("T", found.value) if found is not None else None

    def critical_beyond(self, understood: frozenset[str]) -> tuple[str, ...]:
        """OIDs of critical extensions that are not in the set, in their order."""
        return tuple(oid for oid, item in self._by_oid.items() if item.critical and oid not in understood)

    def policies(self) -> frozenset[str] | None:
        """certificatePolicies without their qualifiers, which bind nobody here (RFC 5280 section 4.2.1.4), or
        None."""
        found = self.value(x509.CertificatePolicies)
        return frozenset(item.policy_identifier.dotted_string for item in found) if found is not None else None

    def purposes(self) -> frozenset[str] | None:
        """extendedKeyUsage (section 4.2.1.12), or None."""
        found = self.value(x509.ExtendedKeyUsage)
        return frozenset(purpose.dotted_string for purpose in found) if found is not None else None

    def is_critical(self, oid: str) -> bool:
        """True if the extension is there and critical."""
        found = self._by_oid.get(oid)
        return found is not None and found.critical

    def mappings(self) -> dict[str, frozenset[str]]:
        """policyMappings: issuer-domain policy to the subject-domain policies it equals (section 4.2.1.5)."""
        found = self._by_oid.get(oids.POLICY_MAPPINGS)
        if found is None:
            return {}
        mappings: dict[str, set[str]] = {}
        for issuer_domain, subject_domain in _pairs(found.value.public_bytes()):
            mappings.setdefault(issuer_domain, set()).add(subject_domain)
        return {policy: frozenset(equivalents) for policy, equivalents in mappings.items()}


def _pairs(data: bytes) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    pos, end = der.read(data, 0, len(data), der.SEQUENCE)
    if end != len(data) or pos == end:
        raise NotOurs("policy mappings")
    while pos < end:
        start, stop = der.read(data, pos, end, der.SEQUENCE)
        first, start = der.read(data, start, stop, der.OBJECT_IDENTIFIER)
        second, pos = der.read(data, start, stop, der.OBJECT_IDENTIFIER)
        if pos != stop:
            raise NotOurs("policy mappings")
        pairs.append((der.dotted(data[first:start]), der.dotted(data[second:pos])))
    return pairs
