"""Damaged structures: each parser ends in a value or in a named refusal, soon and with little memory."""

import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.fuzz import worst
from tests.fuzz.budget import MOST_SECONDS, examples, quickly
from tests.fuzz.der_damage import damaged, pieces
from tests.fuzz.parsers import CERTIFICATES, PARSERS
from tests.pure.validation.test_hostile_bytes_get_a_verdict import judged
from verifier import verdict_facts
from verifier.validation.verdict import Status

MEBIBYTE = 1 << 20


@pytest.mark.parametrize("name", PARSERS)
def test_good_examples_are_read_and_can_be_taken_apart(name: str) -> None:
    for seed in PARSERS[name].seeds:
        assert PARSERS[name].refused(seed) is None
        assert b"".join(piece.written() for piece in pieces(seed) or ()) == seed


@pytest.mark.parametrize("name", PARSERS)
def test_damaged_structure(name: str) -> None:
    parser = PARSERS[name]
    count = 30 if name == "long revocation list" else 150

    @examples(count)
    @given(damaged(parser.seeds))
    def damage(data: bytes) -> None:
        quickly(lambda: parser.refused(data))

    damage()


@pytest.mark.parametrize("name", PARSERS)
def test_noise(name: str) -> None:
    @examples(40)
    @given(st.binary(max_size=200) | st.binary(max_size=60).map(lambda noise: b"\x30\x82\x01\x00" + noise))
    def noise(data: bytes) -> None:
        assert quickly(lambda: PARSERS[name].refused(data)) is not None

    noise()


NUL_IN_A_NAME = CERTIFICATES[0].replace(b"JPKI-SANDBOX", b"JPKI\0SANDBOX", 1)


@examples(150)
@given(damaged(CERTIFICATES))
@example(NUL_IN_A_NAME)
def test_a_damaged_certificate_gets_a_verdict_that_can_be_kept(data: bytes) -> None:
    """PostgreSQL keeps neither NUL nor half a surrogate pair, so no fact may carry one out of a name."""
    verdict = quickly(lambda: judged(data))
    assert verdict.status is not Status.VALID or data in CERTIFICATES
    facts: list[Any] = [verdict_facts.of_certificate(verdict), verdict_facts.of_steps(verdict)]
    text = json.dumps(facts, ensure_ascii=False)
    assert "\\u0000" not in text
    text.encode()


@pytest.mark.parametrize("name", worst.BYTES)
def test_the_worst_ends_soon_and_in_little_memory(name: str) -> None:
    """In a process of its own: what a reader asks the system for is counted whoever asks, Python or a library."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.fuzz.worst", name], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    # Longer bytes than a request may have are lists, which the worker reads; they may take it longer.
    assert told["seconds"] < MOST_SECONDS + told["size"] / (2 * MEBIBYTE)
    assert told["grown"] < 64 * MEBIBYTE + 8 * told["size"]
    assert set(told["ends"]) <= {"refused", "read"}
