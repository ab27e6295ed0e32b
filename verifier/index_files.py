"""Revocation lists as files: the entries of each as a memory-mapped index, the bodies of long ones beside them.

Files are named by the SHA-256 of the list, written beside their place and put there by one rename: whoever opens a
name finds all of it or nothing. The worker writes them and every other process reads them, sharing one copy in memory.
An index is derived: it is checked against its own digest when it is opened, and one that is damaged is as good as
absent. The folder is `VERIFIER_LISTS_DIR`.
"""

import hashlib
import mmap
import os
import secrets
import time
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from verifier.pki import crl_columns
from verifier.pki.crl_columns import Buffer, Columns, DamagedImage

# Whoever runs in the workers' group may read; nobody else may write.
_FILE_MODE, _FOLDER_MODE = 0o640, 0o750
# Where one call to the system costs more than copying the columns.
_SHORT_LIST = 10_000
_WRITERS = frozenset(("worker", "command"))


def write(columns: Columns, digest: bytes) -> None:
    """Put the index of the list with this SHA-256 in its place; raises OSError."""
    pieces: Iterable[Buffer] = crl_columns.image(columns, digest)
    if len(columns) < _SHORT_LIST:
        pieces = [b"".join(pieces)]
    _put(_index(digest), pieces, durable=False)


def write_body(der: Buffer, digest: bytes) -> None:
    """Keep a long list itself, safe from a loss of power; raises OSError."""
    _put(_body(digest), [der], durable=True)


def opened(digest: bytes) -> Columns | None:
    """The entries of the list with this SHA-256, mapped; None where there is no file or it is not what it should be."""
    mapped = _mapped(_index(digest))
    if mapped is None:
        return None
    try:
        return crl_columns.open_image(mapped, digest)
    except DamagedImage:
        return None


def is_sound(digest: bytes) -> bool:
    """True if the index could be opened."""
    return opened(digest) is not None


def body(digest: bytes) -> memoryview | None:
    """The list itself, mapped, if it is kept as a file and still is what was accepted."""
    mapped = _mapped(_body(digest))
    if mapped is None or hashlib.sha256(mapped).digest() != digest:
        return None
    return memoryview(mapped)


def prune(in_use: Iterable[bytes], *, older_than_seconds: float) -> int:
    """Remove what belongs to none of these lists, unless it is so new that its row may still be on the way; tell how
    many files went. Processes that have a removed file mapped go on reading it.
    """
    names = {path.name for digest in in_use for path in (_index(digest), _body(digest))}
    horizon, removed = time.time() - older_than_seconds, 0
    for path in _folder().glob("*") if _folder().is_dir() else ():
        if path.name not in names and path.stat().st_mtime < horizon:
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def folder() -> Path:
    """Where the files are, made on first use; raises OSError."""
    place = _folder()
    if not place.is_dir():
        place.mkdir(parents=True, exist_ok=True)
        place.chmod(_FOLDER_MODE)  # whatever the umask of the process
    return place


def _put(path: Path, pieces: Iterable[Buffer], *, durable: bool) -> None:
    if settings.ROLE not in _WRITERS:
        raise PermissionError(f"a process of role {settings.ROLE} does not write lists")
    beside = f"{path}.{secrets.token_hex(8)}.part"
    descriptor = _created(beside)
    try:
        try:
            os.fchmod(descriptor, _FILE_MODE)
            for piece in pieces:
                _write_all(descriptor, memoryview(piece))
            if durable:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
        os.replace(beside, path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def _created(name: str) -> int:
    """A new file's descriptor; its folder is made on first use."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    try:
        return os.open(name, flags, _FILE_MODE)
    except FileNotFoundError:
        folder()
        return os.open(name, flags, _FILE_MODE)


def _write_all(descriptor: int, piece: memoryview) -> None:
    """One write moves at most 2 GiB."""
    while len(piece):
        piece = piece[os.write(descriptor, piece) :]


def _mapped(path: Path) -> mmap.mmap | None:
    try:
        with path.open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError):  # ValueError: nothing in it
        return None


def _folder() -> Path:
    return Path(settings.VERIFIER_LISTS_DIR)


def _index(digest: bytes) -> Path:
    return _folder() / f"{digest.hex()}.index"


def _body(digest: bytes) -> Path:
    return _folder() / f"{digest.hex()}.crl"
