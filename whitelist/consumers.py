"""TSMs that hold the list: entering one, its key, what it acknowledges, and what is in effect where.

`by` is an operator, or the consumer's name when it speaks for itself; `at` is the real time (aware, UTC), never the
virtual time of a sandbox: a copy is as old as it is.
"""

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import transaction

from portal import identifiers
from portal.audit import services as audit
from whitelist.models import Acknowledgement, Consumer, ListVersion
from whitelist.refusals import Refused

LATE_AFTER = timedelta(minutes=5)
_PRINCIPAL_SECONDS = 5.0
_SEEN_EVERY = timedelta(seconds=30)
_principals: dict[bytes, tuple[float, "ConsumerPrincipal"]] = {}


class ConsumerKeyRefused(Exception):
    """`code` is consumer_key.unknown, consumer_key.unconfirmed or consumer_key.revoked."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class ConsumerPrincipal:
    """A consumer that showed its key. `client_id` is where its requests are counted, apart from API keys."""

    consumer_id: int
    environment_id: int

    @property
    def client_id(self) -> int:
        return -self.consumer_id


@transaction.atomic
def enter(environment: Any, *, name: str, by: Any, at: datetime) -> tuple[Consumer, str]:
    """A consumer and its key, which is shown this once. In production the key works after `confirm`.

    Raises Refused consumer.name_taken.
    """
    if Consumer.objects.filter(environment=environment, name=name, revoked_at=None).exists():
        raise Refused("consumer.name_taken")
    prefix = f"tsm_{'live' if environment.is_production else 'test'}_{identifiers.new('k', 8)[2:]}"
    key = f"{prefix}_{secrets.token_urlsafe(32)}"
    consumer = Consumer.objects.create(
        public_id=identifiers.new("tsm"),
        environment=environment,
        name=name,
        prefix=prefix,
        secret_digest=_digest(key),
        created_at=at,
        created_by=by,
        confirmed_at=None if environment.is_production else at,
    )
    audit.record("consumer.entered", consumer, by=by, details={"name": name, "environment": environment.public_id})
    return consumer, key


@transaction.atomic
def confirm(consumer: Consumer, *, by: Any, at: datetime) -> Consumer:
    """The second operator's word. Raises Refused consumer.confirmed_by_same, consumer.not_waiting."""
    locked = Consumer.objects.select_for_update().get(pk=consumer.pk)
    if locked.confirmed_at is not None or locked.revoked_at is not None:
        raise Refused("consumer.not_waiting")
    if locked.created_by_id == by.pk:
        raise Refused("consumer.confirmed_by_same")
    locked.confirmed_at, locked.confirmed_by = at, by
    locked.save(update_fields=["confirmed_at", "confirmed_by"])
    before, after = {"state": "entered"}, {"state": "confirmed"}
    audit.record("consumer.confirmed", locked, by=by, before=before, after=after, details={"name": locked.name})
    return locked


@transaction.atomic
def revoke(consumer: Consumer, *, by: Any, at: datetime) -> bool:
    """End the key; False when it had ended. One person is enough: it only ever takes away."""
    changed = Consumer.objects.filter(pk=consumer.pk, revoked_at=None).update(revoked_at=at)
    if changed:
        _principals.clear()
        before, after = {"state": "entered" if consumer.confirmed_at is None else "confirmed"}, {"state": "revoked"}
        audit.record("consumer.revoked", consumer, by=by, before=before, after=after, details={"name": consumer.name})
    return bool(changed)


def stand_in(environment: Any, *, name: str, at: datetime) -> Consumer:
    """The site's own stand-in for a TSM in this environment, made on first use."""
    consumer, _ = Consumer.objects.get_or_create(
        environment=environment,
        name=name,
        revoked_at=None,
        defaults={
            "public_id": identifiers.new("tsm"),
            "is_stand_in": True,
            "created_at": at,
            "confirmed_at": at,
        },
    )
    return consumer


