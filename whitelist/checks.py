"""The public check of a return server: anybody may ask, so it is harmless, counted, and soon forgotten.

Nothing is asked of the server but what any visitor asks: its name, a handshake, one empty request. Open redirects are
never tried here; that waits for the proof of the domain.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from portal import identifiers
from whitelist import probing, reporting
from whitelist.models import Probe, PublicCheck
from whitelist.policy import server_facts
from whitelist.policy.finding import Report, World
from whitelist.refusals import Refused

AN_HOUR = timedelta(hours=1)
# A look this young is shown again instead of troubling the server once more.
FRESH = timedelta(minutes=2)
KEPT_FOR = timedelta(days=1)


class TooMany(Refused):
    """check.too_many_from_address or check.too_many_for_host; `again_at` says when to come back."""

    def __init__(self, code: str, again_at: datetime) -> None:
        super().__init__(code)
        self.again_at = again_at


@dataclass(frozen=True)
class Outcome:
    """check is None where there is no server to look at: the report then is all there is to say."""

    report: Report
    check: PublicCheck | None


def ask(url: str, *, world: World, address: str, at: datetime) -> Outcome:
    """Check `url` for nobody in particular; the server is looked at soon, where there is one.

    `address` is the client's, counted under a key; `at` is now (aware, UTC). Raises TooMany.
    """
    report = reporting.report_for(url, provider=None, world=world, at=at)
    if report.canonical is None or not reporting.can_be_looked_at(report.canonical):
        return Outcome(report, None)
    with transaction.atomic():
        return Outcome(report, _ask(url, report.canonical, world=world, asker=_digest(address), at=at))


def _ask(url: str, canonical: bytes, *, world: World, asker: str, at: datetime) -> PublicCheck:
    recent = PublicCheck.objects.filter(asked_at__gt=at - AN_HOUR)
    _require_room(recent.filter(asker=asker), settings.CHECKS_PER_ADDRESS_AND_HOUR, "check.too_many_from_address")
    probe = probing.waiting(canonical) or _fresh(canonical, at)
    if probe is None:
        host = reporting.host_of(canonical)
        _require_room(recent.filter(host=host), settings.CHECKS_PER_HOST_AND_HOUR, "check.too_many_for_host")
        probe = probing.ask(canonical, reason="public", at=at)
    return PublicCheck.objects.create(
        public_id=identifiers.new("chk"),
        asked_text=url[:512],
        world=world,
        host=probe.host,
        asker=asker,
        probe=probe,
        asked_at=at,
    )


def by_id(public_id: str) -> PublicCheck | None:
    """The check of that name while it is kept."""
    return PublicCheck.objects.filter(public_id=public_id).select_related("probe").first()


def report_of(check: PublicCheck, *, at: datetime) -> Report:
    """What is known by now: the rules on the URL, and those on the server once it has been looked at."""
    world: World = "sandbox" if check.world == "sandbox" else "production"
    facts = server_facts.from_json(check.probe.facts_json) if check.probe.facts_json is not None else None
    return reporting.for_nobody(check.asked_text, facts, world=world, at=at)


def is_done(check: PublicCheck) -> bool:
    return check.probe.state == Probe.State.LOOKED


def forget(at: datetime) -> int:
    """Delete what is older than a day; returns how many."""
    return PublicCheck.objects.filter(asked_at__lt=at - KEPT_FOR).delete()[0]


def _fresh(canonical: bytes, at: datetime) -> Probe | None:
    looked = Probe.objects.filter(url=canonical, state=Probe.State.LOOKED, looked_at__gt=at - FRESH)
    return looked.order_by("-looked_at").first()


def _require_room(recent: QuerySet[PublicCheck], limit: int, code: str) -> None:
    """Raise TooMany when `limit` checks lie within the hour; the oldest of them frees a place."""
    newest = list(recent.order_by("-asked_at").values_list("asked_at", flat=True)[:limit])
    if len(newest) >= limit:
        raise TooMany(code, newest[-1] + AN_HOUR)


def _digest(address: str) -> str:
    return hmac.digest(settings.SECRET_KEY.encode(), b"public check " + address.encode(), "sha256").hex()
