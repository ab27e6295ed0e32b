"""Who may sign revocation lists in a CA's place: nobody, unless an operator admitted the certificate."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.audit import services as audit
from portal.environments import services as environments
from verifier import evidence, sources
from verifier.models import CrlSnapshot, ListSigner, TrustAnchor
from verifier.pki import certificate as certificate_format
from verifier.validation import list_signer


@transaction.atomic
def admit(anchor: TrustAnchor, der: bytes, *, by: Any) -> ListSigner:
    """Believe lists that this certificate's key signs in the anchor's place. Raises MalformedInput."""
    at = environments.now(anchor.environment)
    certificate = list_signer.proven(der, issuer=evidence.anchor_value(anchor), at=at).certificate
    row, _ = ListSigner.objects.update_or_create(
        anchor=anchor,
        fingerprint=certificate.sha256.hex(),
        defaults={"dismissed_at": None},
        create_defaults={"der": certificate.der, "admitted_at": timezone.now()},
    )
    _record("list_signer.admitted", row, by=by)
    return row


@transaction.atomic
def dismiss(row: ListSigner, *, by: Any) -> None:
    """Stop believing its lists at once; they count as missing until others are taken in."""
    ListSigner.objects.filter(pk=row.pk).update(dismissed_at=timezone.now())
    believed = CrlSnapshot.objects.filter(signer=row, is_current=True)
    points = list(believed.values_list("point_id", flat=True))
    believed.update(is_current=False, der=None)
    sources.request_refresh_of(points)
    _record("list_signer.dismissed", row, by=by)


def admitted(anchor: TrustAnchor) -> tuple[list_signer.ListSigner, ...]:
    """Those that may sign in the anchor's place; each one's window and status are asked when it is used."""
    rows = ListSigner.objects.filter(anchor=anchor, dismissed_at=None).order_by("id")
    return tuple(list_signer.ListSigner(certificate_format.parse(bytes(row.der))) for row in rows)


def row_of(anchor_id: int, signer: list_signer.ListSigner | None) -> ListSigner | None:
    """The row of who signed a list; raises ListSigner.DoesNotExist for one dismissed meanwhile."""
    if signer is None:
        return None
    fingerprint = signer.certificate.sha256.hex()
    return ListSigner.objects.get(anchor=anchor_id, fingerprint=fingerprint, dismissed_at=None)


def _record(action: str, row: ListSigner, *, by: Any) -> None:
    is_admitted = action == "list_signer.admitted"
    audit.record(
        action,
        row,
        by=by,
        provider=row.anchor.environment.provider,
        before={"admitted": not is_admitted},
        after={"admitted": is_admitted},
        details={"anchor": row.anchor.public_id, "fingerprint": row.fingerprint},
    )
    evidence.touch(row.anchor.environment_id)