def authenticate(key: str, *, at: datetime) -> ConsumerPrincipal:
    """Who holds this key; raises ConsumerKeyRefused. A principal is kept in the process for at most five seconds."""
    digest, now = _digest(key), time.monotonic()
    kept = _principals.get(digest)
    if kept is not None and kept[0] > now:
        return kept[1]
    consumer = Consumer.objects.filter(prefix="_".join(key.split("_")[:3]), is_stand_in=False).first()
    if consumer is None or not hmac.compare_digest(bytes(consumer.secret_digest or b""), digest):
        raise ConsumerKeyRefused("consumer_key.unknown")
    if consumer.revoked_at is not None:
        raise ConsumerKeyRefused("consumer_key.revoked")
    if consumer.confirmed_at is None:
        raise ConsumerKeyRefused("consumer_key.unconfirmed")
    if consumer.seen_at is None or at - consumer.seen_at > _SEEN_EVERY:
        Consumer.objects.filter(pk=consumer.pk).update(seen_at=at)
    principal = ConsumerPrincipal(consumer.pk, consumer.environment_id)
    if len(_principals) > 1000:
        _principals.clear()
    _principals[digest] = (now + _PRINCIPAL_SECONDS, principal)
    return principal


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "replace")).digest()


def by_id(consumer_id: int) -> Consumer:
    return Consumer.objects.select_related("environment").get(pk=consumer_id)


# --- what it runs ---


@transaction.atomic
def acknowledge(
    consumer: Consumer, *, number: int, tree_size: int, root: str, since: datetime, at: datetime
) -> Acknowledgement | None:
    """The consumer says that it runs version `number` since `since` (its clock) and saw that tree.

    The same again changes nothing. None when there is no such version. A root that is not the one that was published is
    written down as untrue and into the trail: somebody has shown this consumer another history.
    """
    version = ListVersion.objects.filter(environment_id=consumer.environment_id, number=number).first()
    if version is None:
        return None
    is_true = (version.tree_size, version.tree_root) == (tree_size, root)
    made, is_new = Acknowledgement.objects.get_or_create(
        consumer=consumer,
        version=version,
        tree_size=tree_size,
        root=root,
        defaults={"is_true": is_true, "at": min(since, at), "received_at": at},
    )
    Consumer.objects.filter(pk=consumer.pk).update(seen_at=at)
    if is_new and not is_true:
        details = {"number": number, "tree_size": tree_size, "root": root, "published_root": version.tree_root}
        audit.record("consumer.saw_another_tree", consumer, by=consumer.name, details=details)
    return made


class EffectState(StrEnum):
    LIVE = "live"
    WAITING = "waiting"
    LATE = "late"
    WRONG = "wrong"


@dataclass(frozen=True)
class Effect:
    """One consumer and one version: since when it is in effect there (`at`), or what the consumer still runs (`held`).

    seen_at: when the consumer was last heard. A version is late when it was published LATE_AFTER ago.
    """

    consumer: Consumer
    state: EffectState
    at: datetime | None
    held: int | None
    seen_at: datetime | None


def effects(version: ListVersion, *, at: datetime) -> list[Effect]:
    """Where the version, or one after it, is in effect; consumers by name."""
    consumers = Consumer.objects.filter(environment_id=version.environment_id, revoked_at=None)
    return [_effect(consumer, version, at) for consumer in consumers.exclude(confirmed_at=None).order_by("name")]


def _effect(consumer: Consumer, version: ListVersion, at: datetime) -> Effect:
    said = list(consumer.acknowledgements.select_related("version").order_by("-received_at", "-id")[:1])
    newest = said[0] if said else None
    held = newest.version.number if newest else None
    if newest is not None and not newest.is_true:
        return Effect(consumer, EffectState.WRONG, newest.received_at, held, consumer.seen_at)
    running = consumer.acknowledgements.filter(version__number__gte=version.number, is_true=True)
    first = running.order_by("version__number", "at").first()
    if first is not None:
        return Effect(consumer, EffectState.LIVE, first.at, held, consumer.seen_at)
    is_late = at - version.published_at > LATE_AFTER
    return Effect(consumer, EffectState.LATE if is_late else EffectState.WAITING, None, held, consumer.seen_at)


def acknowledged(versions: list[ListVersion]) -> dict[int, tuple[int, int]]:
    """For each version number: how many consumers run it or a later one, and how many there are."""
    if not versions:
        return {}
    environment_id = versions[0].environment_id
    consumers = Consumer.objects.filter(environment_id=environment_id, revoked_at=None).exclude(confirmed_at=None)
    said = Acknowledgement.objects.filter(consumer__in=consumers, is_true=True)
    held: dict[int, int] = {}
    for consumer_id, number in said.values_list("consumer_id", "version__number"):
        held[consumer_id] = max(number, held.get(consumer_id, 0))
    total = consumers.count()
    return {v.number: (sum(number >= v.number for number in held.values()), total) for v in versions}
