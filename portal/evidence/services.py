"""Keeping files and finding them again."""

import hashlib
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from portal import identifiers
from portal.audit import services as audit
from portal.evidence import content as contents
from portal.evidence import names
from portal.evidence.content import EvidenceRefused
from portal.evidence.models import EvidenceContent, EvidenceFile

__all__ = ["EvidenceRefused", "bytes_of", "keep", "look_at", "of", "readable_by"]


def look_at(content: bytes, *, name: str) -> contents.MediaType:
    """What the file is, told by its bytes; nothing is kept. Raises EvidenceRefused (see contents.media_type_of), also
    evidence.wrong_extension when the name's ending says something else."""
    found = contents.media_type_of(content)
    if not contents.fits_name(found, name):
        raise EvidenceRefused("evidence.wrong_extension")
    return found


def keep(content: bytes, *, name: str, provider: Any, by: Any) -> EvidenceFile:
    """The kept file with these bytes: a new one, or the one the provider gave before (first name stays).

    `provider` is the organisation it proves something about, `by` the person who gives it. Raises EvidenceRefused.
    """
    found = look_at(content, name=name)
    digest = hashlib.sha256(content).hexdigest()
    known = of(provider, digest)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            return _write(content, digest, found, names.cleaned(name, found), provider, by)
    except IntegrityError:  # the same file was given twice in the same second
        return EvidenceFile.objects.get(provider=provider, sha256=digest)


def _write(content: bytes, digest: str, found: contents.MediaType, name: str, provider: Any, by: Any) -> EvidenceFile:
    file = EvidenceFile.objects.create(
        public_id=identifiers.new("ev"),
        provider=provider,
        sha256=digest,
        name=name,
        media_type=str(found),
        size=len(content),
        uploaded_by=by,
        uploaded_at=timezone.now(),
    )
    EvidenceContent.objects.create(file=file, data=content)
    details = {"sha256": digest, "media_type": str(found), "size": len(content)}
    audit.record("evidence.kept", file, by=by, provider=provider, details=details)
    return file


def of(provider: Any, sha256: str) -> EvidenceFile | None:
    """The provider's own file with this digest (lower-case hex), else None; another's file does not exist here."""
    return EvidenceFile.objects.filter(provider=provider, sha256=sha256).first()


def bytes_of(file: EvidenceFile) -> bytes:
    return bytes(EvidenceContent.objects.get(pk=file.pk).data)


def readable_by(user: Any, public_id: str) -> EvidenceFile | None:
    """The file if this person may read it: who has a seat at the organisation or acts for it, reviewers, auditors."""
    files = EvidenceFile.objects.filter(public_id=public_id)
    if user.is_reviewer or user.is_auditor:
        return files.first()
    acting_for = getattr(getattr(user, "chosen_seat", None), "provider_id", None)
    return files.filter(Q(provider__memberships__user=user) | Q(provider=acting_for)).first()
