"""The way to production, as the home page shows it: one table of steps, each answered by the app that knows.

The site's home must not import the apps above it; they register here from their AppConfig.ready:

    milestones.register("entry", services.return_server_milestone)
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


@dataclass(frozen=True)
class Milestone:
    """How far a provider is with one step.

    `detail` is one sentence in the reader's language. `url_name` is the page (without arguments) where the step is
    done or looked at; empty while nothing can be done. `waiting` says on whom or what it waits ("J-LIS's turn"): such
    a step is nobody's next step.
    """

    done: bool
    detail: Words = ""
    url_name: str = ""
    waiting: Words = ""


@dataclass(frozen=True)
class Step:
    """A line of the list: its key, its title and the words of the button that leads to it."""

    key: str
    title: Words
    button: Words


STEPS: Final = (
    Step("organisation", _("Register your organisation"), _("Register the organisation")),
    Step("environment", _("Make the test environment"), _("Make the test environment")),
    Step("first_valid", _("See the first “valid”"), _("Open the virtual phone")),
    Step("entry", _("Enter a return server in the test whitelist"), _("Enter a return server")),
    Step("second_owner", _("Invite a second owner"), _("Invite an owner")),
    Step("application", _("Apply for the production whitelist"), _("Prepare the application")),
    Step("live", _("Go live"), _("See the entry")),
)
Answer = Callable[[Any], Milestone]
_answers: dict[str, Answer] = {}


def register(key: str, answer: Answer) -> None:
    """`answer(provider)` tells the Milestone of the step `key`; `provider` is a ServiceProvider. One app per key."""
    if key not in {step.key for step in STEPS}:
        raise ValueError(f"no step is called {key}")
    if _answers.get(key, answer) is not answer:
        raise ValueError(f"the step {key} is answered already")
    _answers[key] = answer


def of(provider: Any | None) -> list[tuple[Step, Milestone]]:
    """All steps some app answers for, in order; without a provider only the first can be begun."""
    if provider is None:
        return [(step, _unbegun(step)) for step in STEPS if step.key in _answers]
    return [(step, _answers[step.key](provider)) for step in STEPS if step.key in _answers]


def next_step(steps: list[tuple[Step, Milestone]]) -> str | None:
    """The key of the one step to do now: the first that is not done, can be done and waits for nobody."""
    for step, milestone in steps:
        if not milestone.done and not milestone.waiting and milestone.url_name:
            return step.key
    return None


def _unbegun(step: Step) -> Milestone:
    return Milestone(done=False, url_name="providers:provider-register" if step.key == "organisation" else "")
