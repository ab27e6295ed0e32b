"""What responders said is forgotten when it is of no use any more, each environment by its own clock."""

from datetime import timedelta

import pytest

from portal import http
from portal.environments.models import Environment
from portal.jobs.models import Job
from tests.verifier.bench import LIFE, Bench, a_bench, a_provider
from tests.verifier.test_ocsp_is_asked import REVOKED, a_responder, answering
from verifier import tasks
from verifier.models import OcspAnswer
from verifier.pki.profiles import Medium

pytestmark = pytest.mark.django_db


def kept(bench: Bench) -> list[str]:
    rows = OcspAnswer.objects.filter(responder__anchor__environment=bench.environment)
    return sorted(rows.values_list("status", flat=True))


def with_answers(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """One good certificate and one revoked for good, both remembered."""
    a_responder(bench, keeps_answers=True)
    for serial, status in ((2001, "good"), (2002, REVOKED)):
        monkeypatch.setattr(http, "post", answering(bench, status))
        bench.post(body=bench.body(revocation="ocsp", der=bench.ca.issue(Medium.PHONE_ANDROID, serial=serial, **LIFE)))
    assert kept(bench) == ["good", "revoked"]
    return bench


def move_on(bench: Bench, step: timedelta) -> None:
    Environment.objects.filter(pk=bench.environment.pk).update(clock_offset=step.total_seconds())
    tasks.prune_ocsp_answers()()


def test_good_answers_go_with_their_next_update_and_revocations_with_their_certificate(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ahead = with_answers(a_bench(), monkeypatch)
    beside = with_answers(a_bench(a_provider("Jiro's bank", "1000012010003")), monkeypatch)
    move_on(ahead, timedelta(0))
    assert kept(ahead) == kept(beside) == ["good", "revoked"]
    move_on(ahead, timedelta(hours=2))
    assert kept(ahead) == ["revoked"]
    assert kept(beside) == ["good", "revoked"]
    move_on(ahead, timedelta(days=299))
    assert kept(ahead) == ["revoked"]
    move_on(ahead, timedelta(days=301))
    assert kept(ahead) == []
    assert kept(beside) == ["good", "revoked"]


def test_a_worker_is_asked_for_it_once_at_a_time() -> None:
    tasks.ask_for_pruning()
    tasks.ask_for_pruning()
    assert Job.objects.filter(name="verifier.prune_ocsp_answers").count() == 1
