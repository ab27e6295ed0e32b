"""Strictness: warnings are errors (pyproject), undefined template variables are found by their own test.

What the site looks up and calls in a test is the stand-in internet of the session, on free ports of loopback.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from testenv.internet.standing_in import Internet


@pytest.fixture(scope="session", autouse=True)
def session_internet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Internet]:
    from django.conf import settings

    with Internet(tmp_path_factory.mktemp("internet")) as running:
        settings.LOOPBACK_PORTS = {53: running.dns.port, 443: running.web.port}
        settings.DNS_RESOLVERS = [f"127.0.53.11:{running.dns.port}", f"127.0.53.12:{running.dns.port}"]
        settings.TRUST_STORE = str(running.folder / "root.pem")
        yield running


@pytest.fixture
def internet(session_internet: Internet) -> Iterator[Internet]:
    """The stand-in internet with an empty zone file, and empty again after the test."""
    session_internet.forget()
    yield session_internet
    session_internet.forget()


@pytest.fixture
def zone_file(internet: Internet) -> Path:
    return internet.zone_file
