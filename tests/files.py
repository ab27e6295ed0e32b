"""Files of every story: the smallest whole PDF, PNG and JPEG, and the pieces to spoil them with."""

import io
import struct
import zipfile
import zlib


def pdf(text: str = "evidence", *, extra: bytes = b"") -> bytes:
    """A whole PDF of one empty page; `extra` stands in the page's dictionary."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /PieceInfo (" + text.encode() + b") " + extra + b">>",
    ]
    body, places = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", []
    for number, value in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, value)
    table = b"xref\n0 4\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + table + b"trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(body)


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int = 1, height: int = 1) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0\0")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def jpeg(width: int = 1, height: int = 1) -> bytes:
    segment = b"\xff%c%s%s"
    frame = b"\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\x00"
    parts = [
        segment % (0xE0, struct.pack(">H", 16), b"JFIF\0\1\1\0\0\1\0\1\0\0"),
        segment % (0xDB, struct.pack(">H", 67), b"\0" + b"\1" * 64),
        segment % (0xC0, struct.pack(">H", 2 + len(frame)), frame),
        segment % (0xC4, struct.pack(">H", 20), b"\0\1" + b"\0" * 16),
        segment % (0xDA, struct.pack(">H", 8), b"\1\1\0\0\x3f\0"),
    ]
    return b"\xff\xd8" + b"".join(parts) + b"\x12\xff\x00\x34\xff\xd0\x56" + b"\xff\xd9"


def archive(comment: bytes = b"") -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        file.writestr("a.txt", "a")
        file.comment = comment
    return held.getvalue()
