"""The product with little patience for its sources of lists, and one of them on loopback: for tests of bad servers."""

import os

from portal.settings import *

LOOPBACK_ALLOWED = [*LOOPBACK_ALLOWED, os.environ["LISTS_NETLOC"]]
VERIFIER_CRL_TIMEOUT = 2.0
VERIFIER_CRL_MAX_BYTES = 32 * 1024 * 1024
VERIFIER_CRL_REFRESH_SECONDS = 1
VERIFIER_STATUS_CHANGES_PER_LIST = 20_000
