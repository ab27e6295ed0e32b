"""How one step went."""

from collections.abc import Mapping
from typing import NamedTuple

from verifier.validation.verdict import JsonValue, Step, StepResult


class Outcome(NamedTuple):
    """``code`` is ``ok`` or says why not; ``looked_at`` is what was looked at, flat JSON values, nothing personal.
    ``result`` is told by the code, unless it says INDETERMINATE: evidence is missing."""

    code: str
    looked_at: Mapping[str, JsonValue]
    result: StepResult | None = None

    def as_step(self, step_id: str) -> Step:
        """The outcome as the step of a verdict."""
        result = self.result or (StepResult.PASSED if self.code == "ok" else StepResult.FAILED)
        return Step(step_id, result, self.code, self.looked_at)
