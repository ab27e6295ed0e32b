import uuid

import pytest

from tests import servers


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
