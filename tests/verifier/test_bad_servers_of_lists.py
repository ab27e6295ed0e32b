"""What a list's server can do wrong, over real connections: named at the source, the last good list stays."""

from typing import Any

import pytest

from portal.jobs import services as jobs
from portal.jobs.models import Job
from tests.portal.test_outbound_http_stays_outside import answering
from tests.pure.pki.forge import Authority, an_authority
from tests.verifier.bench import HELD, HOUR, NOW, Bench, a_bench, crl
from verifier import anchors, messages, sources
from verifier.models import CrlSnapshot, DistributionPoint

pytestmark = pytest.mark.django_db


def refreshed(bench: Bench, settings: Any, *pieces: bytes, pause: float = 0.0) -> DistributionPoint:
    with answering(*pieces, pause=pause) as netloc:
        settings.LOOPBACK_ALLOWED = [netloc]
        DistributionPoint.objects.update(url=f"http://{netloc}/list.crl")
        sources.request_refresh(bench.environment)
        assert jobs.run(Job.objects.filter(name="verifier.refresh_crl", state="due").latest("id").pk)
    bench.point.refresh_from_db()
    return bench.point


def answer(body: bytes, *, length: int | None = None, status: str = "200 OK", more: str = "") -> bytes:
    told = len(body) if length is None else length
    return f"HTTP/1.1 {status}\r\nContent-Length: {told}\r\n{more}Connection: close\r\n\r\n".encode() + body


def other_generation(bench: Bench) -> Authority:
    other = an_authority(
        "other-generation", bench.ca.purpose, bench.ca.world, not_before=NOW - 40 * HOUR, not_after=NOW + 900 * HOUR
    )
    anchors.trust(bench.environment, purpose=bench.ca.purpose.value, certificate_der=other.certificate_der, by="test")
    return other


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
WRONG = {
    "slow": (lambda b: [b"H"] * 20, "fetch.timeout"),
    "endless": (lambda b: [CHUNKED, *[b"8000\r\n" + bytes(0x8000) + b"\r\n"] * 4], "fetch.too_large"),
    "sends on to a private address": (
        lambda b: [answer(b"", status="302 Found", more="Location: http://169.254.169.254/\r\n")],
        "fetch.redirected",
    ),
    "tells a longer length": (lambda b: [answer(crl(b.ca, number=8), length=9000)], "fetch.incomplete"),
    "tells a shorter length": (lambda b: [answer(crl(b.ca, number=8), length=100)], "crl.malformed"),
    "tells more than is allowed": (lambda b: [answer(b"", length=10**12)], "fetch.incomplete"),
    "sends a page": (lambda b: [answer(b"<!doctype html><title>maintenance</title>")], "fetch.is_a_page"),
    "sends an older list": (lambda b: [answer(crl(b.ca, number=6))], "crl.older_number"),
    "sends the other generation's list": (
        lambda b: [answer(crl(other_generation(b), number=8))],
        "crl.other_generation",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_server_that_goes_wrong_is_named_and_the_last_good_list_stays(name: str, settings: Any) -> None:
    make, code = WRONG[name]
    bench = a_bench()
    pieces = make(bench)  # type: ignore[no-untyped-call]
    settings.VERIFIER_CRL_TIMEOUT, settings.VERIFIER_CRL_MAX_BYTES = 0.5, 100_000
    point = refreshed(bench, settings, *pieces, pause=0.05 if name == "slow" else 0.0)

    assert (point.last_error, point.failures) == (code, 1)
    assert code in messages.REFRESH_ERRORS
    assert CrlSnapshot.objects.get(is_current=True).number == "7"
    assert bench.post().json()["code"] == "ok"


def test_the_same_server_with_a_good_list_is_believed(settings: Any) -> None:
    bench = a_bench()
    point = refreshed(bench, settings, answer(crl(bench.ca, (1001, HELD), number=8)))
    assert (point.last_error, point.failures) == ("", 0)
    assert bench.post().json()["code"] == "cert.on_hold"
