"""Contacts that answer: an address counts for a year after somebody there pressed the button behind a mailed link.

Opening the link decides nothing, so a scanner that follows links confirms nothing.
"""

from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.db import transaction
from django.db.models import QuerySet

from portal import identifiers
from portal.audit import services as audit
from portal.jobs import services as jobs
from whitelist.models import ContactConfirmation
from whitelist.refusals import Refused

VALID_FOR = timedelta(days=365)
LINK_LIFETIME = timedelta(days=7)
# Mails to one address, so that nobody's mailbox is flooded from here.
PAUSE = timedelta(minutes=1)
A_DAY = timedelta(days=1)
MAILS_A_DAY = 5

_SALT = "whitelist.contacts"


def confirmed(provider: Any, email: str, *, at: datetime) -> datetime | None:
    """Until when the address counts as answering for `provider`, None when it does not at `at` (aware, UTC)."""
    newest = _of(provider, email).filter(confirmed_at__isnull=False).order_by("-confirmed_at").first()
    if newest is None or newest.confirmed_at is None:
        return None
    until = newest.confirmed_at + VALID_FOR
    return until if at < until else None


def waiting(provider: Any, email: str, *, at: datetime) -> ContactConfirmation | None:
    """The newest mail to the address that can still be answered."""
    open_ones = _of(provider, email).filter(confirmed_at=None, asked_at__gt=at - LINK_LIFETIME)
    return open_ones.order_by("-asked_at", "-id").first()


def has_ever_answered(provider: Any, email: str) -> bool:
    """True when the address answered once, however long ago."""
    return _of(provider, email).filter(confirmed_at__isnull=False).exists()


@transaction.atomic
def ask(provider: Any, *, email: str, by: Any, at: datetime) -> ContactConfirmation:
    """Send the address a mail to answer. Raises Refused: contact.asked_just_now, contact.asked_too_often."""
    asked = _of(provider, email)
    if asked.filter(asked_at__gt=at - PAUSE).exists():
        raise Refused("contact.asked_just_now")
    if asked.filter(asked_at__gt=at - A_DAY).count() >= MAILS_A_DAY:
        raise Refused("contact.asked_too_often")
    row = ContactConfirmation.objects.create(
        public_id=identifiers.new("con"), provider=provider, email=email.strip().lower(), asked_by=by, asked_at=at
    )
    audit.record("contact.asked", row, by=by, provider=provider)
    jobs.enqueue("whitelist.send_contact_mail", row.pk, lane="mail", key=f"whitelist.send_contact_mail:{row.public_id}")
    return row


def token_of(row: ContactConfirmation) -> str:
    """What the mailed link ends with."""
    return signing.dumps(row.public_id, salt=_SALT)


def by_token(token: str, *, at: datetime) -> ContactConfirmation | None:
    """The mail that the link belongs to, while it can be answered or has been; None for everything else."""
    try:
        public_id = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    row = ContactConfirmation.objects.filter(public_id=public_id).select_related("provider").first()
    if row is None or (row.confirmed_at is None and at >= row.asked_at + LINK_LIFETIME):
        return None
    return row


@transaction.atomic
def confirm(row: ContactConfirmation, *, at: datetime) -> bool:
    """Somebody who reads the mailbox answered; False when it was answered before."""
    was_open = ContactConfirmation.objects.filter(pk=row.pk, confirmed_at=None).update(confirmed_at=at)
    if was_open:
        before, after = {"state": "asked"}, {"state": "confirmed"}
        audit.record("contact.confirmed", row, by="contact", provider=row.provider, before=before, after=after)
    return bool(was_open)


def _of(provider: Any, email: str) -> QuerySet[ContactConfirmation]:
    return ContactConfirmation.objects.filter(provider=provider, email=email.strip().lower())
