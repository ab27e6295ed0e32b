import pytest

from portal.api import throttling
from portal.providers import services as providers
from verifier import evidence, permissions, sources


@pytest.fixture(autouse=True)
def forgetful_process() -> None:
    """What a process keeps between requests must not pass from one test's database to the next."""
    evidence.forget()
    permissions.forget()
    throttling.forget()
    sources._nudged.clear()
    providers._principals.clear()
