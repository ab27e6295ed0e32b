"""Words for what a revision says: the names of its fields and their values, for summaries, corrections and mails."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.listing import listed
from whitelist.messages import case_words, measure_words

FIELDS: Mapping[str, Promise | str] = {
    "url": _("Return URL"),
    "kind": _("Kind of entry"),
    "app.identifier": _("Package name or bundle ID"),
    "app.fingerprint": _("Fingerprint of the signing certificate"),
    "try_open_redirects": _("Try whether the server redirects anywhere"),
    "purposes": _("What this URL receives"),
    "ways_in": _("Ways in"),
    "purpose_of_use": _("What the certificates are used for"),
    "contacts.security": _("Security contact"),
    "contacts.operations": _("Operations contact"),
    "evidence": _("Attached papers"),
    "note": _("A word to the reviewer"),
    "provider": _("Organisation"),
    "measures": _("Security measures"),
}
KINDS: Mapping[str, Promise | str] = {
    "browser": pgettext_lazy("kind of entry", "Browser"),
    "app": pgettext_lazy("kind of entry", "App"),
}
_AGREED = _("Agreed")
MONO = frozenset({"url", "app.identifier", "app.fingerprint"})


def label(key: str) -> str:
    """The name of a field, in the active language."""
    head, _dot, rest = key.partition(".")
    return measure_words.title(rest) if head == "measures" and rest else str(FIELDS[key])


def words(key: str, value: Any) -> str:
    """The value of a field as one text, in the active language; empty when it says nothing."""
    if not value:
        return ""
    if key.startswith("measures."):
        return answer(value)
    return _WORDERS.get(key, str)(value)


def answer(value: Mapping[str, Any]) -> str:
    """One answer to a security measure: status, date and reason."""
    status = value.get("status") or ""
    parts = [str(measure_words.STATUSES.get(status, status))]
    if value.get("by"):
        parts.append(_now("by %(date)s") % {"date": value["by"]})
    if value.get("reason"):
        parts.append(str(value["reason"]))
    return " — ".join(part for part in parts if part)


def _several(choices: Mapping[str, Promise | str]) -> Callable[[Any], str]:
    return lambda value: listed(choices.get(item, item) for item in value)


def _contact(value: Mapping[str, Any]) -> str:
    return " ".join(str(value.get(part) or "") for part in ("email", "phone")).strip()


def _organisation(value: Mapping[str, Any]) -> str:
    return " ".join(str(value.get(part) or "") for part in ("name", "corporate_number")).strip()


def _papers(value: Sequence[Mapping[str, Any]]) -> str:
    return listed(f"{paper.get('name', '')} ({str(paper.get('sha256', ''))[:8]}…)" for paper in value)


_WORDERS: Mapping[str, Callable[[Any], str]] = {
    "try_open_redirects": lambda value: str(_AGREED),
    "kind": lambda value: str(KINDS.get(value, value)),
    "purposes": _several(case_words.PURPOSES),
    "ways_in": _several(case_words.WAYS_IN),
    "contacts.security": _contact,
    "contacts.operations": _contact,
    "evidence": _papers,
    "provider": _organisation,
}
