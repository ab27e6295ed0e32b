"""A job is claimed once, closes with its effect under its lease, and comes back when it failed."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from portal.jobs import registry, services
from portal.jobs.models import Job, Schedule
from portal.signing.models import SigningKey

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def handler(monkeypatch, settings):
    """Registers a handler for `test.work` and keeps jobs from running by themselves."""
    settings.CELERY_TASK_ALWAYS_EAGER = False

    def register(function, lease_seconds=60):
        monkeypatch.setitem(registry.HANDLERS, "test.work", registry.Registered(function, lease_seconds))

    return register


def key_row(kid):
    now = timezone.now()
    return SigningKey.objects.create(
        kid=kid, purpose="test", public_jwk={}, sealed_key=b"-", not_before=now, not_after=now
    )


def test_effect_and_closing_commit_together(handler):
    handler(lambda kid: lambda: key_row(kid))
    job = services.enqueue("test.work", "one")
    assert services.run(job.pk)
    assert Job.objects.get(pk=job.pk).state == "done"
    assert SigningKey.objects.filter(kid="one").count() == 1


def test_a_done_job_is_not_done_again(handler):
    handler(lambda: lambda: key_row("once"))
    job = services.enqueue("test.work")
    assert services.run(job.pk)
    assert not services.run(job.pk)
    assert SigningKey.objects.filter(kid="once").count() == 1


def test_a_held_lease_keeps_others_out(handler):
    handler(lambda: None)
    job = services.enqueue("test.work")
    assert services.claim(job.pk) is not None
    assert services.claim(job.pk) is None


def test_whoever_lost_the_lease_commits_nothing(handler):
    def slow():
        Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))  # the lease ran out meanwhile
        assert services.claim(Job.objects.get().pk) is not None  # and another worker took the job
        return lambda: key_row("by the late one")

    handler(slow)
    job = services.enqueue("test.work")
    assert not services.run(job.pk)
    assert not SigningKey.objects.exists()
    assert Job.objects.get().state == "due"


def test_a_failing_effect_leaves_nothing_and_comes_back_later(handler):
    def effect():
        key_row("half")
        raise RuntimeError("the database said no")

    handler(lambda: effect)
    job = services.enqueue("test.work")
    services.run(job.pk)
    again = Job.objects.get()
    assert not SigningKey.objects.exists()
    assert (again.state, again.attempts) == ("due", 1)
    assert again.due_at > timezone.now()
    assert "the database said no" in again.last_error


def test_a_job_gives_up_with_its_reason(handler):
    def broken():
        raise RuntimeError("never works")

    handler(broken)
    job = services.enqueue("test.work")
    Job.objects.filter(pk=job.pk).update(attempts=7)
    services.run(job.pk)
    assert Job.objects.get().state == "failed"
    assert "never works" in Job.objects.get().last_error


def test_retry_later_keeps_the_asked_time(handler):
    def later():
        raise registry.RetryLater(120, "source busy")

    handler(later)
    job = services.enqueue("test.work")
    services.run(job.pk)
    assert Job.objects.get().due_at > timezone.now() + timedelta(seconds=100)


def test_a_job_of_a_rolled_back_transaction_never_was(handler):
    with pytest.raises(RuntimeError), transaction.atomic():
        services.enqueue("test.work")
        raise RuntimeError
    assert not Job.objects.exists()


def test_one_waiting_job_per_key_but_a_new_one_beside_a_running_one(handler):
    handler(lambda: None)
    first = services.enqueue("test.work", key="same")
    assert services.enqueue("test.work", key="same").pk == first.pk
    services.claim(first.pk)
    assert services.enqueue("test.work", key="same").pk != first.pk


def test_a_retry_gives_way_to_the_newer_job_of_its_key(handler):
    def failing():
        raise registry.RetryLater(1)

    handler(failing)
    first = services.enqueue("test.work", key="same")
    claimed = services.claim(first.pk)
    second = services.enqueue("test.work", key="same")
    services._release(claimed, 1, "later")
    assert Job.objects.get(pk=first.pk).state == "done"
    assert Job.objects.get(pk=second.pk).state == "due"


def test_periodic_work_starts_once_for_two_beats(handler, monkeypatch):
    monkeypatch.setattr(registry, "PERIODIC", {})
    calls = []
    monkeypatch.setattr(services, "PERIODIC", {"test.hourly": (3600, lambda: calls.append(1))})
    services.sweep(worker="one")
    services.sweep(worker="two")
    assert calls == [1]
    Schedule.objects.update(next_at=timezone.now())
    services.sweep(worker="two")
    assert calls == [1, 1]


def test_every_enqueued_name_has_a_handler():
    """Names in the source, found as text, so that one that is never run in tests is found too."""
    import re
    from pathlib import Path

    registry.discover()
    root = Path(__file__).resolve().parent.parent.parent
    source = "\n".join(
        path.read_text(encoding="utf-8")
        for app in ("portal", "whitelist", "verifier", "testenv")
        for path in (root / app).rglob("*.py")
    )
    names = set(re.findall(r"enqueue\(\s*\"([a-z_.]+)\"", source))
    assert names
    assert names <= set(registry.HANDLERS)
