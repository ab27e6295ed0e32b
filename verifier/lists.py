"""What is kept of revocation lists beside their rows, and how it is made whole again. Only the worker and an operator's
command write.
"""

import logging
import mmap
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db.models import QuerySet

from verifier import index_files, models
from verifier.pki import crl as crl_format
from verifier.pki.crl import Crl
from verifier.pki.crl_columns import Buffer
from verifier.pki.errors import MalformedCrl, RefusedCrl

_log = logging.getLogger(__name__)

# A file this old whose row is not there belongs to a transaction that never came to its end.
_ORPHANED_AFTER_SECONDS = 3600.0


def keep(crl: Crl, der: Buffer) -> None:
    """Lay down an accepted list so that all processes can map it, before its row makes it current.

    Raises RefusedCrl(`crl.not_kept`) where a long list cannot be written: one that nobody can look into is not taken
    in. A short one can be read from its row.
    """
    try:
        if row_body(der) is None:
            index_files.write_body(der, crl.sha256)
        index_files.write(crl.columns, crl.sha256)
    except OSError as error:
        if row_body(der) is None:
            raise RefusedCrl("crl.not_kept", type(error).__name__) from error
        _log.warning("the index of list %s is not written: %s", crl.sha256.hex(), error)


def row_body(der: Buffer) -> bytes | None:
    """What of the list goes into its row: all of a short one, nothing of a long one."""
    return bytes(der) if len(der) <= settings.VERIFIER_CRL_ROW_BYTES else None


@contextmanager
def scratch() -> Iterator[IO[bytes]]:
    """A nameless file for a list that is on its way in, on the disk that lists are kept on: /tmp may be memory."""
    with tempfile.TemporaryFile(dir=index_files.folder()) as file:
        yield file


def mapped(file: IO[bytes]) -> memoryview:
    """What was written into the file, mapped; it outlives the file. Raises MalformedCrl for an empty one."""
    file.flush()
    if not file.seek(0, os.SEEK_END):
        raise MalformedCrl("not_der")
    return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


@contextmanager
def copied(path: Path) -> Iterator[memoryview]:
    """A private copy of a handed-in list, mapped; raises OSError, and MalformedCrl where it is larger than allowed."""
    with scratch() as own, path.open("rb") as handed_in:
        size = 0
        while chunk := handed_in.read(1024 * 1024):
            size += len(chunk)
            if size > settings.VERIFIER_CRL_MAX_BYTES:
                raise MalformedCrl("too_large")
            own.write(chunk)
        yield mapped(own)


def is_whole(snapshot: models.CrlSnapshot) -> bool:
    """True if every process can look into the list."""
    return index_files.is_sound(bytes(snapshot.digest))


def broken() -> Iterator[models.CrlSnapshot]:
    """The current lists whose index is missing or damaged."""
    for snapshot in _current().defer("der").select_related("point").order_by("id"):
        if not is_whole(snapshot):
            yield snapshot


def mend(snapshot: models.CrlSnapshot) -> bool:
    """Make the index anew from the list's body; False if that is gone or damaged too, so that the list has to be
    brought again. Raises OSError.
    """
    digest = bytes(snapshot.digest)
    der: Buffer | None = bytes(snapshot.der) if snapshot.der else index_files.body(digest)
    if der is None:
        return False
    parsed = crl_format.parse(der, max_bytes=settings.VERIFIER_CRL_MAX_BYTES)
    if parsed.sha256 != digest:
        return False
    index_files.write(parsed.columns, digest)
    return True


def mend_all() -> list[int]:
    """Make whole what can be; the sources whose lists have to be brought again."""
    lost = []
    for snapshot in broken():
        try:
            mended = mend(snapshot)
        except OSError as error:
            _log.error("the index of list %s is not written: %s", bytes(snapshot.digest).hex(), error)
            continue
        if not mended:
            _log.error("list %s is lost and has to be brought again", bytes(snapshot.digest).hex())
            lost.append(snapshot.point_id)
    return lost


def prune() -> int:
    """Remove the files of lists that are no longer current; tell how many went."""
    digests = [bytes(digest) for digest in _current().order_by("id").values_list("digest", flat=True)]
    return index_files.prune(digests, older_than_seconds=_ORPHANED_AFTER_SECONDS)


def _current() -> QuerySet[models.CrlSnapshot]:
    return models.CrlSnapshot.objects.filter(is_current=True)
