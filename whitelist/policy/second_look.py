"""The blind second look, the statement of no conflict of interest, and how long a check report carries a decision.

The second person judges for themselves before they see what the first ticked and wrote, so that the second pair of eyes
is a pair of eyes and not a signature below another one.
"""

from datetime import datetime, timedelta

REPORT_LIFETIME = timedelta(hours=72)
# Which sentence a reviewer has agreed to: a new wording is a new version, so that it stays known who stated what.
CONFLICT_STATEMENT = "2026-11/1"


def report_refusal(made_at: datetime, at: datetime) -> str | None:
    """None while a decision may rest on a report made at `made_at`, else the code (both times aware)."""
    return "review.report_too_old" if at >= made_at + REPORT_LIFETIME else None


def conflict_refusal(statement: str) -> str | None:
    """None when the reviewer has agreed to the present statement, else the code."""
    return None if statement == CONFLICT_STATEMENT else "review.conflict_not_stated"
