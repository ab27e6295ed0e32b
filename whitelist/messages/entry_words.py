"""Words for what happens to an entry after it was granted: suspension, re-checks, retirement, and mail about them."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from whitelist.messages import case_words

SUSPENSION_REASONS: Mapping[str, Promise | str] = {
    "incident": _("Security incident at the service"),
    "takeover": _("The host may be in other hands"),
    "key_compromise": _("A key of the return server may be known to others"),
    "basis_ended": _("The legal basis of the service has ended"),
    "other": _("Another reason, given below"),
}

# The meaning a state is drawn with (portal.templatetags.statuses).
STATE_MEANINGS: Mapping[str, str] = {
    "approved": "waiting",
    "live": "ok",
    "warned": "warning",
    "at_risk": "warning",
    "review_due": "unknown",
    "suspended": "paused",
    "retiring": "waiting",
    "removed": "not_run",
}

HEALTH: Mapping[str, Promise | str] = {
    "healthy": pgettext_lazy("re-check", "Passed"),
    "failing": pgettext_lazy("re-check", "Failed"),
    "inconclusive": pgettext_lazy("re-check", "Could not look"),
}
HEALTH_MEANINGS: Mapping[str, str] = {"healthy": "ok", "failing": "error", "inconclusive": "unknown"}

HEALTH_VIEWS: Mapping[str, Promise | str] = {
    "due": _("Waiting for a decision"),
    "warned": _("With strikes"),
    "stopped": pgettext_lazy("health board", "Stopped"),
    "retiring": pgettext_lazy("health board", "Leaving the list"),
    "all": _("All listed entries"),
}

REFUSALS: Mapping[str, Promise | str] = {
    "entry.may_not_suspend": _("Only an administrator of the service provider or a reviewer can stop an entry."),
    "entry.suspended_already": _("This entry has been stopped already, or its stop waits for a second reviewer."),
    "entry.not_possible_now": _("The state of the entry has changed meanwhile. Look at it again."),
    "entry.only_owner": _("Only an administrator of your organisation can do this."),
    "suspension.not_waiting": _("This stop does not wait for a second reviewer any more."),
    "suspension.not_in_effect": _("The entry is not stopped now."),
    "reinstatement.proposed_already": _("Somebody has proposed the return already. A second reviewer can confirm it."),
    "reinstatement.not_waiting": _("There is no proposal to confirm any more."),
    "retirement.day_out_of_range": _("Choose a day between today and 90 days from now."),
    "retirement.host_not_typed": _("Type the host name of the entry exactly, so that no other one is removed."),
}

# kind -> (subject, what has happened, what to do)
MAILS: Mapping[str, tuple[Promise | str, Promise | str, Promise | str]] = {
    "suspended": (
        _("Your return server has been stopped"),
        _("The entry below is out of the whitelist. The app does not send answers to this URL any more."),
        _("Open the entry to read the reason. Two reviewers decide on its return."),
    ),
    "reinstated": (
        _("Your return server is listed again"),
        _("Two reviewers have confirmed the return of the entry below. It is in the whitelist again."),
        _("Nothing has to be done."),
    ),
    "warned": (
        _("A check of your return server failed"),
        _("The daily check of the entry below found a fault. The entry stays in the whitelist."),
        _("Open the entry to see what was found and how to mend it. The check is repeated every day."),
    ),
    "at_risk": (
        _("Your return server still fails a check"),
        _("The fault has stayed for days. The entry below stays in the whitelist for now."),
        _("Mend it soon: if it stays, a reviewer looks at the entry."),
    ),
    "review_due": (
        _("A reviewer looks at your return server"),
        _("The fault has not been mended. A reviewer now decides what happens to the entry below; it is still listed."),
        _("Mend the fault, or write to the reviewer in the application."),
    ),
    "recovered": (
        _("Your return server passes its checks again"),
        _("The entry below has no warning any more."),
        _("Nothing has to be done."),
    ),
    "retiring": (
        _("Your return server will be removed on a set day"),
        _("The entry below leaves the whitelist on the day shown on its page."),
        _("Switch your system over before that day. Until then an administrator can take the removal back."),
    ),
    "removed": (
        _("Your return server has been removed"),
        _("The entry below is not in the whitelist any more."),
        _("To use this URL again, apply for it again."),
    ),
    "desk": (
        _("An entry waits for a reviewer's look"),
        _("The entry below keeps failing its checks, or its host may be in other hands."),
        _("Look at it on the health board and decide: leave it live, or stop it."),
    ),
    "second": (
        _("A stop waits for a second reviewer"),
        _("A reviewer wants to stop the entry below and has stopped as many as one may within an hour."),
        _("Look at it now: confirm the stop, or take it back."),
    ),
}


def refusal(code: str) -> str:
    """The sentence for the code of a refusal, in the active language."""
    return str(REFUSALS.get(code) or case_words.REFUSALS[code])
