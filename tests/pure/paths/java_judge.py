"""A third validator of another hand: Java's PKIX, which judges any number of cases in one run of its machine."""

import subprocess
from base64 import b64encode
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.pure.paths.made import NOW
from tests.pure.paths.scenarios import ROOT, Built
from tests.servers import need

JUDGE = Path(__file__).with_name("PkixJudge.java")


def java(cases: Sequence[Built]) -> list[str]:
    """What Java says about each case, in their order: ``accept``, ``reject``, or ``endless`` where its search did not
    come to an end."""
    program, _ = need("java"), need("javac")  # a source file is run only where there is a compiler
    options = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xss512k"]
    done = subprocess.run(
        [program, *options, str(JUDGE)],
        input="".join(map(_line, cases)),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    said = done.stdout.split()
    assert len(said) == len(cases)
    return said


def _line(built: Built) -> str:
    scenario = built.scenario
    fields = (
        str(int(NOW.timestamp())),
        _encoded([ROOT.encoded]),
        _encoded([built.holder.encoded]),
        _encoded(item.encoded for item in built.intermediates),
        _encoded(built.lists),
        " ".join(scenario.initial_policies),
        *(str(wish).lower() for wish in (scenario.explicit_policy, scenario.inhibit_mapping, scenario.inhibit_any)),
    )
    return "\t".join(fields) + "\n"


def _encoded(items: Iterable[bytes]) -> str:
    return " ".join(b64encode(item).decode() for item in items)
