"""The objects of NIST PKITS and the facts about them, as arguments of a validation."""

import csv
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import cryptography_vectors

from verifier.pki.errors import MalformedInput
from verifier.pki.oids import ANY_POLICY
from verifier.validation.paths import certificate, revocation_list
from verifier.validation.paths.certificate import PathCertificate
from verifier.validation.paths.refusal import Refusal
from verifier.validation.paths.revocation_list import RevocationList
from verifier.validation.paths.settings import PathSettings
from verifier.validation.paths.validation import PathVerdict, validate
from verifier.validation.paths.work import Anchor

FACTS = Path(__file__).parents[2] / "vectors" / "pkits" / "facts.csv"
OBJECTS = Path(cryptography_vectors.__file__).parent / "x509" / "PKITS_data"
AT = datetime(2022, 5, 1, tzinfo=UTC)
POLICIES = "2.16.840.1.101.3.2.1.48."


@dataclass(frozen=True)
class Row:
    """One row of the facts; its columns are told in the README beside them."""

    section: str
    test: int
    variant: int
    certificate: str
    intermediates: tuple[str, ...]
    lists: tuple[str, ...]
    initial_policies: frozenset[str]
    settings: frozenset[str]
    is_valid: bool
    is_revoked: bool

    def __str__(self) -> str:
        return f"{self.section}.{self.test}-{self.variant}-{self.certificate}"


@cache
def rows() -> tuple[Row, ...]:
    with FACTS.open(newline="", encoding="ascii") as file:
        return tuple(_row(line) for line in csv.DictReader(file))


def _row(line: dict[str, str]) -> Row:
    names = line["initial_policies"].split()
    return Row(
        section=line["section"],
        test=int(line["test"]),
        variant=int(line["variant"]),
        certificate=line["certificate"],
        intermediates=tuple(line["intermediates"].split()),
        lists=("TrustAnchorRootCRL", *line["lists"].split()),
        initial_policies=frozenset(ANY_POLICY if name == "any" else POLICIES + name for name in names),
        settings=frozenset(line["settings"].split()),
        is_valid=line["expected"] == "accept",
        is_revoked=line["because"] == "revoked",
    )


@cache
def certificates() -> dict[str, PathCertificate | Refusal]:
    """Every certificate by its file's name; a refusal for those that cannot be read."""
    return {file.stem: _certificate(file.read_bytes()) for file in sorted((OBJECTS / "certs").glob("*.crt"))}


@cache
def lists() -> dict[str, RevocationList | Refusal]:
    """Every list by its file's name; a refusal for those that cannot be read."""
    return {file.stem: _list(file.read_bytes()) for file in sorted((OBJECTS / "crls").glob("*.crl"))}


def judge(row: Row, *, with_all_objects: bool = False) -> PathVerdict:
    """The verdict on a row: with the objects it names, or with all objects of the suite at once."""
    target = certificates()[row.certificate]
    if isinstance(target, Refusal):
        return PathVerdict(target)
    others = certificates() if with_all_objects else row.intermediates
    revocation = lists() if with_all_objects else row.lists
    return validate(
        target,
        anchors=[_anchor()],
        settings=_settings(row),
        certificates=[item for name in others if isinstance(item := certificates()[name], PathCertificate)],
        lists=[item for name in revocation if isinstance(item := lists()[name], RevocationList)],
    )


def _settings(row: Row) -> PathSettings:
    return PathSettings(
        at=AT,
        initial_policies=row.initial_policies,
        explicit_policy="explicit_policy" in row.settings,
        inhibit_mapping="inhibit_mapping" in row.settings,
        inhibit_any="inhibit_any" in row.settings,
        indirect_crls=True,
        delta_crls=True,
    )


def _anchor() -> Anchor:
    root = certificates()["TrustAnchorRootCertificate"]
    assert isinstance(root, PathCertificate)
    return Anchor("root", root)


def _certificate(data: bytes) -> PathCertificate | Refusal:
    try:
        return certificate.parse(data)
    except MalformedInput as error:
        return Refusal(error.code, 0, detail=error.detail)


def _list(data: bytes) -> RevocationList | Refusal:
    try:
        return revocation_list.parse(data)
    except MalformedInput as error:
        return Refusal(error.code, 0, detail=error.detail)
