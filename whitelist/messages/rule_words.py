"""Words for versions of the rule set: states, refusals, the mail's subject."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

MAIL_SUBJECT = _("The rules of the check change")

STATES: Mapping[str, Promise | str] = {
    "proposed": pgettext_lazy("rule set", "Waits for the second person"),
    "confirmed": pgettext_lazy("rule set", "Confirmed"),
    "withdrawn": pgettext_lazy("rule set", "Withdrawn"),
}

REFUSALS: Mapping[str, Promise | str] = {
    "rules.nothing_changed": _("Nothing was changed"),
    "rules.unknown_code": _("There is no such code"),
    "rules.production_milder": _("Production may not be milder than the test environment"),
    "rules.note_missing": _("Say in a few words why the rules are to change"),
    "rules.notice_too_short": _("The notice is too short: at least 14 days"),
    "rules.one_proposal_at_a_time": _("Another proposal waits for its second person; decide on that one first"),
    "rules.same_person": _("Another person has to confirm what you proposed"),
    "rules.not_waiting": _("This proposal has been decided meanwhile"),
    "rules.dry_run_changed": _("Other entries would fail now than were shown; withdraw this proposal and make another"),
}
