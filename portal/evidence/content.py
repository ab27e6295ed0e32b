"""What a file is, told by its bytes alone: PDF, PNG or JPEG, whole and nothing else besides.

The name a browser sends is a claim. A file that is two things at once (a picture that is also an archive or a page) is
how evidence would carry something past a reviewer, so each format is walked from its first byte to its last and
anything before, after or between is refused. Sources: ISO 32000-1 clause 7.5 (PDF: header, trailer, end-of-file
marker), W3C PNG (Third Edition) clause 5 (signature, chunks, CRC), ITU-T T.81 annex B (JPEG markers).
"""

import re
import struct
import zlib
from enum import StrEnum

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 100_000_000  # a small file that unfolds to a huge picture stops the reviewer's computer


class EvidenceRefused(ValueError):
    """The file is not kept. `code` has its sentence in portal.evidence.messages."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class MediaType(StrEnum):
    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"


EXTENSIONS = {
    MediaType.PDF: ("pdf",),
    MediaType.PNG: ("png",),
    MediaType.JPEG: ("jpg", "jpeg"),
}

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_ZIP_END = b"PK\x05\x06"
_PAGE = re.compile(rb"<\s*(?:!doctype\s+html|html|script|svg)\b", re.IGNORECASE)
_PDF_HEADER = re.compile(rb"%PDF-(?:1\.[0-7]|2\.0)[\r\n\s]")
_PDF_END = re.compile(rb"startxref\s+\d+\s+%%EOF\s*\Z")
# What runs or unpacks by itself when the file is opened; names may be written with #xx escapes (clause 7.3.5).
_PDF_ACTIVE = (b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/RichMedia")
_PDF_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")


def media_type_of(content: bytes) -> MediaType:
    """The type of a file that is kept.

    Raises EvidenceRefused: evidence.empty, .too_large, .unknown_type (no PDF, PNG or JPEG), .damaged (begins like one,
    but is not whole), .two_in_one (something else is inside or behind), .active (a PDF that would run or carry
    programs), .too_many_pixels.
    """
    if not content:
        raise EvidenceRefused("evidence.empty")
    if len(content) > MAX_BYTES:
        raise EvidenceRefused("evidence.too_large")
    for first_bytes, found, look in _LOOKS:
        if content.startswith(first_bytes):
            look(content)
            return found
    raise EvidenceRefused("evidence.unknown_type")


def fits_name(found: MediaType, name: str) -> bool:
    """Whether the ending of a file's name says what the file is."""
    return name.rpartition(".")[2].lower() in EXTENSIONS[found]


def _look_at_pdf(content: bytes) -> None:
    if not _PDF_HEADER.match(content):
        raise EvidenceRefused("evidence.damaged")
    if _is_archive_too(content) or _PAGE.search(content[:1024]):
        raise EvidenceRefused("evidence.two_in_one")
    if not _PDF_END.search(content[-1024:]):
        raise EvidenceRefused("evidence.two_in_one" if b"%%EOF" in content else "evidence.damaged")
    plain = _PDF_ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), content)
    if any(name in text for name in _PDF_ACTIVE for text in (content, plain)):
        raise EvidenceRefused("evidence.active")


def _is_archive_too(content: bytes) -> bool:
    """Readers of ZIP look from the end: an end record whose comment reaches exactly to the last byte makes one."""
    at = content.rfind(_ZIP_END, max(0, len(content) - 65_557))
    while at >= 0:
        if at + 22 <= len(content) and at + 22 + struct.unpack_from("<H", content, at + 20)[0] == len(content):
            return True
        at = content.rfind(_ZIP_END, 0, at)
    return False


def _look_at_png(content: bytes) -> None:
    at = len(_PNG_SIGNATURE)
    names: list[bytes] = []
    while not names or names[-1] != b"IEND":
        if at + 12 > len(content):
            raise EvidenceRefused("evidence.damaged")
        length, name = struct.unpack_from(">I4s", content, at)
        end = at + 12 + length
        if end > len(content) or zlib.crc32(content[at + 4 : end - 4]) != struct.unpack_from(">I", content, end - 4)[0]:
            raise EvidenceRefused("evidence.damaged")
        if not names:
            _look_at_png_header(name, content[at + 8 : end - 4])
        names.append(name)
        at = end
    if b"IDAT" not in names:
        raise EvidenceRefused("evidence.damaged")
    if at != len(content):
        raise EvidenceRefused("evidence.two_in_one")


def _look_at_png_header(name: bytes, data: bytes) -> None:
    if name != b"IHDR" or len(data) != 13:
        raise EvidenceRefused("evidence.damaged")
    _may_unfold(*struct.unpack_from(">II", data))


_NO_LENGTH = {0x01, *range(0xD0, 0xD8)}  # TEM and RST0..7 stand alone
_START_OF_FRAME = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")


def _look_at_jpeg(content: bytes) -> None:
    at, has_frame, has_scan = 2, False, False
    while True:
        marker, at = _jpeg_marker(content, at)
        if marker == 0xD9:
            break
        if marker in _NO_LENGTH:
            continue
        if at + 2 > len(content):
            raise EvidenceRefused("evidence.damaged")
        length = struct.unpack_from(">H", content, at)[0]
        if marker in _START_OF_FRAME and length >= 8 and at + 7 <= len(content):
            height, width = struct.unpack_from(">HH", content, at + 3)
            _may_unfold(width, height or 1)
            has_frame = True
        at += length
        if marker == 0xDA:
            has_scan = True
            following = _NEXT_MARKER.search(content, at)
            at = following.start() if following else len(content)
    if not (has_frame and has_scan):
        raise EvidenceRefused("evidence.damaged")
    if at != len(content):
        raise EvidenceRefused("evidence.two_in_one")


def _jpeg_marker(content: bytes, at: int) -> tuple[int, int]:
    """The marker at `at` (0xFF fill bytes may stand before it) and where it ends."""
    if at >= len(content) or content[at] != 0xFF:
        raise EvidenceRefused("evidence.damaged")
    while at < len(content) and content[at] == 0xFF:
        at += 1
    if at >= len(content) or content[at] == 0x00:
        raise EvidenceRefused("evidence.damaged")
    return content[at], at + 1


def _may_unfold(width: int, height: int) -> None:
    if not width or not height:
        raise EvidenceRefused("evidence.damaged")
    if width * height > MAX_PIXELS:
        raise EvidenceRefused("evidence.too_many_pixels")


_LOOKS = (
    (b"%PDF-", MediaType.PDF, _look_at_pdf),
    (_PNG_SIGNATURE, MediaType.PNG, _look_at_png),
    (b"\xff\xd8\xff", MediaType.JPEG, _look_at_jpeg),
)
