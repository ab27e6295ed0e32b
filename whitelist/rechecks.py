"""Looking again at live entries: once a day each, by the rule set the entry was granted under.

What follows from a look stands in whitelist.policy.strikes; here it is recorded, told, and never switches anything off.
"""

import hashlib
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Max, OuterRef, Q, Subquery

from whitelist import looks, register, reporting, rule_sets
from whitelist.models import Entry, EntryQuerySet, Probe, Recheck
from whitelist.policy import strikes
from whitelist.policy.finding import Report, Severity
from whitelist.policy.revision import canonical_json
from whitelist.policy.strikes import Health
from whitelist.policy.workflow import EntryEvent, EntryState

EVERY = timedelta(days=1)
# Told to the owners when the entry climbs or recovers; a look that changes nothing is no mail.
_TOLD = {
    EntryEvent.WARN: "warned",
    EntryEvent.ESCALATE: "at_risk",
    EntryEvent.CALL_REVIEW: "review_due",
    EntryEvent.CLEAR: "recovered",
}


def watched() -> EntryQuerySet:
    """Production entries that are looked at again."""
    states = [state.value for state in EntryState if strikes.is_watched(state)]
    return Entry.objects.filter(world="production", state__in=states)


def ask_where_due(at: datetime) -> int:
    """Ask for a look at every watched entry nobody has looked at for a day; returns how many were asked for."""
    last_asked = Probe.objects.filter(url=OuterRef("url")).order_by("-asked_at").values("asked_at")[:1]
    quiet = watched().annotate(last_asked=Subquery(last_asked))
    due = list(quiet.filter(Q(last_asked=None) | Q(last_asked__lte=at - EVERY)).select_related("revision", "provider"))
    for entry in due:
        said = entry.revision.content if entry.revision else {}
        looks.ask(bytes(entry.url), said, holder=entry.provider, reason="recheck", at=at)
    return len(due)


def with_new_facts() -> list[int]:
    """Keys of watched entries whose server was looked at since their last re-check."""
    looked = Probe.objects.filter(url=OuterRef("url"), state=Probe.State.LOOKED).order_by("-looked_at")
    seen = watched().annotate(looked_at=Subquery(looked.values("looked_at")[:1]), judged_at=Max("rechecks__at"))
    fresh = Q(looked_at__isnull=False) & (Q(judged_at=None) | Q(judged_at__lt=F("looked_at")))
    return list(seen.filter(fresh).order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def judge(entry_id: int, *, at: datetime) -> Recheck | None:
    """Judge what was seen last and take the step that follows; None when the entry is no longer watched.

    at: the moment of judging (aware, UTC). The strike counts from here.
    """
    entry = register.lock(Entry(pk=entry_id))
    if entry.world != "production" or not strikes.is_watched(EntryState(entry.state)):
        return None
    rules = rule_sets.for_entry(entry.rule_set_version, at)
    report = reporting.report_for(entry.url_text, provider=entry.provider, world="production", at=at, rules=rules)
    blocking, inconclusive = _codes(report, Severity.BLOCK), _codes(report, Severity.INCONCLUSIVE)
    health = strikes.health(blocking, inconclusive)
    last = Recheck.objects.filter(entry=entry, strike__gt=0).order_by("-at").values_list("at", flat=True).first()
    following = strikes.step(EntryState(entry.state), health, blocking=blocking, last_strike=last, at=at)
    recheck = Recheck.objects.create(
        entry=entry,
        at=at,
        health=health.value,
        blocking=blocking,
        inconclusive=inconclusive,
        strike=following.strike,
        rule_set_version=report.rule_set_version,
        report_digest=hashlib.sha256(canonical_json(report.as_json())).hexdigest(),
    )
    if following.event is not None:
        _take(entry, following.event, recheck)
    return recheck


def settle(entry: Entry, *, by: object, at: datetime) -> Entry:
    """A reviewer has looked at an entry that was called for review and leaves it live. Raises Overtaken."""
    with transaction.atomic():
        locked = register.lock(entry)
        left = register.move(locked, EntryEvent.CLEAR)
        register.record_change("entry.settled", locked, left, by=by)
        register.tell(locked, "recovered", key=at.isoformat())
    return locked


def strikes_now(entry: Entry) -> int:
    """How many rungs the entry has climbed."""
    rungs = {EntryState.WARNED: 1, EntryState.AT_RISK: 2, EntryState.REVIEW_DUE: 3}
    return rungs.get(EntryState(entry.state), 0)


def _codes(report: Report, severity: Severity) -> list[str]:
    return sorted({finding.code for finding in report.of(severity)})


def _take(entry: Entry, event: EntryEvent, recheck: Recheck) -> None:
    before = entry.state
    entry.state = register.reached(entry, event).value
    Entry.objects.filter(pk=entry.pk, state=before).update(state=entry.state)
    details = {"blocking": recheck.blocking, "rule_set": recheck.rule_set_version}
    register.record_change("entry.rechecked", entry, before, by="worker", details=details)
    register.tell(entry, _TOLD[event], key=str(recheck.pk))
    if recheck.health == Health.FAILING and event is EntryEvent.CALL_REVIEW:
        register.tell(entry, "desk", key=str(recheck.pk))
