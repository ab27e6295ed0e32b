"""One report about a return URL: everything the machine can say, under the rule set in force.

Every check report of an application is made here, so that what an applicant is shown, what a reviewer decides over and
what is looked at again later come from one engine.
"""

from datetime import datetime
from typing import Any

from whitelist.policy import url_rules
from whitelist.policy.finding import Report, World
from whitelist.policy.rule_set import RULE_SET


def report_for(url: str, *, provider: Any, world: World, at: datetime) -> Report:
    """What is found about `url`, exactly as it was typed, when `provider` asks for it in `world` at `at` (aware, UTC).

    `provider` may be None for somebody unknown. Never raises, whatever the text.
    """
    return url_rules.check(url, world=world)


def version_in_force(at: datetime) -> str:
    """The name of the rule set by which a report made at `at` (aware, UTC) is judged."""
    return RULE_SET.version
