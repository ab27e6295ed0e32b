"""Checks an export of the portal's audit trail without asking the portal: `python verify_audit.py export.jsonl`.

    --keys FILE         the published keys, saved from /.well-known/jwks.json (needed)
    --checkpoint FILE   a signed checkpoint kept earlier, saved from /audit/checkpoints/latest/; may be repeated
    --complete          the export should hold every record: stand-ins (digests) are then a fault

Needs Python 3.11, PyJWT and cryptography. Ends with 0 when everything holds, 1 when something was changed, left out or
cut off (each finding on a line of its own), 2 when the files cannot be read.

What is computed (portal documentation, "The audit trail"):
    digest(n) = SHA-256(canonical JSON of row n: sorted keys, no white space, UTF-8)
    link(n)   = SHA-256("jpki-audit-link-1" || n in 8 bytes, big-endian || link(n-1) || digest(n));  link(0) = 32 zeros
A checkpoint is an ES256 JWS of type jpki-audit-checkpoint+jwt over {number, size, head = link(size) in hex, iat}.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt

TYPE = "jpki-audit-checkpoint+jwt"
Keys = dict[str, Any]


class Unreadable(Exception):
    """The file is not what it should be."""


def digest(row: dict[str, Any]) -> bytes:
    text = json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).digest()


def link(sequence: int, previous: bytes, row_digest: bytes) -> bytes:
    return hashlib.sha256(b"jpki-audit-link-1" + sequence.to_bytes(8, "big") + previous + row_digest).digest()


def statement(jws: str, keys: Keys) -> dict[str, Any] | None:
    """The claims of a checkpoint whose signature holds, else None."""
    try:
        header = jwt.get_unverified_header(jws)
        if header.get("typ") != TYPE:
            return None
        claims: dict[str, Any] = jwt.decode(
            jws, keys[header["kid"]], algorithms=["ES256"], options={"verify_iat": False}
        )
    except (jwt.InvalidTokenError, KeyError):
        return None
    return claims


class Audit:
    """One pass over the lines of an export. `findings` are sentences; none means that everything holds."""

    def __init__(self, keys: Keys, kept: list[dict[str, Any]], complete: bool) -> None:
        self.keys, self.kept, self.complete = keys, kept, complete
        self.findings: list[str] = []
        self.links: dict[int, bytes] = {}  # at the sizes of the kept checkpoints
        self.at = self.end = self.last = 0
        self.previous = bytes(32)
        self.head: str | None = None
        self.events = self.stand_ins = 0
        self.whole_trail = False
        self.signed = 0
        self.ended = False

    def line(self, line: dict[str, Any]) -> None:
        kinds = {"export": self.export, "segment": self.segment, "event": self.event, "digests": self.digests}
        if line.get("type") in kinds:
            kinds[line["type"]](line)
        elif line.get("type") == "end":
            self.close()
            self.ended = True
        else:
            raise Unreadable(f"a line of unknown type {line.get('type')!r}")

    def export(self, line: dict[str, Any]) -> None:
        claims = statement(line["checkpoint"], self.keys)
        if claims is None:
            self.find("the signature of the export's checkpoint does not hold")
        self.whole_trail = bool(line["everything"])
        self.signed = claims["size"] if claims else 0

    def segment(self, line: dict[str, Any]) -> None:
        self.close()
        claims = statement(line["statement"], self.keys)
        if claims is None:
            self.find(f"the signature of the checkpoint over {line['to']} records does not hold")
        elif claims["size"] != line["to"]:
            self.find(f"a segment says {line['to']} records, its signed checkpoint {claims['size']}")
        begins, previous = line["from"], bytes.fromhex(line["previous"])
        if begins <= self.at:
            self.find(f"records {begins} to {self.at} stand twice")
        elif begins == self.at + 1 and previous != self.previous:
            self.find(f"the segment from record {begins} does not follow from the one before it")
        elif begins != self.at + 1 and self.wants_all():
            self.find(f"records {self.at + 1} to {begins - 1} are missing")
        self.at, self.end, self.previous = begins - 1, line["to"], previous
        self.head = claims["head"] if claims else None

    def event(self, line: dict[str, Any]) -> None:
        self.events += 1
        expected = bytes.fromhex(line["link"])
        if line["sequence"] == self.at + 1 and link(self.at + 1, self.previous, digest(line["row"])) != expected:
            self.find(f"record {line['sequence']} was changed")
        self.step(line["sequence"], expected)
        actor = line.get("actor")
        if (
            actor
            and hashlib.sha256(f"{actor['salt']}:{actor['reference']}".encode()).hexdigest()
            != (line["row"]["actor"]["commitment"])
        ):
            self.find(f"record {line['sequence']} names another actor than was sealed")

    def digests(self, line: dict[str, Any]) -> None:
        self.stand_ins += len(line["digests"])
        for sequence, text in enumerate(line["digests"], line["from"]):
            self.step(sequence, link(sequence, self.previous, bytes.fromhex(text)))

    def step(self, sequence: int, value: bytes) -> None:
        if sequence != self.at + 1:
            self.find(f"records {self.at + 1} to {sequence - 1} are missing")
        self.at, self.previous = sequence, value
        if any(claims["size"] == sequence for claims in self.kept):
            self.links[sequence] = value

    def close(self) -> None:
        """The end of a segment: the chain must have arrived at the signed head."""
        if self.at < self.end:
            self.find(f"records {self.at + 1} to {self.end} are missing")
        elif self.head is not None and self.previous.hex() != self.head:
            self.find(f"the chain does not lead to the signed head over {self.end} records")
        self.head = None

    def wants_all(self) -> bool:
        return self.complete or self.whole_trail

    def finish(self) -> None:
        if not self.ended:
            self.close()
            self.find("the file breaks off: its last line is missing")
        if self.wants_all() and self.stand_ins:
            self.find(f"{self.stand_ins} records are only stood for by their digests")
        if self.whole_trail and self.at < self.signed:
            self.find(f"the tail is cut off: {self.signed} records are signed, the file ends with {self.at}")
        for claims in self.kept:
            self.against(claims)

    def against(self, kept: dict[str, Any]) -> None:
        """What somebody kept earlier must still be true."""
        size = kept["size"]
        if size > self.signed:
            self.find(f"the tail is cut off: a kept checkpoint signs {size} records, the export only {self.signed}")
        elif size in self.links and self.links[size].hex() != kept["head"]:
            self.find(f"the trail was rewritten: a kept checkpoint signs another head over {size} records")
        elif size not in self.links and self.wants_all():
            self.find(f"the kept checkpoint over {size} records cannot be compared: the export does not reach it")

    def find(self, sentence: str) -> None:
        if len(self.findings) < 20:
            self.findings.append(sentence)


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of the file; the last one must carry the digest of all before it."""
    whole = hashlib.sha256()
    with path.open("rb") as file:
        for number, text in enumerate(file, 1):
            try:
                line = json.loads(text)
            except ValueError as error:
                raise Unreadable(f"line {number} is not JSON: {error}") from None
            if not isinstance(line, dict):
                raise Unreadable(f"line {number} is not an object")
            if line.get("type") == "end" and line.get("sha256") != whole.hexdigest():
                yield {"type": "altered"}
                continue
            whole.update(text)
            yield line


