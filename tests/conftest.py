"""Strictness: warnings are errors (pyproject), undefined template variables are found by their own test.

What the site looks up and calls in a test is the stand-in internet of the session, on free ports of loopback.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest

from testenv.internet.standing_in import Internet
from tests import trail_actions

TESTS = Path(__file__).resolve().parent


@pytest.fixture(scope="session", autouse=True)
def session_internet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Internet]:
    from django.conf import settings

    with Internet(tmp_path_factory.mktemp("internet")) as running:
        settings.LOOPBACK_PORTS = {53: running.dns.port, 443: running.web.port}
        settings.DNS_RESOLVERS = [f"127.0.53.11:{running.dns.port}", f"127.0.53.12:{running.dns.port}"]
        settings.TRUST_STORE = str(running.folder / "root.pem")
        yield running


@pytest.fixture(autouse=True)
def trail_says_what_changed() -> Iterator[None]:
    """Whatever verb a test walks: an act on something that stood is written with what was before and what is after."""
    from django.db.models.signals import post_save

    from portal.audit.models import AuditEvent

    silent: list[str] = []

    def look(instance: AuditEvent, **_kwargs: object) -> None:
        lacks = trail_actions.lacks_states(instance.action, before=instance.before, after=instance.after)
        if lacks and not _recorded_by_the_test():
            silent.append(instance.action)

    post_save.connect(look, sender=AuditEvent)
    yield
    post_save.disconnect(look, sender=AuditEvent)
    assert not silent, f"in the trail without before and after: {sorted(set(silent))}"


def _recorded_by_the_test() -> bool:
    """Whether the innermost caller of `record` is a file of these tests: they write what they like."""
    from portal.audit.services import record

    frame: FrameType | None = sys._getframe()
    while frame is not None and frame.f_code is not record.__code__:
        frame = frame.f_back
    writer = frame.f_back if frame is not None else None
    return writer is None or Path(writer.f_code.co_filename).is_relative_to(TESTS)


@pytest.fixture
def internet(session_internet: Internet) -> Iterator[Internet]:
    """The stand-in internet with an empty zone file, and empty again after the test."""
    session_internet.forget()
    yield session_internet
    session_internet.forget()


@pytest.fixture
def zone_file(internet: Internet) -> Path:
    return internet.zone_file
