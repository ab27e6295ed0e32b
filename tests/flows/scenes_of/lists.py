"""A sandbox whose list is fetched from one server, and the lists that server may send, as files."""

from pathlib import Path
from typing import Any

import numpy as np
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from tests.pure.pki import long_lists
from tests.pure.pki.forge import Authority
from tests.verifier.bench import HELD, HOUR, NOW, a_bench, another_generation, crl

SERIAL = 1001


def a_source(url: str, folder: str, long_list_of: int) -> dict[str, Any]:
    """Current is list 7, which is empty. Every list that must not be believed holds the certificate asked about."""
    bench = a_bench()
    bench.point.url = url
    bench.point.save()
    other = another_generation(bench)
    held = (SERIAL, HELD)
    lists = {
        "first": crl(bench.ca),
        "holds": crl(bench.ca, held, number=8),
        "releases": crl(bench.ca, number=9),
        "newer": crl(bench.ca, held, number=30),
        "older": crl(bench.ca, held, number=8),
        "other_generation": crl(other, held, number=30),
        "late": crl(bench.ca, number=10, this_update=NOW - 20 * HOUR, next_update=NOW + 4 * HOUR),
        "long": _long(bench.ca, long_list_of),
    }
    for name, der in lists.items():
        Path(folder, f"{name}.crl").write_bytes(der)
    return {"key": bench.key, "body": bench.body(), "point": bench.point.pk}


def _long(ca: Authority, entries: int) -> bytes:
    """List 11: so many revoked ones, and the certificate asked about on hold."""
    own = long_lists.rows(np.frombuffer(SERIAL.to_bytes(2, "big"), np.uint8).reshape(1, 2))
    own[0, -1] = 6  # certificateHold
    rows = own.tobytes() + long_lists.rows(long_lists.serials(entries, 20)).tobytes()
    return long_lists.around(
        crl(ca, number=11), rows, lambda tbs: ca.key.sign(tbs, padding.PKCS1v15(), hashes.SHA256())
    )