def check(path: Path, keys: Keys, kept: list[dict[str, Any]], complete: bool) -> Audit:
    """Go over the export once."""
    audit = Audit(keys, kept, complete)
    for line in lines(path):
        if line == {"type": "altered"}:
            audit.find("the file was altered after it was made: its last line names another digest")
            line = {"type": "end"}
        try:
            audit.line(line)
        except (KeyError, TypeError, ValueError) as error:
            raise Unreadable(f"a line of type {line.get('type')!r} is incomplete: {error}") from None
    audit.finish()
    return audit


def read_keys(path: Path) -> Keys:
    return {key["kid"]: jwt.PyJWK(key).key for key in json.loads(path.read_text())["keys"] if key.get("alg") == "ES256"}


def read_kept(path: Path, keys: Keys) -> dict[str, Any]:
    """A checkpoint as the portal publishes it, or the bare JWS."""
    text = path.read_text().strip()
    claims = statement(json.loads(text)["statement"] if text.startswith("{") else text, keys)
    if claims is None:
        raise Unreadable(f"{path}: the signature of the kept checkpoint does not hold")
    return claims


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("export", type=Path)
    parser.add_argument("--keys", type=Path, required=True)
    parser.add_argument("--checkpoint", type=Path, action="append", default=[])
    parser.add_argument("--complete", action="store_true")
    asked = parser.parse_args()
    try:
        keys = read_keys(asked.keys)
        audit = check(asked.export, keys, [read_kept(path, keys) for path in asked.checkpoint], asked.complete)
    except (OSError, ValueError, KeyError, Unreadable) as error:
        print(f"cannot be read: {error}", file=sys.stderr)
        return 2
    for finding in audit.findings:
        print(f"NOT OK  {finding}")
    if not audit.findings:
        print(f"OK  {audit.events} records proven, {audit.stand_ins} stood for by digest, {len(audit.kept)} kept "
              f"checkpoints confirmed, signed over {audit.signed} records")  # fmt: skip
    return 1 if audit.findings else 0


if __name__ == "__main__":
    sys.exit(main())
