"""The CAs an environment believes, and where the lists of each are had."""

import hashlib
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal import identifiers
from portal.accounts import staff
from portal.audit import services as audit
from verifier import evidence, sources
from verifier.models import DistributionPoint, TrustAnchor
from verifier.pki import certificate as certificate_format
from verifier.pki import names
from verifier.pki.errors import MalformedInput
from verifier.pki.profiles import Purpose, World, ca_name
from verifier.validation import anchor_fitness
from verifier.validation.trust import TrustAnchor as AnchorValue


class AnchorRefused(Exception):
    """What was asked about a trust anchor is not done; `code` says why (`messages.ANCHOR_REFUSALS`)."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code, self.detail = code, detail


@transaction.atomic
def trust(environment: Any, *, purpose: str, certificate_der: bytes, by: Any) -> TrustAnchor:
    """Pin a CA's self-signed certificate for one purpose in one environment.

    Trusting the same certificate again returns its row and takes back an earlier distrust. `by` is a User or a label
    for a machine. Raises AnchorRefused. In production this is the end of `anchor_proposals.confirm` and of nothing
    else; the database refuses an anchor of the other world, and one there that two operators did not ask for.
    """
    world = World(environment.kind)
    certificate = fit_anchor(certificate_der, Purpose(purpose), world)
    fingerprint = certificate.sha256.hex()
    standing = TrustAnchor.objects.filter(environment=environment, fingerprint=fingerprint).first()
    row, _ = TrustAnchor.objects.update_or_create(
        environment=environment,
        fingerprint=fingerprint,
        defaults={"distrusted_at": None},
        create_defaults={
            "public_id": identifiers.new("anc", 10),
            "world": world.value,
            "purpose": Purpose(purpose).value,
            "der": certificate.der,
            "key_id": certificate.key_id,
            "subject": names.readable(certificate.subject)[:400],
            "not_after": certificate.not_after,
        },
    )
    if row.purpose != Purpose(purpose).value:
        raise AnchorRefused("anchor.wrong_name", row.purpose)
    details = {"fingerprint": row.fingerprint, "purpose": row.purpose, "world": row.world}
    before, after = {"trusted": standing is not None and standing.distrusted_at is None}, {"trusted": True}
    audit.record(
        "anchor.trusted", row, by=by, provider=environment.provider, before=before, after=after, details=details
    )
    evidence.touch(environment.pk)
    return row


@transaction.atomic
def distrust(anchor: TrustAnchor, *, by: Any) -> None:
    """Stop believing an anchor, at once; its row and its lists stay for the record.

    One person is enough: it only ever takes away. In production `by` is an operator: else AnchorRefused.
    """
    if anchor.world == World.PRODUCTION and not is_operator(by):
        raise AnchorRefused("anchor.not_an_operator")
    if TrustAnchor.objects.filter(pk=anchor.pk, distrusted_at=None).update(distrusted_at=timezone.now()):
        audit.record(
            "anchor.distrusted",
            anchor,
            by=by,
            provider=anchor.environment.provider,
            before={"trusted": True},
            after={"trusted": False},
            details={"fingerprint": anchor.fingerprint},
        )
        evidence.touch(anchor.environment_id)


@transaction.atomic
def add_distribution_point(
    environment: Any, *, anchor: TrustAnchor, dp_name: bytes, url: str, by: Any, label: str = "", series: str = ""
) -> DistributionPoint:
    """Say where the list of `anchor`'s key for a distribution point is fetched; saying it again changes the address.

    `dp_name` is the directory name in normalised DER (verifier.pki.names.normalised); `label` is for people; `series`
    tells a further source of the same distribution point from the first. A first fetch is asked for at once, unless
    `url` is empty: then lists are handed in.
    """
    if anchor.environment_id != environment.pk:
        raise ValueError("the anchor belongs to another environment")
    named = {"anchor": anchor, "dp_name_digest": hashlib.sha256(dp_name).hexdigest(), "series": series}
    standing = DistributionPoint.objects.filter(**named).first()
    point, _ = DistributionPoint.objects.update_or_create(
        **named,
        defaults={"url": url, "validators": None, "next_refresh_at": timezone.now(), "retired_at": None},
        create_defaults={
            "url": url,
            "dp_name": dp_name,
            "label": (label or url)[:400],
            "next_refresh_at": timezone.now(),
        },
    )
    before, after = {"url": standing.url if standing else None}, {"url": url}
    audit.record("distribution_point.added", point, by=by, provider=environment.provider, before=before, after=after)
    evidence.touch(environment.pk)
    if url:
        sources.refresh(point.pk)
    return point


@transaction.atomic
def retire_distribution_point(point: DistributionPoint, *, by: Any) -> None:
    """Give a source up: it is fetched no more and its lists count no more. Whoever is in no other list of the
    distribution point has no known status from then on. Adding the source again takes it back.
    """
    if DistributionPoint.objects.filter(pk=point.pk, retired_at=None).update(retired_at=timezone.now()):
        environment = point.anchor.environment
        audit.record(
            "distribution_point.retired",
            point,
            by=by,
            provider=environment.provider,
            before={"url": point.url, "retired": False},
            after={"url": point.url, "retired": True},
        )
        evidence.touch(environment.pk)


def is_operator(by: Any) -> bool:
    """Whether `by` is a person who is an operator now; a machine's label is none."""
    return hasattr(by, "pk") and staff.is_operator(by)


def fit_anchor(der: bytes, purpose: Purpose, world: World) -> certificate_format.Certificate:
    """The certificate, if it may be an anchor of this purpose and world; raises AnchorRefused."""
    try:
        certificate = certificate_format.parse(der)
        value = AnchorValue("candidate", purpose, world, certificate)
    except MalformedInput as error:
        raise AnchorRefused("anchor.malformed", error.detail) from error
    if certificate.subject_key != names.normalised(ca_name(purpose, world)):
        raise AnchorRefused("anchor.wrong_name", names.readable(certificate.subject))
    if refusal := anchor_fitness.refusal_of(value, certificate.not_before):
        raise AnchorRefused("anchor.unfit", f"{refusal.code} {refusal.oid or ''}".strip())
    if not anchor_fitness.is_self_signed(value):
        raise AnchorRefused("anchor.not_self_signed")
    return certificate
