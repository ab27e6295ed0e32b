"""What the code writes into the audit trail, found in its source; and which acts find nothing that stood before them.

An action is always written out as a literal, so that whoever reads `entry.suspended` in the trail finds who wrote it:
as the first argument of a call that records, as a value of `action`, or as a value of a file's `_ACTIONS`.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPS = ("portal", "whitelist", "verifier", "testenv")

# These begin something, or tell of something that changes nothing. Every other act says what was before and after.
NOTHING_STOOD_BEFORE = {
    "accreditation.end_warned",
    "anchor.proposed",
    "api_client.issued",
    "application.look_asked",
    "application.second_look",
    "application.started",
    "audit.exported",
    "consumer.entered",
    "consumer.saw_another_tree",
    "contact.asked",
    "delegation.end_warned",
    "domain.asked",
    "entry.entered",
    "entry.granted",
    "environment.requested",
    "evidence.kept",
    "import.handed_in",
    "invitation.sent",
    "issuance_order.opened",
    "ownership.offered",
    "person.created",
    "person.new_device",
    "person.recovery_asked",
    "provider.change_asked",
    "provider.registered",
    "recovery.asked",
    "seat.acting_began",
    "staff.proposed",
}


@cache
def recorded() -> dict[str, str]:
    """Every action that the code can record, with the file it stands in."""
    return {code: str(path.relative_to(ROOT)) for path in recording_files() for code in _codes(path)}


@cache
def recording_files() -> tuple[Path, ...]:
    """Files that write into the trail themselves or through a `record_change` of their app."""
    found = [path for app in APPS for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts]
    return tuple(path for path in found if calls(path))


@cache
def calls(path: Path) -> tuple[ast.Call, ...]:
    """Calls of `audit.record` and of the functions that stand before it in the file."""
    text = path.read_text()
    if "portal.audit import services as audit" not in text and "record_change(" not in text:
        return ()
    return tuple(node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call) and _records(node))


def _records(call: ast.Call) -> bool:
    name = ast.unparse(call.func).rpartition(".")[2].strip("_")
    return bool(call.args) and (name == "record" or name.startswith("record_"))


def straight_calls() -> Iterator[tuple[str, ast.Call]]:
    """Calls of `audit.record` itself, each with its place."""
    for path in recording_files():
        for call in calls(path):
            if ast.unparse(call.func) == "audit.record":
                yield f"{path.relative_to(ROOT)}:{call.lineno}", call


def is_spelled_out(call: ast.Call) -> bool:
    """Whether the action is a literal here, or one of those that `_codes` finds elsewhere in the file."""
    told = ast.unparse(call.args[0])
    return bool(list(_literals(call.args[0]))) or told == "action" or told.startswith("_ACTIONS[")


def lacks_states(action: str, *, before: object, after: object) -> bool:
    """Whether an act that found something standing does not say what it was and what it became."""
    return action not in NOTHING_STOOD_BEFORE and (before is None or after is None)


def _codes(path: Path) -> Iterator[str]:
    for call in calls(path):
        yield from _literals(call.args[0])
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.keyword) and node.arg == "action":
            yield from _literals(node.value)
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in {"action", "_ACTIONS"}:
            values = node.value.values if isinstance(node.value, ast.Dict) else [node.value]
            for value in values:
                yield from _literals(value)


def _literals(node: ast.expr) -> Iterator[str]:
    """`"a.b"`, and both sides of `"a.b" if … else "a.c"`."""
    if isinstance(node, ast.IfExp):
        yield from _literals(node.body)
        yield from _literals(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "." in node.value:
        yield node.value
