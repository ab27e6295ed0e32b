"""The worker fetches lists from configured sources; a bad one is named at its source and the last good one stays."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from portal import http
from portal.jobs import services as jobs
from portal.jobs.models import Job
from tests.pure.pki.forge import rsa_key
from tests.verifier.bench import HELD, HOUR, NOW, Bench, a_bench, crl
from verifier import anchors, intake, sources, tasks
from verifier.messages import source_words
from verifier.models import CrlSnapshot, DistributionPoint

pytestmark = pytest.mark.django_db


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """What the list's server answers: bytes, a status, or a failure."""

    def set_answer(answer: Any) -> None:
        def get(url: str, **how: Any) -> http.Answer:
            if isinstance(answer, Exception):
                raise answer
            if isinstance(answer, int):
                return http.Answer(answer, {}, b"")
            how["into"].write(answer)
            return http.Answer(200, {}, b"")

        monkeypatch.setattr(http, "get", get)

    return set_answer


def refresh(bench: Bench) -> DistributionPoint:
    """Ask for the list and do the waiting job, as the worker would."""
    sources.request_refresh(bench.environment)
    job = Job.objects.filter(name="verifier.refresh_crl", state="due").latest("id")
    assert jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.DONE
    bench.point.refresh_from_db()
    return bench.point


def test_a_good_list_is_taken_in_and_answers_the_next_call(answers: Callable[[Any], None]) -> None:
    bench = a_bench(with_list=False)
    assert bench.post().json()["code"] == "revocation.source_missing"
    answers(crl(bench.ca, (1001, HELD)))
    point = refresh(bench)

    assert (point.last_error, point.failures) == ("", 0)
    assert point.next_refresh_at > timezone.now()
    assert bench.post().json()["code"] == "cert.on_hold"


