import uuid

import pytest

from tests import servers
from tests.flows import browser as chromium
from tests.flows.people import Person
from tests.flows.scenes import scene


def pytest_collection_modifyitems(items):
    for item in items:
        if "/flows/" in str(item.path):
            item.add_marker(pytest.mark.flows)


@pytest.fixture(scope="session")
def postgresql_server():
    with servers.postgresql() as url:
        yield url


@pytest.fixture
def postgresql_url(postgresql_server):
    """An empty database of the test's own."""
    return servers.new_database(postgresql_server, f"test_{uuid.uuid4().hex[:12]}")


@pytest.fixture
def redis_url():
    with servers.redis() as url:
        yield url


@pytest.fixture(scope="session")
def journey_site(postgresql_server, tmp_path_factory):
    """One running site on PostgreSQL and Redis for all journeys; each brings people and organisations of its own."""
    with servers.redis() as redis:
        database = servers.new_database(postgresql_server, f"journeys_{uuid.uuid4().hex[:8]}")
        site = servers.Processes(tmp_path_factory.mktemp("journeys"), DATABASE_URL=database, REDIS_URL=redis)
        site.up(seconds=180)  # migrating takes its time on a busy machine
        yield site
        site.stop()


@pytest.fixture(scope="module")
def chrome():
    with chromium.chromium() as browser:
        yield browser


_codes_used: dict[str, set[str]] = {}


@pytest.fixture
def arrive(journey_site, chrome):
    """arrive(name=…, email=…, role=…): a person with both factors set up, already logged in at their own browser."""

    # The site takes each code once, whoever comes back under the same address within the half minute.
    def come(*, name, email, role="member"):
        person = Person(chrome, journey_site, name=name, email=email)
        person.codes_used = _codes_used.setdefault(email, set())
        person.secret = scene(journey_site, "people:person", email=email, name=name, role=role)["secret"]
        person.log_in()
        return person

    return come
