"""The notice of registration (登録通知書): what was registered, in which list version, and how anybody can check it."""

from dataclasses import dataclass
from typing import Any

import qrcode
from django.conf import settings
from django.urls import reverse

from whitelist import ledger
from whitelist.models import Application, Entry, ListVersion, LogLeaf


@dataclass(frozen=True)
class Proof:
    """That the entry's leaf is in the log of the list version: RFC 9162, section 2.1.3; hashes in hexadecimal."""

    index: int
    leaf: str
    size: int
    root: str
    path: tuple[str, ...]


@dataclass(frozen=True)
class Notice:
    entry: Entry
    version: ListVersion
    proof: Proof | None
    public_url: str
    qr: "QrCode"


@dataclass(frozen=True)
class QrCode:
    """A QR code as one SVG path over a grid of `size` by `size` modules, the quiet zone of four included."""

    size: int
    path: str


def of(application: Application) -> Notice | None:
    """The notice of what this application has had published; None before its publication."""
    entry, version = application.live_entry, application.published_in
    if entry is None or version is None:
        return None
    public = settings.SITE_URL + reverse("whitelist:list-version", args=[version.number])
    return Notice(entry, version, _proof(entry, version), public, qr_code(public))


def _proof(entry: Entry, version: ListVersion) -> Proof | None:
    """The newest leaf about the entry up to that version; None for versions from before the log."""
    leaves: Any = LogLeaf.objects.filter(environment=version.environment_id, entry_public_id=entry.public_id)
    leaf = leaves.filter(list_version__lte=version.number).order_by("-index").first()
    if leaf is None or version.tree_size is None:
        return None
    path = ledger.of(version.environment_id).tree.inclusion_proof(leaf.index, version.tree_size)
    return Proof(
        leaf.index,
        bytes(leaf.digest).hex(),
        version.tree_size,
        version.tree_root,
        tuple(part.hex() for part in path),
    )


def qr_code(text: str) -> QrCode:
    """`text` as a QR code (ISO/IEC 18004), error correction M."""
    code = qrcode.QRCode(border=4, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(text)
    code.make(fit=True)
    matrix = code.get_matrix()
    squares = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(matrix) for x, is_dark in enumerate(row) if is_dark)
    return QrCode(len(matrix), "".join(squares))
