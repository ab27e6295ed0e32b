"""Each known way round an egress guard, tried against real servers on loopback: names that lie, answers that drip."""

import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import dns.message
import dns.rrset
import pytest

from portal import http
from testenv.internet.dns_server import DnsServer
from tests.portal.test_outbound_http_stays_outside import answering

LIMITS = {"max_bytes": 1000, "timeout": 2.0}


def refused(url: str, **limits) -> http.FetchFailed:
    started = time.monotonic()
    with pytest.raises(http.FetchFailed) as failure:
        http.get(url, **{**LIMITS, **limits})
    assert time.monotonic() - started < {**LIMITS, **limits}["timeout"] + 0.5
    return failure.value


@contextmanager
def names(settings, answer: Callable[[str, str], list[str]]) -> Iterator[list[str]]:
    """A name server of our own: (name, type) -> records. Yields the questions it was asked."""
    asked: list[str] = []

    def reply(query: dns.message.Message, _: str) -> dns.message.Message:
        question = query.question[0]
        name, kind = question.name.to_text(omit_final_dot=True), question.rdtype.name
        asked.append(f"{name} {kind}")
        made = dns.message.make_response(query)
        if records := answer(name, kind):
            made.answer.append(dns.rrset.from_text(question.name, 1, "IN", kind, *records))
        return made

    server = DnsServer(reply, {"liar": "127.0.53.99"})
    settings.DNS_RESOLVERS = [f"127.0.53.99:{server.port}"]
    try:
        yield asked
    finally:
        server.close()


INNER = {
    "private": ["10.0.0.1"],
    "loopback": ["127.0.0.1"],
    "metadata": ["169.254.169.254"],
    "carrier-grade NAT": ["100.64.1.1"],
    "one inner among public ones": ["8.8.8.8", "192.168.0.1"],
    "multicast": ["224.0.0.1"],
}
INNER_6 = {
    "NAT64": ["64:ff9b::a9fe:a9fe"],
    "6to4": ["2002:7f00:1::"],
    "Teredo": ["2001:0:4136:e378:8000:63bf:80ff:fffe"],
    "mapped": ["::ffff:127.0.0.1"],
    "compatible": ["::127.0.0.1"],
    "site-local": ["fec0::1"],
    "unique local metadata": ["fd00:ec2::254"],
    "loopback": ["::1"],
}


@pytest.mark.parametrize("records", INNER.values(), ids=INNER)
def test_a_name_that_leads_inside(settings, records):
    with names(settings, lambda name, kind: records if kind == "A" else []):
        assert refused("http://inside.example.jp/").code == "fetch.refused_address"


@pytest.mark.parametrize("records", INNER_6.values(), ids=INNER_6)
def test_a_name_that_leads_inside_by_ipv6_beside_a_public_ipv4(settings, records):
    with names(settings, lambda name, kind: records if kind == "AAAA" else ["8.8.8.8"]):
        assert refused("https://inside.example.jp/").code == "fetch.refused_address"


def test_rebinding_between_two_look_ups_finds_only_one_look_up(settings, internet):
    """The first answer is the good server, every later one is inner: the connection goes where the check looked."""
    given = iter([["127.0.44.1"]])
    with names(settings, lambda name, kind: next(given, ["127.0.0.1"]) if kind == "A" else []) as asked:
        answer = http.get("https://rebound.example.jp/x", **LIMITS)
    assert answer.status == 405
    assert asked == ["rebound.example.jp A", "rebound.example.jp AAAA"]
    assert internet.web.requests == ["rebound.example.jp/x"]


def test_rebinding_to_an_inner_address_between_two_calls_is_seen(settings, internet):
    given = iter([["127.0.44.1"]])
    with names(settings, lambda name, kind: next(given, ["10.0.0.1"]) if kind == "A" else []):
        http.get("https://rebound.example.jp/", **LIMITS)
        assert refused("https://rebound.example.jp/").code == "fetch.refused_address"
    assert len(internet.web.requests) == 1


