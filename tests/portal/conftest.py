import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _no_counts_from_other_tests():
    """Rate limits and used one-time codes are counted in the cache: each test begins with none."""
    cache.clear()
