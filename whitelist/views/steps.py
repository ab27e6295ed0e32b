"""The steps of an application: which fields stand on which page, and where what is missing can be mended."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from whitelist.applications import Gap
from whitelist.messages import case_words, content_words
from whitelist.models import Application
from whitelist.policy import measures

PURPOSE, SERVER, MEASURES, CONTACTS, SUMMARY = "purpose", "server", "measures", "contacts", "summary"
ORDER = (PURPOSE, SERVER, MEASURES, CONTACTS)
LABELS: dict[str, Promise | str] = {
    PURPOSE: _("Purpose and way in"),
    SERVER: _("Return server"),
    MEASURES: _("Security measures"),
    CONTACTS: _("Contacts"),
    SUMMARY: _("Summary and sending"),
}
# Where is mended what no step can.
_ELSEWHERE = {
    "application.domain_unproven": "whitelist:domain-list",
    "application.needs_two_owners": "providers:member-list",
    "application.legal_basis_missing": "providers:provider-detail",
}


@dataclass(frozen=True)
class Shown:
    """A step in the row of steps. state: done, now, to_come; is_reached: there is something to go back to."""

    code: str
    label: Promise | str
    number: int
    state: str
    url: str


@dataclass(frozen=True)
class Missing:
    """Something that keeps the application from being sent, with the place to mend it."""

    code: str
    label: str
    words: str
    url: str


def keys_of(step: str, kind: str) -> tuple[str, ...]:
    """The fields on the page of a step, for an entry of this kind."""
    app = ("app.identifier", "app.fingerprint") if kind == "app" else ()
    return {
        PURPOSE: ("purpose_of_use", "kind", "purposes", "ways_in"),
        SERVER: ("url", *app, "try_open_redirects"),
        MEASURES: (*(measure.field for measure in measures.applicable(kind)), "evidence"),
        CONTACTS: ("contacts.security", "contacts.operations", "note"),
    }[step]


def step_of(field: str) -> str:
    """The step on whose page a field stands."""
    if field in ("url", "app.identifier", "app.fingerprint", "try_open_redirects"):
        return SERVER
    if field.startswith("measures.") or field == "evidence":
        return MEASURES
    return CONTACTS if field.startswith("contacts.") or field == "note" else PURPOSE


def next_step(step: str) -> str:
    return (*ORDER, SUMMARY)[ORDER.index(step) + 1]


def url_of(application: Application, step: str) -> str:
    if step == SUMMARY:
        return reverse("whitelist:application-submit", args=[application.public_id])
    return reverse("whitelist:application-step", args=[application.public_id, step])


def row(application: Application | None, now: str, gaps: Iterable[Gap]) -> list[Shown]:
    """All steps; one is done when nothing is missing on its page."""
    unfinished = {step_of(gap.field) for gap in gaps}
    shown = []
    for number, code in enumerate((*ORDER, SUMMARY), start=1):
        is_done = application is not None and code != SUMMARY and code not in unfinished
        state = "now" if code == now else "done" if is_done else "to_come"
        shown.append(Shown(code, LABELS[code], number, state, url_of(application, code) if application else ""))
    return shown


def first_unfinished(gaps: Iterable[Gap]) -> str:
    """The step to go on with; the first one when nothing is missing."""
    unfinished = {step_of(gap.field) for gap in gaps if gap.field != "organisation"}
    return next((code for code in ORDER if code in unfinished), PURPOSE)


def missing(application: Application, gaps: Iterable[Gap]) -> list[Missing]:
    return [_missing(application, gap) for gap in gaps]


def _missing(application: Application, gap: Gap) -> Missing:
    words = case_words.refusal(gap.code)
    if gap.code in _ELSEWHERE:
        return Missing(gap.code, "", words, reverse(_ELSEWHERE[gap.code]))
    address = url_of(application, step_of(gap.field))
    return Missing(gap.code, content_words.label(gap.field), words, f"{address}#{anchor(gap.field)}")


def anchor(field: str) -> str:
    """The id of the part of a page where a field stands."""
    return "field-" + field.replace(".", "-").replace("_", "-")
