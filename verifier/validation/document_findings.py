"""What was found in a signed document, before anybody judged it.

It was found by libraries in a process that had the stranger's bytes before it, so it is taken for hearsay: what can be
compared with the document is compared, and every signature is judged by the same steps as one that came alone.
"""

import hashlib
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True)
class Document:
    """The bytes as received; ``format`` is ``pdf``, ``xml`` or ``cms``."""

    format: str
    octets: bytes = field(repr=False)

    @cached_property
    def sha256(self) -> str:
        """By which the caller knows it again."""
        return hashlib.sha256(self.octets).hexdigest()


@dataclass(frozen=True, slots=True)
class PdfSignature:
    """``form`` is the signature's SubFilter; ``byte_range`` as ISO 32000-2 section 12.8.1 has it; ``contents`` the
    value of /Contents with its padding.  ``covers`` is ``file``, ``revision`` or ``part``; ``changes`` what was added
    behind it: ``none``, ``archival``, ``signatures``, or something that a signer did not see
    (``seen``: by the picture of a signature)."""

    form: str
    byte_range: tuple[int, ...]
    contents: bytes = field(repr=False)
    covers: str
    changes: str


@dataclass(frozen=True, slots=True)
class XmlSignature:
    """``form`` is ``XAdES`` or ``XML-DSig``; ``signed_info`` is SignedInfo in its canonical form, whose references have
    been found right; ``signature`` its value, of ECDSA in DER, by the algorithm of the URI ``method``.  ``covers`` is
    ``document`` or ``part``; ``comments`` counts what no signature covers."""

    form: str
    certificate_der: bytes = field(repr=False)
    method: str
    signed_info: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    covers: str
    comments: int


@dataclass(frozen=True, slots=True)
class Unfit:
    """A signature that is none to go by: ``code`` says why, ``detail`` may name what was met."""

    code: str
    detail: str = ""


Found = PdfSignature | XmlSignature | Unfit
