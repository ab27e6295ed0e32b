"""What a revision says: the shape of its content, the fields that a correction can name, and what changed between two.

The content is hashed once it is submitted and never rewritten, so a revision of an older shape stays as it is: `read`
gives it in today's shape, and everything here takes what `read` gives.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from whitelist.policy.measures import MEASURES

Content = dict[str, Any]

PLAIN_FIELDS = (
    "url",
    "kind",
    "app.identifier",
    "app.fingerprint",
    "try_open_redirects",
    "purposes",
    "ways_in",
    "purpose_of_use",
    "contacts.security",
    "contacts.operations",
)
LAST_FIELDS = ("evidence", "note")
# Every field that a correction may name and a comparison may show, in the order of the form.
FIELDS: tuple[str, ...] = (*PLAIN_FIELDS, *(measure.field for measure in MEASURES), *LAST_FIELDS)
CONTACTS = ("security", "operations")

_NO_CONTACT = {"email": "", "phone": ""}


@dataclass(frozen=True, slots=True)
class Difference:
    """One field said otherwise; key: of FIELDS, or `provider`; before, after: the values, None where it is absent."""

    key: str
    before: Any
    after: Any


def build(
    *,
    application: str,
    provider: Mapping[str, str],
    url: str,
    draft: Mapping[str, Any],
    acting_operator: Mapping[str, str] | None = None,
    served_providers: Sequence[Mapping[str, str]] = (),
    changes_entry: str | None = None,
) -> Content:
    """The content of a new revision.

    application: its public id; provider, acting_operator: name, corporate_number, legal_basis; url: canonical;
    draft: as the form keeps it; served_providers: for whom a platform operator's server also works;
    changes_entry: public id of the live entry that this one will replace.
    """
    said = read(draft)
    kind = said["kind"]
    asked = {measure.code for measure in MEASURES if kind in measure.kinds}
    return {
        "application": application,
        "provider": dict(provider),
        "acting_operator": dict(acting_operator) if acting_operator else None,
        "url": url,
        "kind": kind,
        "app": said["app"] if kind == "app" else None,
        "try_open_redirects": said["try_open_redirects"],
        "purposes": sorted(said["purposes"]),
        "ways_in": sorted(said["ways_in"]),
        "purpose_of_use": said["purpose_of_use"],
        "contacts": said["contacts"],
        "measures": {code: answer for code, answer in said["measures"].items() if code in asked},
        "evidence": said["evidence"],
        "served_providers": [dict(served) for served in served_providers],
        "changes_entry": changes_entry,
        "note": said["note"],
    }


def read(raw: Mapping[str, Any]) -> Content:
    """The content of a revision of any age, or a draft, in today's shape: every key is there."""
    contacts = raw.get("contacts") or {}
    old_contact = {"email": str(raw.get("security_contact") or ""), "phone": ""}
    app = raw.get("app") or {}
    shaped = {
        **raw,
        "application": raw.get("application"),
        "provider": raw.get("provider") or {},
        "acting_operator": raw.get("acting_operator"),
        "url": str(raw.get("url") or ""),
        "kind": raw.get("kind") or "browser",
        "app": {name: str(app.get(name) or "") for name in ("identifier", "fingerprint")} if app else None,
        "try_open_redirects": raw.get("try_open_redirects") is True,
        "purposes": list(raw.get("purposes") or ()),
        "ways_in": list(raw.get("ways_in") or ()),
        "purpose_of_use": str(raw.get("purpose_of_use") or ""),
        "contacts": {
            "security": {**_NO_CONTACT, **(contacts.get("security") or old_contact)},
            "operations": {**_NO_CONTACT, **(contacts.get("operations") or {})},
        },
        "measures": {code: _answer(answer) for code, answer in (raw.get("measures") or {}).items()},
        "evidence": list(raw.get("evidence") or ()),
        "served_providers": list(raw.get("served_providers") or ()),
        "changes_entry": raw.get("changes_entry"),
        "note": str(raw.get("note") or ""),
    }
    shaped.pop("security_contact", None)
    return shaped


def _answer(answer: Mapping[str, Any]) -> dict[str, Any]:
    status = str(answer.get("status") or "")
    return {
        "status": status,
        "by": (answer.get("by") or None) if status == "planned" else None,
        "reason": str(answer.get("reason") or ""),
        "evidence": list(answer.get("evidence") or ()),
    }


def value(content: Mapping[str, Any], key: str) -> Any:
    """What `content` (as `read` gives it) says in the field `key`; None where it says nothing."""
    found: Any = content
    for part in key.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def replaced(content: Mapping[str, Any], key: str, new: Any) -> Content:
    """A copy of `content` that says `new` in the field `key`."""
    head, _, rest = key.partition(".")
    inner = content.get(head)
    return {**content, head: {**(inner or {}), rest: new} if rest else new}


def diff(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """What `after` says otherwise than `before`, in the order of FIELDS, the organisation last."""
    old, new = read(before), read(after)
    pairs = ((key, value(old, key), value(new, key)) for key in (*FIELDS, "provider"))
    return tuple(Difference(key, was, now) for key, was, now in pairs if (was or None) != (now or None))
