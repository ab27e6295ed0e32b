"""Whom an environment asks about certificates, and by which profile."""

import hashlib
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.audit import services as audit
from portal.environments import services as environments
from verifier import evidence, ocsp_memory
from verifier.models import OcspResponder, TrustAnchor
from verifier.pki.ocsp_settings import OcspProfile, profile_for
from verifier.pki.profiles import MediumGroup, Purpose, World


@transaction.atomic
def set_responder(
    environment: Any,
    *,
    anchor: TrustAnchor,
    group: MediumGroup,
    url: str,
    by: Any,
    label: str = "",
    profile: OcspProfile | None = None,
) -> OcspResponder:
    """Say who is asked about the certificates of `anchor`'s key on that medium; saying it again changes it.

    `url` is ours to choose and is never read from a certificate; `label` is for people; `profile` is the one that the
    table of kinds names unless given. Raises ValueError for an
    anchor of another environment.
    """
    if anchor.environment_id != environment.pk:
        raise ValueError("the anchor belongs to another environment")
    profile = profile or profile_for(Purpose(anchor.purpose), group, World(anchor.world))
    columns = {name: getattr(profile, name) for name in profile.__slots__}
    columns |= {"url": url.rstrip("/"), "label": (label or f"OCSP responder ({group})")[:200]}
    standing = OcspResponder.objects.filter(anchor=anchor, medium_group=group).first()
    before = {name: getattr(standing, name) if standing else None for name in columns}
    if before == columns and standing is not None:
        return standing
    row, _ = OcspResponder.objects.update_or_create(
        anchor=anchor, medium_group=group, defaults={**columns, "failing_since": None, "last_error": ""}
    )
    audit.record("ocsp_responder.set", row, by=by, provider=environment.provider, before=before, after=columns)
    evidence.touch(environment.pk)
    return row


def anchor_named(public_id: str) -> TrustAnchor | None:
    """The trusted CA of that ID, in whichever environment, with it."""
    found = TrustAnchor.objects.filter(public_id=public_id, distrusted_at=None)
    return found.select_related("environment").first()


def anchor_of(environment: Any, certificate_der: bytes) -> TrustAnchor | None:
    """The environment's anchor that is this very certificate, None if it is not trusted there."""
    fingerprint = hashlib.sha256(certificate_der).hexdigest()
    return TrustAnchor.objects.filter(environment=environment, fingerprint=fingerprint, distrusted_at=None).first()


def of_environment(environment: Any) -> list[OcspResponder]:
    """Who is asked in the environment, with the anchors."""
    found = OcspResponder.objects.filter(anchor__environment=environment, anchor__distrusted_at=None)
    return list(found.select_related("anchor").order_by("id"))


def in_words() -> list[str]:
    """A line for each responder, for an operator."""
    rows = OcspResponder.objects.select_related("anchor__environment").order_by("id")
    return [
        f"{row.anchor.environment.public_id} {row.anchor.public_id} {row.medium_group} {row.url}"
        f" hash={row.cert_id_hash} nonce={row.nonce} method={row.method} {row.last_error}".rstrip()
        for row in rows
    ]


@transaction.atomic
def note_health(responder_id: int, code: str) -> None:
    """Note that a responder does not answer (`code` says how it failed), or that it does again (empty)."""
    rows = OcspResponder.objects.filter(pk=responder_id)
    if code:
        changed = rows.filter(failing_since=None).update(failing_since=timezone.now(), last_error=code)
    else:
        changed = rows.exclude(failing_since=None).update(failing_since=None, last_error="")
    if changed:
        evidence.touch(rows.values_list("anchor__environment_id", flat=True)[0])


def prune_answers() -> None:
    """Delete answers of no use any more, each environment by its own clock."""
    for pk in ocsp_memory.environments_with_answers():
        ocsp_memory.prune(pk, environments.now(environments.by_id(pk)))
