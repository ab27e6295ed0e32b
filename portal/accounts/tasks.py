"""What workers do for people: mail about their account."""

from typing import Any

from portal.accounts import notices
from portal.jobs.registry import handles


@handles("accounts.send_notice")
def send_notice(user_id: int, kind: str, values: dict[str, Any]) -> None:
    notices.send(user_id, kind, values)
