"""Drives the openssl command through openssl.cnf: two CAs, two generations each, holders of all six kinds, their lists.

Both generations number their certificates alike, and what is good in one is revoked in the other: a verifier that picks
the issuer by name, or files lists by name and number, gets half of them wrong.
"""

import base64
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests import servers

CONFIGURATION = Path(__file__).parent / "openssl.cnf"
MESSAGE = b"what the holder signed with openssl dgst"
ARC = "2.25.198132220097252083107637694572716083166.1"
PURPOSES = {
    "signature": ("1", "JPKI for digital signature", "digitalSignature, nonRepudiation"),
    "user_authentication": ("2", "JPKI for user authentication", "digitalSignature"),
}
MEDIA = {"card": ("1", "Card"), "phone_android": ("2", "Phone"), "phone_iphone": ("3", "Phone")}
# In the order of issue, so that one number means another thing in each generation.
FATES = {1: ("good", "revoked", "held"), 2: ("held", "good", "revoked")}
REASONS = {"revoked": "affiliationChanged", "held": "certificateHold"}


@dataclass(frozen=True)
class Holder:
    """A holder's certificate (DER) with a signature over MESSAGE, and what its maker meant it to be."""

    purpose: str
    medium: str
    generation: int
    fate: str
    certificate: bytes
    signature: bytes


class Generation:
    """One CA of one generation in a folder of its own."""

    def __init__(self, folder: Path, purpose: str, generation: int) -> None:
        self.folder = folder / f"{purpose}-{generation}"
        self.folder.mkdir()
        self.purpose, self.generation = purpose, generation
        self.arc, self.unit, self.key_usage = PURPOSES[purpose]
        for group in ("Card", "Phone"):
            (self.folder / f"{group}.index").touch()
            (self.folder / f"{group}.serial").write_text("03E9\n" if group == "Card" else "07D1\n")
            (self.folder / f"{group}.number").write_text(f"0{generation}\n")
        self._openssl("genrsa", "-out", "ca.key", "2048")
        request = ["req", "-new", "-x509", "-config", str(CONFIGURATION), "-extensions", "root", "-days", "3650"]
        self._openssl(*request, "-set_serial", f"{generation}", "-key", "ca.key", "-out", "ca.pem")

    @cached_property
    def root(self) -> bytes:
        return self._der("ca.pem")

    def issue(self, medium: str, fate: str, *changes: str, extensions: str = "holder") -> Holder:
        """A certificate; what is to be revoked or held is so at once in the database of its list."""
        arc, group = MEDIA[medium]
        name = f"{medium}-{fate}-{extensions}.pem"
        told = {"GROUP": group, "POLICY": f"{ARC}.{self.arc}.{arc}"}
        issuing = ["ca", "-batch", "-notext", "-config", str(CONFIGURATION), "-extensions", extensions]
        self._openssl(*issuing, "-in", "../holder.csr", "-out", name, *changes, **told)
        if reason := REASONS.get(fate):
            self._openssl("ca", "-config", str(CONFIGURATION), "-revoke", name, "-crl_reason", reason, **told)
        signature = (self.folder.parent / "message.sig").read_bytes()
        return Holder(self.purpose, medium, self.generation, fate, self._der(name), signature)

    def list_of(self, group: str) -> bytes:
        """The list of "Card" or "Phone" as it stands."""
        name = f"{group}.crl"
        self._openssl("ca", "-gencrl", "-config", str(CONFIGURATION), "-crlexts", "list", "-out", name, GROUP=group)
        return self._der(name)

    def _der(self, name: str) -> bytes:
        """What stands between the lines of a PEM file (RFC 7468)."""
        lines = (self.folder / name).read_text().split("-----")[2]
        return base64.b64decode(lines)

    def _openssl(self, *arguments: str, **told: str) -> None:
        variables = {"FOLDER": ".", "GROUP": "Card", "UNIT": self.unit, "KEY_USAGE": self.key_usage, "POLICY": ARC}
        _run(self.folder, *arguments, **{**variables, **told})


@dataclass(frozen=True)
class Outside:
    """The whole set."""

    generations: tuple[Generation, ...]
    holders: tuple[Holder, ...]


def make(folder: Path) -> Outside:
    """Everything, anew: some four seconds of one core."""
    (folder / "message").write_bytes(MESSAGE)
    _run(folder, "genrsa", "-out", "holder.key", "2048")
    _run(folder, "req", "-new", "-subj", "/C=JP/CN=outside", "-key", "holder.key", "-out", "holder.csr")
    _run(folder, "dgst", "-sha256", "-sign", "holder.key", "-out", "message.sig", "message")
    made = tuple(Generation(folder, purpose, number) for purpose in PURPOSES for number in (1, 2))
    return Outside(made, tuple(holder for each in made for holder in _holders(each)))


def _run(folder: Path, *arguments: str, **told: str) -> None:
    command = [servers.need("openssl"), *arguments]
    subprocess.run(command, check=True, capture_output=True, cwd=folder, env={**os.environ, **told})


def _holders(of: Generation) -> Iterator[Holder]:
    for medium in MEDIA:
        for fate in FATES[of.generation]:
            yield of.issue(medium, fate)
    yield of.issue("card", "good", extensions="holder_without_aki")
    yield of.issue("card", "revoked", extensions="holder_without_aki")
    yield of.issue("phone_android", "expired", "-startdate", "20200101000000Z", "-enddate", "20250101000000Z")
