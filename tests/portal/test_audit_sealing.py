"""What is appended is sealed once, in one order, and whoever changes it afterwards is found out."""

from datetime import UTC, datetime, timedelta

import jwt
import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from portal import origin
from portal.audit import chain, rows, sealing
from portal.audit import services as audit
from portal.audit.models import AuditAddress, AuditCheckpoint, AuditEvent, AuditSeal, AuditSealer
from portal.environments import services as environments
from portal.signing import services as signing
from portal.trail import services as trail
from tests import cast, organisations

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def record(count: int = 1, **more) -> list[AuditEvent]:
    subject = environments.production()
    return [audit.record("test.happened", subject, by="test", details={"n": n}, **more) for n in range(count)]


def tables_without_refusals() -> None:
    """What an intruder with the owner's password does first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit_%%'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")


def test_a_sealed_row_follows_from_the_event_and_everything_before_it():
    record(3)
    assert trail.seal_everything(at=NOW) == 3
    previous = chain.BEGINNING
    for sequence, seal in enumerate(AuditSeal.objects.order_by("sequence"), 1):
        (event,) = rows.of([seal.event_id])
        assert bytes(seal.digest) == chain.digest(rows.row(event))
        previous = chain.link(sequence, previous, bytes(seal.digest))
        assert bytes(seal.link) == previous
    assert trail.seal_everything(at=NOW) == 0


def test_a_checkpoint_is_a_jws_of_its_own_type_that_the_published_key_verifies():
    record(2)
    trail.seal_everything(at=NOW)
    mark = AuditCheckpoint.objects.get()
    key = trail.published_keys()[jwt.get_unverified_header(mark.statement)["kid"]]
    claims = jwt.decode(mark.statement, jwt.PyJWK(key).key, algorithms=["ES256"], options={"verify_iat": False})
    size, head = sealing.head()
    assert (claims["size"], claims["head"], claims["iat"]) == (size, head.hex(), int(NOW.timestamp()))
    assert jwt.get_unverified_header(mark.statement)["typ"] == "jpki-audit-checkpoint+jwt"


@pytest.mark.parametrize(
    ("events", "later", "due"),
    [
        (1, timedelta(seconds=59), False),
        (1, timedelta(minutes=1), True),
        (1000, timedelta(seconds=1), True),
        (0, timedelta(minutes=30), False),
        (0, timedelta(days=1), True),
    ],
)
def test_checkpoints_come_by_number_by_minute_and_by_day(events, later, due):
    record()
    trail.seal_everything(at=NOW)
    record(events)
    while sealing.seal(at=NOW + later):
        pass
    assert sealing.checkpoint_is_due(NOW + later) is due


def test_an_event_that_commits_late_is_sealed_when_it_comes():
    first, late, last = record(3)
    AuditSealer.objects.create(pk=1, through=0)
    # The middle one's transaction was still open when the sealer looked: it had seen only the two others.
    sealing._remember(AuditSealer.objects.get(), [first.pk, last.pk], NOW)
    kept = AuditSealer.objects.get()
    assert (kept.through, list(kept.gaps)) == (last.pk, [*map(str, range(1, first.pk)), str(late.pk)])
    assert sealing.work_is_waiting(NOW)
    assert sealing.seal(at=NOW) == 1
    assert str(late.pk) not in AuditSealer.objects.get().gaps
    assert sealing.seal(at=NOW, thorough=True) == 2


def test_a_gap_is_given_up_after_a_quarter_of_an_hour_but_the_thorough_look_still_finds_it():
    late, last = record(2)
    AuditSealer.objects.create(pk=1, through=last.pk, gaps={str(late.pk): NOW.timestamp()})
    sealing._remember(AuditSealer.objects.get(), [], NOW + timedelta(minutes=16))
    assert AuditSealer.objects.get().gaps == {}
    assert not sealing.work_is_waiting(NOW)
    assert sealing.seal(at=NOW, thorough=True) == 2


REWRITES = {
    "row_changed": "UPDATE audit_auditevent SET details = '{{\"n\": 9}}' WHERE id = {event}",
    "row_missing": "DELETE FROM audit_auditseal WHERE sequence = 2",
    "link_broken": "UPDATE audit_auditseal SET link = digest WHERE sequence = 2",
    "tail_cut_off": "DELETE FROM audit_auditseal WHERE sequence >= 3",
    "checkpoint_head": "UPDATE audit_auditcheckpoint SET head = 'ab'",
    "checkpoint_signature": "UPDATE audit_auditcheckpoint SET statement = statement || 'A'",
}


@pytest.mark.parametrize("code", REWRITES)
def test_whoever_gets_round_the_database_is_found_out(code):
    events = record(3)
    trail.seal_everything(at=NOW)
    assert trail.inspect_trail(at=NOW)().code == ""
    tables_without_refusals()
    with connection.cursor() as cursor:
        cursor.execute(REWRITES[code].format(event=events[1].pk))
    found = trail.inspect_trail(at=NOW)()
    assert found.code == code
    assert trail.last_inspection() == found


def test_a_rewritten_chain_is_found_out_by_the_signature_alone():
    """Row, digest and every later link made anew: only the checkpoint still knows."""
    events = record(3)
    trail.seal_everything(at=NOW)
    tables_without_refusals()
    AuditEvent.objects.filter(pk=events[0].pk).update(action="test.never_happened")
    previous = chain.BEGINNING
    for seal in AuditSeal.objects.order_by("sequence"):
        (event,) = rows.of([seal.event_id])
        digest = chain.digest(rows.row(event))
        previous = chain.link(seal.sequence, previous, digest)
        AuditSeal.objects.filter(pk=seal.pk).update(digest=digest, link=previous)
    assert trail.inspect_trail(at=NOW)().code == "checkpoint_head"


def test_a_sealer_that_stopped_is_told():
    record()
    finding = trail.inspect_trail(at=timezone.now() + timedelta(minutes=11))()
    assert finding.code == "not_sealed"


@pytest.mark.parametrize("table", ["audit_auditevent", "audit_auditseal", "audit_auditcheckpoint"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {} SET at = '2020-01-01'",
        "UPDATE OR REPLACE {} SET at = '2020-01-01'",
        "DELETE FROM {}",
        "REPLACE INTO {0} SELECT * FROM {0}",
        "INSERT OR REPLACE INTO {0} SELECT * FROM {0}",
    ],
)
def test_the_database_refuses_to_rewrite_events_seals_and_checkpoints(table, statement):
    record(2)
    trail.seal_everything(at=NOW)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))


def test_a_second_seal_of_one_event_is_refused():
    (event,) = record()
    trail.seal_everything(at=NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditSeal.objects.create(sequence=2, event=event, digest=b"1" * 32, link=b"2" * 32, at=NOW)


def test_an_event_knows_request_and_actor_but_no_name():
    hanako = cast.hanako()
    provider = organisations.provider_of(hanako)
    with origin.of(origin.Origin("req_1234567890", "2001:db8::1%eth0", provider.pk)):
        event = audit.record("test.happened", provider, by=hanako, provider=provider, reason="because")
    event.refresh_from_db()
    assert (event.request_id, event.reason, event.acting_operator) == ("req_1234567890", "because", provider)
    (values,) = rows.of([event.pk])
    sealed = chain.canonical(rows.row(values)).decode()
    assert "Hanako" not in sealed
    assert "hanako@" not in sealed
    assert rows.row(values)["actor"]["commitment"] == chain.commitment(event.actor_salt, f"user:{hanako.pk}")
    assert AuditAddress.objects.get(event=event).address == "2001:db8::1"


def test_addresses_are_forgotten_after_90_days_and_the_chain_stays_whole():
    with origin.of(origin.Origin("req_1234567890", "192.0.2.7")):
        record(2)
    record()
    assert AuditAddress.objects.count() == 2
    trail.seal_everything(at=NOW)
    assert trail.forget_old_addresses(at=timezone.now() + timedelta(days=89)) == 0
    assert trail.forget_old_addresses(at=timezone.now() + timedelta(days=91)) == 2
    assert trail.inspect_trail(at=NOW)().code == ""


@pytest.mark.parametrize("address", ["", "unix:", "not an address", "10.0.0.300"])
def test_what_is_no_address_is_not_kept(address):
    with origin.of(origin.Origin("req_1234567890", address)):
        record()
    assert AuditAddress.objects.count() == 0


def test_ended_checkpoint_keys_stay_published():
    record()
    trail.seal_everything(at=NOW)
    signing.SigningKey.objects.filter(purpose="audit").update(not_after="2020-01-01T00:00:00Z")
    assert trail.inspect_trail(at=NOW)().code == ""
