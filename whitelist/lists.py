"""The current list as it is handed out: whole, or as the leaves since a version that the asker holds.

Either way it comes with the newest signed head. Whoever has the entries makes the document's bytes anew and compares
their digest with the head's: the signature is over the head, and through it over every entry.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from portal import problems
from whitelist import ledger
from whitelist.models import ListHead, ListVersion, TreeHead
from whitelist.policy import statement

# Beyond so many changes the whole list is shorter to read than its history.
LONGEST_DELTA = 5000
_whole: dict[int, tuple[str, bytes]] = {}


@dataclass(frozen=True)
class Handed:
    """An answer ready to be sent: its bytes and its entity tag."""

    body: bytes
    tag: str


def current_head(environment: Any) -> ListHead | None:
    return ListHead.objects.select_related("version").filter(environment=environment).first()


def current_tree_head(environment: Any) -> TreeHead | None:
    return TreeHead.objects.filter(environment=environment).order_by("-signed_at", "-id").first()


def version_of(environment: Any, number: int) -> ListVersion | None:
    return ListVersion.objects.filter(environment=environment, number=number).first()


def document(version: ListVersion) -> bytes:
    """The canonical JSON whose SHA-256 is the version's digest; rebuilt from the change log."""
    if version.tree_size is None:
        return version.document_json.encode()
    return statement.list_document(
        environment_id=version.environment.public_id,
        number=version.number,
        previous_digest=version.previous_digest,
        published_at=statement.utc_text(version.published_at),
        entries=ledger.listed_in(version),
    ).payload


def server_check(version: ListVersion) -> str:
    """What this server finds when it does what a browser does, the bytes against the signed digest: ok or error."""
    return "ok" if hashlib.sha256(document(version)).hexdigest() == version.digest else "error"


def hand_out(environment: Any, head: ListHead, *, since: int | None) -> Handed:
    """The current list for somebody who holds version `since`: its leaves from there, or the whole list.

    The whole list also for a version that is unknown, newer than ours, without a log, or too long ago.
    """
    older = _base(environment, head, since)
    tag = f'"{head.version.number}-{int(head.signed_at.timestamp())}-{older.number if older else "all"}"'
    if older is not None:
        return Handed(problems.encode(_facts(environment, head) | _since(older, head.version)), tag)
    kept = _whole.get(head.environment_id)
    if kept is None or kept[0] != head.jws:
        entries = sorted(ledger.listed_in(head.version), key=lambda entry: str(entry["url"]))
        body = problems.encode({**_facts(environment, head), "since": None, "entries": entries})
        kept = _whole[head.environment_id] = (head.jws, body)
    return Handed(kept[1], tag)


def _base(environment: Any, head: ListHead, since: int | None) -> ListVersion | None:
    """The version that a delta may start from, None when the whole list is to be sent."""
    if since is None or not 0 < since <= head.version.number:
        return None
    older = version_of(environment, since)
    if older is None or older.tree_size is None or head.version.tree_size is None:
        return None
    return older if head.version.tree_size - older.tree_size <= LONGEST_DELTA else None


def _facts(environment: Any, head: ListHead) -> dict[str, Any]:
    version = head.version
    return {
        "environment": {"id": environment.public_id, "kind": environment.kind},
        "version": version.number,
        "digest": version.digest,
        "previous_digest": version.previous_digest,
        "entry_count": version.entry_count,
        "published_at": statement.utc_text(version.published_at),
        "valid_until": statement.utc_text(head.valid_until),
        "tree": {"size": version.tree_size, "root": version.tree_root},
        "statement": head.jws,
    }


def _since(older: ListVersion, version: ListVersion) -> dict[str, Any]:
    assert older.tree_size is not None  # looked at by _base
    assert version.tree_size is not None
    tree = ledger.of(version.environment_id).tree
    proof = tree.consistency_proof(older.tree_size, version.tree_size)
    return {
        "since": older.number,
        "leaves": ledger.leaves(version.environment_id, older.tree_size, version.tree_size),
        "consistency": [step.hex() for step in proof],
    }
