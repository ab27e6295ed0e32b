"""What becomes of an answer to a URL, in a sentence; and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class PreflightSentences:
    title: Promise | str
    mend: Promise | str


PREFLIGHT: Mapping[str, PreflightSentences] = {
    "match": PreflightSentences(_("It matches: every byte is the same."), _("Nothing needs to be done.")),
    "not_yet_at_tsm": PreflightSentences(
        _("Every byte is the same; not every TSM has taken over the list with this entry yet."),
        _("It works everywhere once they have said so, usually within minutes."),
    ),
    "suspended": PreflightSentences(
        _("Every byte is the same, but the entry is suspended."),
        _("Answers are not sent there until two reviewers reinstate it. The entry's page says why."),
    ),
    "being_published": PreflightSentences(
        _("Every byte is the same, but the entry is not on the published list yet."),
        _("It follows with the next version of the list, usually within a minute."),
    ),
    "only_in_sandbox": PreflightSentences(
        _("This URL is listed in your test environment only, not in production."),
        _("Apply for production with this URL, or send the request to the test environment."),
    ),
    "only_in_production": PreflightSentences(
        _("This URL is listed in production only, not in your test environment."),
        _("Enter it in the test environment, or send the request to production."),
    ),
    "removed": PreflightSentences(
        _("This URL was on the list and has been removed."), _("Send another registered URL, or apply for it anew.")
    ),
    "near": PreflightSentences(
        _("No match: the URL differs from the nearest entry."),
        _("Set the return URL in your system to the registered value."),
    ),
    "nothing_near": PreflightSentences(
        _("No match, and no entry is near to it."),
        _("Look whether your system sends another environment's URL; else apply for this one."),
    ),
    "nothing_listed": PreflightSentences(
        _("No match: you have no live entry in this list."),
        _("Enter the URL in the test environment, or apply for it."),
    ),
}

SOURCES: Mapping[str, Promise | str] = {
    "parameter": _("Taken from the return URL parameter of the pasted request, decoded once."),
    "member": _("Taken from the return URL in the pasted JSON."),
    "line": _("Taken from the pasted line: the first URL in it."),
}
