"""Taking in a revocation list: judged and stored, against reading it, one SHA-256 and one RSA verification.

A child process of the benchmarks: `prepare FOLDER ENTRIES` makes the list and its CA's trust, `time FOLDER ROUNDS`
measures in turns, `memory FOLDER ingest|floor` does one of them once and tells the growth of the process at its peak.
Each prints one line of JSON.
"""

import hashlib
import json
import resource
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django

django.setup()

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from benchmarks.timing import in_turns
from portal.environments import services as environments
from portal.providers.models import ServiceProvider
from testenv.ca import authority, crl_building
from testenv.ca.crl_building import CrlEntry
from testenv.ca.issuance_rules import ca_validity
from verifier import anchors, evidence, intake, sources
from verifier.models import CrlSnapshot, DistributionPoint
from verifier.pki import der as der_format
from verifier.pki import names
from verifier.pki.profiles import Purpose, World, crl_dp_name
from verifier.pki.reasons import RevocationReason

PURPOSE, GROUP = Purpose.SIGNATURE, "card"
_REASONS = [RevocationReason.UNSPECIFIED, RevocationReason.CERTIFICATE_HOLD, RevocationReason.SUPERSEDED]


def prepare(folder: Path, entries: int) -> dict[str, Any]:
    """A CA that is trusted in an environment of its own, and its list: serials of 4 bytes, most with reasons."""
    now = datetime.now(UTC).replace(microsecond=0)
    key = authority.make_key()
    der = authority.self_signed(PURPOSE, key, serial=0x01000001, validity=ca_validity(now - timedelta(days=30)))
    built = crl_building.build(
        PURPOSE,
        GROUP,
        [CrlEntry(0x01000010 + 3 * n, now - timedelta(minutes=n), _REASONS[n % 3]) for n in range(entries)],
        number=1,
        this_update=now,
        next_update=now + timedelta(days=1),
        signer=authority.load(der, key),
    )
    (folder / "list.crl").write_bytes(built)
    provider = ServiceProvider.objects.create(
        public_id="sp_ingest", name="ingest", corporate_number="7000012050002", legal_basis="administrative_body"
    )
    environment, _ = environments.request_sandbox(provider)
    anchor = anchors.trust(environment, purpose=PURPOSE.value, certificate_der=der, by="benchmark")
    dp_name = names.normalised(crl_dp_name(PURPOSE, GROUP, World.SANDBOX))
    point = anchors.add_distribution_point(
        environment, anchor=anchor, dp_name=dp_name, url="http://localhost:1/list.crl", by="benchmark"
    )
    (folder / "point.json").write_text(json.dumps(point.pk))
    return {"bytes": len(built)}


class Ingest:
    """What the worker does with the bytes it fetched, here read from a file; and the floor below it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "list.crl"
        point = sources.distribution_point(json.loads((folder / "point.json").read_text()))
        assert point is not None
        self.point: DistributionPoint = point
        issuer_key = evidence.anchor_value(point.anchor).certificate.x509.public_key()
        self.issuer_key: Any = issuer_key

    def ingest(self) -> None:
        der = self.path.read_bytes()
        intake.take_in(self.point, intake.accept_crl(self.point, der), der=der)

    def floor(self) -> None:
        der = self.path.read_bytes()
        hashlib.sha256(der).digest()
        view = memoryview(der)
        tbs, _, signature = (view[start:stop] for start, stop in der_format.signed_spans(view))
        self.issuer_key.verify(bytes(signature), tbs, PKCS1v15(), SHA256())

    def judge(self) -> None:
        intake.accept_crl(self.point, self.path.read_bytes())

    def take_up(self) -> None:
        """A web process maps the stored list anew."""
        evidence.forget()
        evidence._columns.clear()
        evidence.for_environment(self.point.anchor.environment_id)

    def stored(self) -> int:
        return CrlSnapshot.objects.filter(point=self.point, is_current=True).count()

    def unstore(self) -> None:
        CrlSnapshot.objects.filter(point=self.point).delete()


def timed(folder: Path, rounds: int) -> dict[str, Any]:
    work = Ingest(folder)
    took: dict[str, list[Any]] = {"floor": [], "ingest": [], "judge": [], "take_up": []}
    work.ingest()
    for _ in range(rounds):
        work.unstore()
        for name in took:
            took[name].append(in_turns({name: getattr(work, name)}, rounds=1, calls=1)[name].best)
        assert work.stored() == 1
    return took


def memory(folder: Path, what: str) -> dict[str, Any]:
    work = Ingest(folder)
    before = _peak()
    getattr(work, what)()
    return {"grown_bytes": _peak() - before}


def _peak() -> int:
    """The largest this process has ever been, in bytes (Linux counts KiB, macOS bytes)."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


_COMMANDS = {
    "prepare": lambda folder, count: prepare(folder, int(count)),
    "time": lambda folder, rounds: timed(folder, int(rounds)),
    "memory": memory,
}

if __name__ == "__main__":
    command, folder, argument = sys.argv[1:]
    print(json.dumps(_COMMANDS[command](Path(folder), argument)))
