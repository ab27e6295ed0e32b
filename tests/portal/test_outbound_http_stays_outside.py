"""portal.http: pinned public addresses only, loopback by the allow-list alone, bytes and time bounded."""

import socket
import threading
import time
from contextlib import contextmanager

import pytest

from portal import http


@contextmanager
def answering(*pieces, pause=0.0):
    """A server on loopback that sends the pieces to one caller, whatever is asked."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.recv(4096)
                for piece in pieces:
                    try:
                        connection.sendall(piece)
                    except OSError:
                        return
                    time.sleep(pause)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"localhost:{listener.getsockname()[1]}"
    thread.join(2)


HEAD = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[fec0::1]/",
        "http://[fe80::1%25lo]/",
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/",
        "http://192.168.0.1/",
        "http://100.64.0.1/",
        "http://224.0.0.1/",
        "http://0.0.0.0/",
        "http://localhost/",
    ],
)
def test_inner_addresses_are_refused_in_every_notation(url):
    with pytest.raises(http.FetchFailed) as refused:
        http.get(url, max_bytes=10, timeout=1)
    assert refused.value.code in {"fetch.refused_address", "fetch.unresolvable"}


@pytest.mark.parametrize("url", ["ftp://example.jp/", "file:///etc/passwd", "gopher://x/", "http:///x"])
def test_only_http_and_https(url):
    with pytest.raises(http.FetchFailed, match=r"fetch\.scheme"):
        http.get(url, max_bytes=10, timeout=1)


def test_the_allow_list_opens_one_loopback_port(settings):
    with answering(HEAD + b"hello") as netloc:
        settings.LOOPBACK_ALLOWED = [netloc]
        assert http.get(f"http://{netloc}/", max_bytes=10, timeout=2).body == b"hello"


def test_too_many_bytes(settings):
    with answering(HEAD, b"x" * 50, b"x" * 51) as netloc:
        settings.LOOPBACK_ALLOWED = [netloc]
        with pytest.raises(http.FetchFailed, match=r"fetch\.too_large"):
            http.get(f"http://{netloc}/", max_bytes=100, timeout=2)


def test_an_endless_dribble_ends_in_time(settings):
    with answering(HEAD, *[b"x"] * 100, pause=0.1) as netloc:
        settings.LOOPBACK_ALLOWED = [netloc]
        started = time.monotonic()
        with pytest.raises(http.FetchFailed, match=r"fetch\.timeout"):
            http.get(f"http://{netloc}/", max_bytes=1000, timeout=0.5)
        assert time.monotonic() - started < 1.5


def test_a_redirect_is_an_answer_and_not_followed(settings):
    with answering(b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n") as netloc:
        settings.LOOPBACK_ALLOWED = [netloc]
        assert http.get(f"http://{netloc}/", max_bytes=10, timeout=2).status == 302


def test_not_http_at_all(settings):
    with answering(b"SSH-2.0-OpenSSH_9.2\r\n") as netloc:
        settings.LOOPBACK_ALLOWED = [netloc]
        with pytest.raises(http.FetchFailed, match=r"fetch\.unreachable"):
            http.get(f"http://{netloc}/", max_bytes=10, timeout=2)
