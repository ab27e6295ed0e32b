"""Rows of one table that are about the same return server become one draft that says whom it serves. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from whitelist.policy.bulk import CellFinding, Draft

# What every row about one return server has to say alike; its note may differ, the first one stands.
_ALIKE = ("kind", "app_identifier", "purposes", "ways_in", "purpose_of_use", "email", "phone")


def one_each(drafts: Sequence[Draft]) -> list[CellFinding]:
    """A finding at every row whose URL an earlier row has for the same organisation: each keeps its own entries."""
    seen: set[tuple[str, str]] = set()
    findings = []
    for draft in drafts:
        about = (draft.values["url"], draft.values.get("corporate_number", ""))
        if about in seen:
            findings.append(CellFinding(*draft.cell, "url", "sheet.url_twice", about[0][:80]))
        seen.add(about)
    return findings


def served_together(drafts: Sequence[Draft], *, own_number: str) -> tuple[list[Draft], list[CellFinding]]:
    """One draft for each URL of a platform operator, in the order of their first rows, with `served`: the corporate
    numbers its rows name, without the operator's own.

    A later row that says something else about the URL, or names the same organisation again, is a finding at its URL.
    """
    found: dict[str, Draft] = {}
    findings = []
    for draft in drafts:
        number = draft.values.get("corporate_number", "")
        served = () if number in ("", own_number) else (number,)
        first = found.get(draft.values["url"])
        if first is None:
            found[draft.values["url"]] = replace(draft, served=served, rows=(draft.number,))
            continue
        url = draft.values["url"][:80]
        if any(draft.values.get(key) != first.values.get(key) for key in _ALIKE):
            findings.append(CellFinding(*draft.cell, "url", "sheet.rows_differ", url))
        elif not served or set(served) & set(first.served):
            findings.append(CellFinding(*draft.cell, "url", "sheet.url_twice", url))
        else:
            rows = (*first.rows, draft.number)
            found[draft.values["url"]] = replace(first, served=(*first.served, *served), rows=rows)
    return list(found.values()), findings
