"""NIST PKITS 1.0.1: all 224 tests in all their variants."""

from collections import Counter
from importlib.metadata import version

import pytest

from tests.pure.paths import pkits
from tests.pure.paths.pkits import Row
from verifier.validation.paths.refusal import Refusal

TESTS_OF_SECTION = {
    "4.1": 6,
    "4.2": 8,
    "4.3": 11,
    "4.4": 21,
    "4.5": 8,
    "4.6": 17,
    "4.7": 5,
    "4.8": 20,
    "4.9": 8,
    "4.10": 14,
    "4.11": 11,
    "4.12": 10,
    "4.13": 38,
    "4.14": 35,
    "4.15": 10,
    "4.16": 2,
}

# DSA is not taken; one of these keys, without its own parameters, is not even read.
VALID_BUT_DSA = {"ValidDSASignaturesTest4EE": "cert.algorithm", "ValidDSAParameterInheritanceTest5EE": "cert.malformed"}


def test_every_test_of_the_suite_has_a_row() -> None:
    tests = {(row.section, row.test) for row in pkits.rows()}

    assert Counter(section for section, _ in tests) == TESTS_OF_SECTION
    assert len(tests) == 224
    assert tests == {(section, number + 1) for section, count in TESTS_OF_SECTION.items() for number in range(count)}


def test_every_end_entity_of_the_suite_is_judged_by_a_row() -> None:
    holders = {file.stem for file in (pkits.OBJECTS / "certs").glob("*EE.crt")}

    assert {row.certificate for row in pkits.rows()} == holders


def test_variants_of_a_test_differ() -> None:
    told = [(row.section, row.test, row.initial_policies, row.settings) for row in pkits.rows()]

    assert len(set(told)) == len(told) == 255


@pytest.mark.parametrize("with_all_objects", [False, True], ids=["own-objects", "all-objects"])
@pytest.mark.parametrize("row", pkits.rows(), ids=str)
def test_outcome(row: Row, with_all_objects: bool) -> None:
    verdict = pkits.judge(row, with_all_objects=with_all_objects)

    if row.certificate in VALID_BUT_DSA:
        assert verdict.refusal is not None
        assert verdict.refusal.code == VALID_BUT_DSA[row.certificate]
    else:
        assert verdict.is_valid == row.is_valid, verdict.refusal


@pytest.mark.parametrize("row", pkits.rows(), ids=str)
def test_revoked_is_said_where_and_only_where_it_is_the_reason(row: Row) -> None:
    refusal = pkits.judge(row).refusal

    assert (refusal is not None and refusal.code in ("cert.revoked", "cert.on_hold")) == row.is_revoked
    if row.is_revoked and refusal is not None:
        # 4.4.2 revokes the intermediate CA, all others the holder's certificate.
        assert refusal.index == (1 if row.certificate == "InvalidRevokedCATest2EE" else 0)


def test_what_cannot_be_read_is_named() -> None:
    unread = {name for name, item in (pkits.certificates() | pkits.lists()).items() if isinstance(item, Refusal)}

    assert unread == {
        "BadCRLSignatureCACRL",  # the signature's bits are damaged so that they are no octets any more
        "BadSignedCACert",
        "InvalidDSASignatureTest6EE",
        "DSAParametersInheritedCACert",  # a DSA key without parameters
        "ValidDSAParameterInheritanceTest5EE",
        "UnknownCRLEntryExtensionCACRL",
        "UnknownCRLExtensionCACRL",
    }


def test_the_objects_are_of_the_librarys_own_version() -> None:
    """So that a new release of the library is judged by the objects released with it."""
    assert version("cryptography-vectors") == version("cryptography")
