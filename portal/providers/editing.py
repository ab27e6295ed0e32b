"""An organisation's facts about itself. The corporate number is what it is; the rest may change.

What a reviewer has confirmed (names, address) changes only when a reviewer confirms the new: until then the old facts
stay in force, so that editing neither stops a service nor lends a confirmation to another name.
"""

import hashlib
import json

from django.db import transaction
from django.utils import timezone

from portal.accounts.models import User
from portal.audit import services as audit
from portal.providers import permissions
from portal.providers.models import ProviderChange, ServiceProvider
from portal.providers.refusals import Refused

CONFIRMED_FACTS = ("name", "name_english", "address")
OWN_FACTS = ("contact_email", "contact_phone")


def is_confirmed(provider: ServiceProvider) -> bool:
    """Whether a reviewer has confirmed anything about this organisation, so that its facts are vouched for."""
    return (
        provider.basis_confirmed_at is not None
        or provider.accreditations.filter(confirmed_at__isnull=False).exists()
        or provider.delegations.filter(confirmed_at__isnull=False).exists()
    )


def digest_of(provider: ServiceProvider) -> str:
    """Lower-case hex SHA-256 over the facts that may be changed: the trail carries digests, never the facts."""
    facts = {name: getattr(provider, name) for name in (*CONFIRMED_FACTS, *OWN_FACTS)}
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def open_change(provider: ServiceProvider) -> ProviderChange | None:
    """New facts that wait for a reviewer."""
    return provider.changes.filter(confirmed_at=None, refused_at=None, withdrawn_at=None).first()


@transaction.atomic
def edit(provider: ServiceProvider, *, by: User, **facts: str) -> ProviderChange | None:
    """Change the facts given by name (CONFIRMED_FACTS and OWN_FACTS, all of them).

    Gives the change that now waits for a reviewer, or None when everything is in force already. Facts that are the same
    as before take an open change back. Raises Refused: organisation.owners_only.
    """
    if not permissions.is_owner(by, provider):
        raise Refused("organisation.owners_only")
    held = ServiceProvider.hold(provider.pk)
    at_once = [*OWN_FACTS, *([] if is_confirmed(held) else CONFIRMED_FACTS)]
    _write(held, {name: facts[name] for name in at_once}, by)
    provider.refresh_from_db()
    waiting = {name: facts[name] for name in CONFIRMED_FACTS}
    known = open_change(held)
    if known is not None and all(getattr(known, name) == value for name, value in waiting.items()):
        return known
    if known is not None:
        ProviderChange.objects.filter(pk=known.pk).update(withdrawn_at=timezone.now())
        before, after = {"state": "open"}, {"state": "withdrawn"}
        audit.record("provider.change_withdrawn", known, by=by, provider=held, before=before, after=after)
    if all(getattr(held, name) == value for name, value in waiting.items()):
        return None
    change = ProviderChange.objects.create(provider=held, asked_by=by, asked_at=timezone.now(), **waiting)
    fields = sorted(name for name, value in waiting.items() if getattr(held, name) != value)
    audit.record("provider.change_asked", change, by=by, provider=held, details={"fields": fields})
    return change


def _write(held: ServiceProvider, facts: dict[str, str], by: User) -> None:
    changed = sorted(name for name, value in facts.items() if getattr(held, name) != value)
    if not changed:
        return
    before = digest_of(held)
    for name in changed:
        setattr(held, name, facts[name])
    held.save(update_fields=changed)
    details = {"fields": changed}
    audit.record("provider.edited", held, by=by, provider=held, before=before, after=digest_of(held), details=details)
    _ask_again(held, by)


def _ask_again(held: ServiceProvider, by: User) -> None:
    """A refused legal basis is looked at again once the organisation has corrected what it says of itself."""
    asked = ServiceProvider.objects.filter(pk=held.pk, basis_refused_at__isnull=False)
    if asked.update(basis_refused_at=None, basis_refusal_reason=""):
        before, after = {"state": "refused"}, {"state": "open"}
        audit.record("provider.basis_asked_again", held, by=by, provider=held, before=before, after=after)
