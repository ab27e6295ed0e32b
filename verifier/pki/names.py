"""Comparison of distinguished names, RFC 5280 section 7.1: letter case, inner spaces and the string type do not count.

A name is turned once into *normalised DER*: every text value case-folded, spaces trimmed and compressed, written as
UTF8String.  Two names are the same name if and only if these bytes are equal, so the bytes serve as a key as well.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from cryptography import x509

from verifier.pki import der

# Control characters as RFC 4514 section 2.4 writes them: NUL can be in a name, and in no text that a database keeps.
_ESCAPED = {code: f"\\{code:02X}" for code in (*range(0x20), 0x7F)}


def normalised(name: x509.Name) -> bytes:
    """The normalised DER of a directory name.  Order of RDNs counts; order inside a multi-valued RDN does not."""
    return der.encode(der.SEQUENCE, b"".join(_relative(rdn) for rdn in name.rdns))


class Forms(NamedTuple):
    """One name in the forms that are wanted of it: ``key`` is its normalised DER, ``text`` is for people."""

    name: x509.Name
    key: bytes
    text: str


_MOST_KNOWN = 256
_known: dict[bytes, Forms] = {}


def forms(encoded: bytes, read: Callable[[], x509.Name]) -> Forms:
    """The forms of the name that these received bytes encode.  ``read`` has the library parse it, and is called only
    for bytes that were not met before: issuers are few, and each is met with every certificate it issued."""
    known = _known.get(encoded)
    if known is None:
        name = read()
        known = Forms(name, normalised(name), readable(name))
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        _known[encoded] = known
    return known


def relative_names(name: x509.Name) -> tuple[bytes, ...]:
    """The RDNs of a name one by one, each in normalised DER: a subtree of names (RFC 5280 section 4.2.1.10) is a
    prefix of them.
    """
    return tuple(_relative(rdn) for rdn in name.rdns)


def readable(name: x509.Name) -> str:
    """A name for people: attributes in the order of the encoding, values as written (``C=JP, O=JPKI, …``)."""
    return ", ".join(f"{attribute.rfc4514_attribute_name}={_text(attribute)}" for attribute in name)


def written(text: str) -> x509.Name:
    """The name that ``readable`` would write so (attributes in the order of the encoding).  Raises ``ValueError``."""
    return x509.Name(list(x509.Name.from_rfc4514_string(_AFTER_COMMA.sub(",", text.strip())).rdns)[::-1])


# A blank after the comma is for people; RFC 4514 section 3 has none.
_AFTER_COMMA = re.compile(r"(?<!\\),\s+(?=[A-Za-z0-9.]+=)")


def _relative(rdn: x509.RelativeDistinguishedName) -> bytes:
    return der.encode(der.SET, b"".join(sorted(_attribute(attribute) for attribute in rdn)))


def _attribute(attribute: x509.NameAttribute[str | bytes]) -> bytes:
    return _encoded(attribute.oid.dotted_string, attribute.value)


# Issuers and distribution points are few, and each of their values is met again with every certificate.
@lru_cache(maxsize=256)
def _encoded(type_oid: str, value: str | bytes) -> bytes:
    # The type is written as text: this form is a key for comparison, nobody parses it back.
    oid = der.encode(der.OBJECT_IDENTIFIER, type_oid.encode())
    if isinstance(value, bytes):
        return der.encode(der.SEQUENCE, oid + der.encode(der.BIT_STRING, value))
    folded = " ".join(unicodedata.normalize("NFKC", value).casefold().split())
    return der.encode(der.SEQUENCE, oid + der.encode(der.UTF8_STRING, folded.encode("utf-8", "surrogatepass")))


def _text(attribute: x509.NameAttribute[str | bytes]) -> str:
    value = attribute.value
    if isinstance(value, bytes):
        return value.hex()
    return value if value.isprintable() else value.translate(_ESCAPED)
