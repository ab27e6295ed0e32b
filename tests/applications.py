"""Applications that lack nothing, made by the real verbs: for tests and the scenes of journeys."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from whitelist import contacts, domains, probing
from whitelist.models import DomainProof
from whitelist.policy.measures import MEASURES
from whitelist.probes.look import look

SECURITY, OPERATIONS = "security@bank.example.jp", "operations@bank.example.jp"


def content(url: str, **changes: Any) -> dict[str, Any]:
    """A whole draft about `url`: every measure met, both contacts named. `changes` replaces keys of the draft."""
    return {
        "url": url,
        "kind": "browser",
        "purposes": ["signature", "user_authentication"],
        "ways_in": ["app_link", "qr"],
        "purpose_of_use": "Log-in and opening of accounts",
        "contacts": {
            "security": {"email": SECURITY, "phone": "03-0000-0001"},
            "operations": {"email": OPERATIONS, "phone": ""},
        },
        "measures": {measure.code: {"status": "met"} for measure in MEASURES},
        **changes,
    }


def answering(provider: Any, *, by: Any, at: datetime | None = None) -> None:
    """Both contacts of `content` have answered the mail of `provider`."""
    moment = at or timezone.now().replace(microsecond=0)
    for email in (SECURITY, OPERATIONS):
        if contacts.confirmed(provider, email, at=moment) is None:
            sent = contacts.waiting(provider, email, at=moment)
            contacts.confirm(sent or contacts.ask(provider, email=email, by=by, at=moment), at=moment)


def seen(url: str) -> None:
    """The server has been looked at, as it is while somebody fills in the form: its report waits for nothing.

    The stand-in internet listens at 443 only; what is seen there stands for another port of the host. In one
    transaction, so that no worker is quicker.
    """
    moment = timezone.now().replace(microsecond=0)
    parts = urlsplit(url)
    with transaction.atomic():
        probe = probing.ask(url.encode("ascii"), reason="draft", at=moment)
        facts = look(parts._replace(netloc=str(parts.hostname)).geturl(), probe.extras, at=moment)
        probing.record(probe.pk, replace(facts, url=url))


def proven(provider: Any, domain: str, *, by: Any, at: datetime | None = None) -> None:
    """`domain` has been proven by `provider`, as the prober would have found it."""
    moment = at or timezone.now().replace(microsecond=0)
    proof = domains.ask(provider, domain, by=by, at=moment)
    if proof.state == "proven":
        return
    DomainProof.objects.filter(pk=proof.pk).update(state="proven", proven_at=moment, checked_at=moment)
