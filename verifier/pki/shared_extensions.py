"""The extensions of a certificate, those read once that many certificates share byte for byte.

Of a holder's eight extensions six are the same in every certificate of the kind, and reading one costs the library
about as much as a signature check costs in all.  What was met before is handed out again; what is new is read by the
library in a certificate made to carry nothing else.  So each extension is always read by the same parser from the same
bytes, whatever was met before.
"""

from collections.abc import Iterable
from typing import Any

from cryptography import x509
from cryptography.x509.oid import ExtensionOID

from verifier.pki import der
from verifier.pki.errors import PARSER_ERRORS, MalformedCertificate
from verifier.pki.extensions import Extensions

Extension = x509.Extension[Any]

_EXTENSIONS_FIELD = 0xA3  # RFC 5280 section 4.1: [3] EXPLICIT
_MOST_KNOWN = 512
_MOST_BYTES = 1024
_MOST_SETS = 128
# One for each certificate; keeping them would push out what is shared, and keep what is personal.
_OF_THE_HOLDER = frozenset((ExtensionOID.SUBJECT_ALTERNATIVE_NAME, ExtensionOID.SUBJECT_KEY_IDENTIFIER))

_known: dict[bytes, Extension] = {}
_sets: dict[tuple[bytes, ...], Extensions] = {}


def read(tbs: bytes, behind_key: int) -> Extensions:
    """All extensions of a TBSCertificate whose fields behind subjectPublicKeyInfo begin at ``behind_key``.

    Raises ``MalformedCertificate`` for a repeated extension, ``DerError``, and what the library raises for bytes that
    do not parse.
    """
    elements = _elements(tbs, behind_key)
    shared: dict[bytes, Extension] = {}
    new: list[bytes] = []
    for element in elements:
        # Each is asked for once: another thread may empty what is known at any moment.
        known = _known.get(element)
        if known is None:
            new.append(element)
        else:
            shared[element] = known
    read_now = _read_new(new, elements) if new else []
    is_plain = len(shared) + len(new) == len(elements)
    if is_plain and all(extension.oid in _OF_THE_HOLDER for extension in read_now):
        _refuse_repeated(read_now)
        return Extensions(read_now, _together(shared))
    fresh = dict(zip(new, read_now, strict=True))
    found = [shared.get(element) or fresh[element] for element in elements]
    _refuse_repeated(found)
    _remember(fresh)
    return Extensions(found)


def _read_new(new: list[bytes], elements: list[bytes]) -> list[Extension]:
    """What was not met before.  Where it cannot be read, the reason is that of all extensions together: whether one
    repeats another is seen before either is parsed."""
    try:
        return _read_alone(new)
    except PARSER_ERRORS:
        _read_alone(elements)
        raise


def _together(met: dict[bytes, Extension]) -> Extensions:
    """Those that were met before, as they stand together in every certificate of a kind.  None of them is the holder's
    own, so none can repeat one of these."""
    known = tuple(met)
    shared = _sets.get(known)
    if shared is None:
        _refuse_repeated(met.values())
        shared = Extensions(met.values())
        if len(_sets) >= _MOST_SETS:
            _sets.clear()
        _sets[known] = shared
    return shared


def _elements(tbs: bytes, pos: int) -> list[bytes]:
    """Each Extension as received; unique identifiers in front of them, which nobody uses, are passed over."""
    end = len(tbs)
    while pos < end and tbs[pos] != _EXTENSIONS_FIELD:
        _, pos = der.read(tbs, pos, end)
    if pos == end:
        return []
    pos, end = der.read(tbs, pos, end, _EXTENSIONS_FIELD)
    pos, end = der.read(tbs, pos, end, der.SEQUENCE)
    found: list[bytes] = []
    while pos < end:
        _, stop = der.read(tbs, pos, end, der.SEQUENCE)
        found.append(tbs[pos:stop])
        pos = stop
    return found


def _refuse_repeated(found: Iterable[Extension]) -> None:
    seen: set[x509.ObjectIdentifier] = set()
    for extension in found:
        if extension.oid in seen:
            raise MalformedCertificate("repeated_extension", extension.oid.dotted_string)
        seen.add(extension.oid)


def _remember(fresh: dict[bytes, Extension]) -> None:
    for element, extension in fresh.items():
        if len(element) <= _MOST_BYTES and extension.oid not in _OF_THE_HOLDER:
            if len(_known) >= _MOST_KNOWN:
                _known.clear()
            _known[element] = extension


_EMPTY = der.encode(der.SEQUENCE, b"")
_OID = der.encode(der.OBJECT_IDENTIFIER, b"\x2a\x03")
_ALGORITHM = der.encode(der.SEQUENCE, _OID)
_TIME = der.encode(der.UTC_TIME, b"260101000000Z")
_BITS = der.encode(der.BIT_STRING, b"\x00")
_FRONT = b"".join(
    (
        der.encode(0xA0, der.encode(der.INTEGER, b"\x02")),
        der.encode(der.INTEGER, b"\x01"),
        _ALGORITHM,
        _EMPTY,
        der.encode(der.SEQUENCE, _TIME + _TIME),
        _EMPTY,
        der.encode(der.SEQUENCE, _ALGORITHM + _BITS),
    )
)


def _read_alone(elements: list[bytes]) -> list[Extension]:
    field = der.encode(_EXTENSIONS_FIELD, der.encode(der.SEQUENCE, b"".join(elements)))
    tbs = der.encode(der.SEQUENCE, _FRONT + field)
    carrier = der.encode(der.SEQUENCE, tbs + _ALGORITHM + _BITS)
    return list(x509.load_der_x509_certificate(carrier).extensions)