BAD: dict[str, tuple[Callable[[Bench], Any], str]] = {
    "an older list": (lambda b: crl(b.ca, number=6), "crl.older_number"),
    "another list of the same number": (lambda b: crl(b.ca, (5, HELD)), "crl.number_reused"),
    "a foreign signature": (lambda b: crl(b.ca, number=8, signer=rsa_key("impostor")), "crl.bad_signature"),
    "the card's list": (lambda b: crl(b.ca, number=8, group="card"), "crl.wrong_distribution_point"),
    "a stale list": (lambda b: crl(b.ca, number=8, next_update=NOW - HOUR / 2), "crl.stale"),
    "tomorrow's list": (lambda b: crl(b.ca, number=8, this_update=NOW + HOUR), "crl.not_yet_valid"),
    "a page": (lambda b: b"\r\n<html>maintenance</html>", "fetch.is_a_page"),
    "a word": (lambda b: b"maintenance", "crl.malformed"),
    "a redirect": (lambda b: 302, "fetch.redirected"),
    "less than announced": (lambda b: http.FetchFailed("fetch.incomplete"), "fetch.incomplete"),
    "nothing": (lambda b: b"", "crl.malformed"),
    "not found": (lambda b: 404, "fetch.status"),
    "no answer": (lambda b: http.FetchFailed("fetch.timeout"), "fetch.timeout"),
    "a name that leads inside": (
        lambda b: http.FetchFailed("fetch.refused_address", "10.0.0.1"),
        "fetch.refused_address",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_list_is_named_and_the_last_good_one_stays(name: str, answers: Callable[[Any], None]) -> None:
    make, code = BAD[name]
    bench = a_bench()
    before = CrlSnapshot.objects.get(is_current=True)
    answers(make(bench))
    point = refresh(bench)

    assert point.last_error == code
    assert code in source_words.REFRESH_ERRORS
    assert point.failures == 1
    assert CrlSnapshot.objects.get(is_current=True) == before
    assert bench.post().json()["code"] == "ok"


def test_the_same_list_again_is_no_new_one(answers: Callable[[Any], None]) -> None:
    bench = a_bench()
    answers(crl(bench.ca))
    first = CrlSnapshot.objects.get()
    answers(bytes(first.der or b""))
    assert refresh(bench).last_error == ""
    assert CrlSnapshot.objects.get() == first


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> tuple[list[dict[str, str]], list[http.Answer]]:
    """The headers of each request, and the answers to come."""
    headers: list[dict[str, str]] = []
    to_come: list[http.Answer] = []

    def get(url: str, **how: Any) -> http.Answer:
        headers.append(how["headers"])
        answer = to_come.pop(0)
        how["into"].write(answer.body)
        return answer

    monkeypatch.setattr(http, "get", get)
    return headers, to_come


def test_a_server_is_asked_only_for_another_list(asked: tuple[list[dict[str, str]], list[http.Answer]]) -> None:
    headers, to_come = asked
    bench = a_bench(with_list=False)
    given = {"etag": '"v8"', "Last-Modified": "Mon, 23 Nov 2026 00:00:00 GMT"}
    to_come += [http.Answer(200, given, crl(bench.ca, (1001, HELD), number=8)), http.Answer(304, {}, b"")]
    refresh(bench)
    DistributionPoint.objects.update(failures=3)
    point = refresh(bench)

    assert headers == [{}, {"If-None-Match": '"v8"', "If-Modified-Since": "Mon, 23 Nov 2026 00:00:00 GMT"}]
    assert (point.failures, point.last_error, CrlSnapshot.objects.count()) == (0, "", 1)
    assert bench.post().json()["code"] == "cert.on_hold"


def test_a_list_that_is_stale_or_lost_is_asked_for_whatever_the_server_gave_before(
    asked: tuple[list[dict[str, str]], list[http.Answer]],
) -> None:
    headers, to_come = asked
    bench = a_bench()
    DistributionPoint.objects.update(validators={"ETag": '"v7"'})
    CrlSnapshot.objects.update(next_update=NOW - HOUR / 2)
    to_come.append(http.Answer(304, {}, b""))
    assert refresh(bench).last_error == "fetch.status"
    assert headers == [{}]


def test_what_a_server_gives_to_ask_with_is_not_sent_back_unseen(
    asked: tuple[list[dict[str, str]], list[http.Answer]],
) -> None:
    _, to_come = asked
    bench = a_bench(with_list=False)
    to_come.append(http.Answer(200, {"ETag": "x" * 300, "Last-Modified": "a\r\nb"}, crl(bench.ca)))
    assert refresh(bench).validators == {}


def test_two_sources_of_one_distribution_point_both_count(answers: Callable[[Any], None]) -> None:
    bench = a_bench()
    second = anchors.add_distribution_point(
        bench.environment,
        anchor=bench.point.anchor,
        dp_name=bytes(bench.point.dp_name),
        url="",
        series="second",
        by="test",
    )
    der = crl(bench.ca, (1001, HELD), number=2, this_update=NOW - 2 * HOUR)
    intake.take_in(second, intake.accept_crl(second, der), der=der)
    assert bench.post().json()["code"] == "cert.on_hold"
    bench.take_in(crl(bench.ca, number=9))
    assert bench.post().json()["code"] == "cert.on_hold"


def test_a_newer_list_keeps_the_digest_of_the_older_and_drops_its_body() -> None:
    bench = a_bench()
    bench.take_in(crl(bench.ca, number=8))
    older, newer = CrlSnapshot.objects.order_by("id")
    assert (older.is_current, older.der, len(bytes(older.digest))) == (False, None, 32)
    assert (newer.is_current, newer.number) == (True, "8")


def test_failures_are_tried_again_soon_and_never_later_than_the_usual_time(answers: Callable[[Any], None]) -> None:
    bench = a_bench()
    answers(503)
    waits = [(refresh(bench).next_refresh_at - timezone.now()).total_seconds() for _ in range(5)]
    assert [round(wait) for wait in waits] == [5, 10, 20, 30, 30]


def test_the_beat_asks_only_for_what_is_due() -> None:
    bench = a_bench()
    Job.objects.all().delete()
    tasks.ask_for_due_lists()
    assert not Job.objects.exists()
    DistributionPoint.objects.update(next_refresh_at=timezone.now())
    tasks.ask_for_due_lists()
    tasks.ask_for_due_lists()
    assert [job.arguments for job in Job.objects.all()] == [[bench.point.pk]]


def test_a_judgement_without_a_list_asks_for_that_list_once_a_second() -> None:
    bench = a_bench(with_list=False)
    Job.objects.all().delete()
    for _ in range(5):
        bench.post()
    assert [(job.name, job.lane) for job in Job.objects.all()] == [("verifier.refresh_crl", "fetch")]


def test_the_web_side_never_fetches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "get", lambda *a, **k: pytest.fail("fetched inside a request"))
    assert a_bench(with_list=False).post().json()["verdict"] == "indeterminate"


def test_a_list_of_a_distrusted_ca_is_not_fetched_any_more() -> None:
    bench = a_bench()
    anchors.distrust(bench.point.anchor, by="test")
    assert bench.post().json()["code"] == "cert.issuer_unknown"
    assert sources.distribution_point(bench.point.pk) is None
    assert tasks.refresh_crl(bench.point.pk) is None