@pytest.mark.parametrize(
    "host", ["2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "127.1", "127.0.0.1.", "[fe80::1%25lo]", "[::1%1]"]
)
def test_odd_notations_are_refused_before_any_question(settings, host):
    with names(settings, lambda name, kind: ["8.8.8.8"]) as asked:
        assert refused(f"http://{host}/").code == "fetch.refused_address"
    assert asked == []


@pytest.mark.parametrize("port", [22, 25, 53, 80, 6379, 8080, 65535])
def test_only_the_ports_of_the_web(port):
    assert refused(f"https://example.jp:{port}/").code == "fetch.refused_port"


@pytest.mark.parametrize(
    "url", ["https://user:secret@example.jp/", "https://example.jp:x/", "https://example.jp/\r\nX: y"]
)
def test_what_is_no_plain_url(url):
    assert refused(url).code == "fetch.scheme"


def test_loopback_opens_for_the_stand_ins_ports_alone(settings, internet):
    with names(settings, lambda name, kind: ["127.0.44.1"] if kind == "A" else []):
        assert http.get("https://a.example.jp/", **LIMITS).status == 405
        assert refused("http://a.example.jp/").code == "fetch.refused_address"
        settings.LOOPBACK_PORTS = {}
        assert refused("https://a.example.jp/").code == "fetch.refused_address"


def test_a_redirect_to_the_metadata_address_is_only_told(internet):
    answer = http.get("https://metadata.example.jp/", **LIMITS)
    assert (answer.status, answer.headers["Location"]) == (302, "http://169.254.169.254/latest/meta-data/")
    assert internet.web.requests == ["metadata.example.jp/"]


def test_no_proxy_of_the_environment_is_used(monkeypatch, internet):
    for name in ("http_proxy", "https_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert urllib.request.getproxies()["https"] == "http://127.0.0.1:9"
    assert http.get("https://bank.example.jp/", **LIMITS).status == 405


def test_an_endless_body(internet):
    assert refused("https://endless.example.jp/").code == "fetch.too_large"
    assert len(http.get("https://endless.example.jp/", **LIMITS, cut=True).body) == 1000


def test_a_head_that_drips_for_ever(internet):
    assert refused("https://dripping.example.jp/", timeout=0.7).code == "fetch.timeout"


def test_a_server_that_says_nothing(internet):
    assert refused("https://slow.example.jp/", timeout=0.7).code == "fetch.timeout"


def test_name_servers_that_say_nothing(internet):
    assert refused("https://silent.example.jp/", timeout=0.7).code == "fetch.timeout"


LYING = {
    "headers without end": ([b"HTTP/1.1 200 OK\r\n", *[b"X-A: " + b"x" * 8000 + b"\r\n"] * 50], "fetch.too_large"),
    "interim answers without end": ([b"HTTP/1.1 100 Continue\r\n\r\n" * 5000] * 3, "fetch.too_large"),
    "too many headers": ([b"HTTP/1.1 200 OK\r\n", b"A: b\r\n" * 200, b"\r\n"], "fetch.unreachable"),
    "one header line too long": ([b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70000 + b"\r\n\r\n"], "fetch"),
    "a shorter body than told": ([b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nshort"], "fetch.incomplete"),
    "a longer body than told": ([b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n", b"x" * 2000], "fetch.too_large"),
    "a negative length": ([b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", b"x" * 5000], "fetch.too_large"),
    "a compressed body": ([b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b"], "fetch.encoded"),
    "chunk extensions without end": (
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", *[b"1;" + b"x" * 4000 + b"\r\ny\r\n"] * 50],
        "fetch.too_large",
    ),
    "a chunk of no size": ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"], "fetch.unreachable"),
    "not a status": ([b"HTTP/1.1 OK\r\n\r\n"], "fetch.unreachable"),
}


@pytest.mark.parametrize(("pieces", "code"), LYING.values(), ids=LYING)
def test_answers_that_lie_about_themselves(settings, pieces, code):
    with answering(*pieces) as netloc:
        settings.LOOPBACK_ALLOWED = [netloc]
        assert refused(f"http://{netloc}/").code.startswith(code)


def test_body_bytes_one_by_one_end_at_the_deadline(settings):
    head = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
    with answering(head, *[b"x"] * 100, pause=0.05) as netloc:
        settings.LOOPBACK_ALLOWED = [netloc]
        assert refused(f"http://{netloc}/", timeout=0.5).code == "fetch.timeout"


def test_many_calls_at_once_keep_to_their_own_names(internet):
    """The pin is a value of the call, not a setting of the process."""
    seen: dict[str, int] = {}

    def call(host: str) -> None:
        seen[host] = http.get(f"https://{host}/", max_bytes=1000, timeout=20).status

    threads = [threading.Thread(target=call, args=(f"{kind}.example.jp",)) for kind in ("a", "broken", "html")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {"a.example.jp": 405, "broken.example.jp": 500, "html.example.jp": 200}
