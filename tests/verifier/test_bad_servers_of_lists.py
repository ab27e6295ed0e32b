"""What a list's server can do wrong, over real connections: named at the source, the last good list stays."""

import logging
from collections.abc import Iterable
from typing import Any

import pytest

from portal.jobs import services as jobs
from portal.jobs.models import Job
from tests.verifier.bench import HELD, Bench, a_bench, another_generation, crl
from tests.verifier.list_servers import WRONG, Lists, ListServer, answer
from verifier import sources
from verifier.messages import source_words
from verifier.models import CrlSnapshot, DistributionPoint

pytestmark = pytest.mark.django_db


def refreshed(bench: Bench, settings: Any, pieces: Iterable[bytes], *, pause: float = 0.0) -> DistributionPoint:
    with ListServer() as server:
        server.send(lambda: pieces, pause=pause)
        settings.LOOPBACK_ALLOWED = [server.netloc]
        DistributionPoint.objects.update(url=f"http://{server.netloc}/list.crl")
        sources.request_refresh(bench.environment)
        assert jobs.run(Job.objects.filter(name="verifier.refresh_crl", state="due").latest("id").pk)
    bench.point.refresh_from_db()
    return bench.point


@pytest.mark.parametrize("name", WRONG)
def test_a_server_that_goes_wrong_is_named_and_the_last_good_list_stays(
    name: str, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    wrong, bench = WRONG[name], a_bench()
    other = another_generation(bench)
    lists = Lists(crl(bench.ca, number=8), crl(bench.ca, number=6), crl(other, number=8))
    settings.VERIFIER_CRL_TIMEOUT, settings.VERIFIER_CRL_MAX_BYTES = 0.5, 100_000
    with caplog.at_level(logging.WARNING, "verifier.sources"):
        point = refreshed(bench, settings, wrong.pieces(lists), pause=wrong.pause)

    assert (point.last_error, point.failures) == (wrong.code, 1)
    assert wrong.code in source_words.REFRESH_ERRORS
    assert [wrong.code in record.getMessage() for record in caplog.records] == [True]
    assert CrlSnapshot.objects.get(is_current=True).number == "7"
    assert bench.post().json()["code"] == "ok"


def test_the_same_server_with_a_good_list_is_believed(settings: Any) -> None:
    bench = a_bench()
    point = refreshed(bench, settings, [answer(crl(bench.ca, (1001, HELD), number=8))])
    assert (point.last_error, point.failures) == ("", 0)
    assert bench.post().json()["code"] == "cert.on_hold"
