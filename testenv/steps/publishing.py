"""Signing the lists, and certifying the responders' keys, well before the old ones end."""

from datetime import datetime, timedelta

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.utils import timezone

from portal.environments import services as environments
from portal.environments.models import Environment
from testenv import addresses, keystore
from testenv.ca import crl_building
from testenv.ca.authority import Authority
from testenv.ca.crl_building import CrlEntry
from testenv.ca.issuance_rules import Validity
from testenv.ca.responder_certificate import issue_responder
from testenv.ca.revocation import Status
from testenv.models import CertificateAuthority, IssuedCertificate, OcspResponderKey, PublishedCrl
from testenv.steps import register
from verifier import ocsp_responders, sources
from verifier.pki.profiles import MediumGroup, Purpose

ACTOR = "worker"
LIST_LIFE = timedelta(hours=24)
RENEW_AFTER = timedelta(hours=12)
RESPONDER_LIFE = timedelta(hours=24)
GROUPS: tuple[MediumGroup, ...] = ("card", "phone")


def publish(environment: Environment) -> None:
    """Sign the four lists of now, renew what the responders need, and tell the verifier. Inside a transaction."""
    at = environments.now(environment)
    for authority in register.lock_authorities(environment).values():
        signer = keystore.open_authority(authority)
        for group in GROUPS:
            _publish_list(authority, group, signer, at)
            if _responder_is_due(authority, group, at):
                _renew_responder(authority, group, signer, at)
        _have_responders_asked(authority)
    sources.request_refresh(environment)


def is_due(environment: Environment) -> bool:
    """Whether a list or a responder is older than half its life, in the sandbox's time."""
    at = environments.now(environment)
    for authority in CertificateAuthority.objects.filter(environment=environment):
        if not _are_responders_asked(authority):
            return True
        for group in GROUPS:
            latest = PublishedCrl.objects.filter(authority=authority, medium_group=group).order_by("-number").first()
            if latest is None or at - latest.this_update >= RENEW_AFTER or _responder_is_due(authority, group, at):
                return True
    return False


def _publish_list(authority: CertificateAuthority, group: MediumGroup, signer: Authority, at: datetime) -> None:
    entries = _entries(authority, group, at)
    authority.crl_number += 1
    authority.save(update_fields=["crl_number"])
    der = crl_building.build(
        Purpose(authority.purpose),
        group,
        entries,
        number=authority.crl_number,
        this_update=at,
        next_update=at + LIST_LIFE,
        signer=signer,
    )
    PublishedCrl.objects.create(
        authority=authority,
        medium_group=group,
        number=authority.crl_number,
        der=der,
        entries=len(entries),
        this_update=at,
        next_update=at + LIST_LIFE,
        published_at=timezone.now(),
    )


def _entries(authority: CertificateAuthority, group: MediumGroup, at: datetime) -> list[CrlEntry]:
    """Held and revoked certificates of the medium that have not run out."""
    rows = IssuedCertificate.objects.filter(authority=authority, not_after__gte=at).exclude(status=Status.GOOD.value)
    rows = rows.filter(medium="card") if group == "card" else rows.exclude(medium="card")
    found = (crl_building.entry(row.serial, row.standing) for row in rows)
    return [entry for entry in found if entry is not None]


def _have_responders_asked(authority: CertificateAuthority) -> None:
    """Tell the verifier whom to ask. Here, because a sandbox of before there was OCSP is published again as well."""
    environment, purpose = authority.environment, Purpose(authority.purpose)
    anchor = ocsp_responders.anchor_of(environment, bytes(authority.der))
    if anchor is None:
        return  # no longer trusted, so nobody is asked about it
    for group in GROUPS:
        url = addresses.ocsp_url(environment, purpose, group)
        ocsp_responders.set_responder(environment, anchor=anchor, group=group, url=url, by=ACTOR)


def _are_responders_asked(authority: CertificateAuthority) -> bool:
    anchor = ocsp_responders.anchor_of(authority.environment, bytes(authority.der))
    if anchor is None:
        return True
    asked = {row.medium_group for row in ocsp_responders.of_environment(authority.environment) if row.anchor == anchor}
    return asked == set(GROUPS)


def _responder_is_due(authority: CertificateAuthority, group: MediumGroup, at: datetime) -> bool:
    fresh = OcspResponderKey.objects.filter(authority=authority, medium_group=group)
    return not fresh.filter(not_before__lte=at, not_after__gt=at + RESPONDER_LIFE - RENEW_AFTER).exists()


def _renew_responder(authority: CertificateAuthority, group: MediumGroup, signer: Authority, at: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    end = min(at + RESPONDER_LIFE, signer.certificate.not_valid_after_utc)
    der = issue_responder(
        key.public_key(), group, serial=register.take_serial(authority), validity=Validity(at, end), signer=signer
    )
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    OcspResponderKey.objects.update_or_create(
        authority=authority,
        medium_group=group,
        defaults={"der": der, "key_pem": pem.decode(), "not_before": at, "not_after": end},
    )
