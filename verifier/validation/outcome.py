"""How one step went."""

from collections.abc import Mapping
from typing import NamedTuple

from verifier.validation.paths.refusal import Refusal
from verifier.validation.verdict import JsonValue, Step, StepResult

_PASSED, _FAILED = StepResult.PASSED, StepResult.FAILED


class Outcome(NamedTuple):
    """``code`` is ``ok`` or says why not; ``looked_at`` is what was looked at, flat JSON values, nothing personal.
    ``result`` is told by the code, unless it says INDETERMINATE: evidence is missing."""

    code: str
    looked_at: Mapping[str, JsonValue]
    result: StepResult | None = None

    def as_step(self, step_id: str) -> Step:
        """The outcome as the step of a verdict."""
        code, looked_at, result = self
        return Step(step_id, result or (_PASSED if code == "ok" else _FAILED), code, looked_at)


def refused(
    refusal: Refusal, looked_at: Mapping[str, JsonValue], *, code: str | None = None, rule: str | None = None
) -> Outcome:
    """The outcome of a broken rule: which rule, whose certificate (0 is the one asked about, 1 its issuer's), and the
    extension or algorithm it reads.  ``code`` and ``rule`` stand for the refusal's own where the step knows better."""
    return Outcome(
        code or refusal.code,
        {
            **looked_at,
            "rule": rule or refusal.rule,
            "certificate_index": refusal.index,
            "extension_oid": refusal.oid,
        },
    )
