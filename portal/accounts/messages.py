"""Code -> sentence. Codes travel inside; words are chosen here, at the edge."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.accounts.models import PersonRecovery, User

SENTENCES: Final[dict[str, Promise]] = {
    "staff.not_an_operator": _("Only an operator can do this."),
    "staff.oneself": _("Nobody can take part in giving a role to themselves."),
    "staff.has_role": _("This person has this role already."),
    "staff.asked_already": _("A role for this address is waiting already. Withdraw it first to propose another one."),
    "staff.over": _("This was taken, withdrawn, or has run out. Nothing was changed."),
    "staff.confirmed_already": _("This was confirmed already. Nothing was changed."),
    "staff.same_person": _("You proposed this yourself: another operator has to confirm it."),
    "staff.proposer_left": _("Whoever proposed this is no longer an operator. Withdraw it and propose it anew."),
    "staff.has_account": _("There is an account for this address already. Log in with it."),
    "staff.other_person": _("This invitation was sent to another e-mail address."),
    "staff.inactive": _("This account is closed."),
    "staff.has_a_seat": _(
        "This person has a seat at a service provider. Staff may not: the seat has to be given up first."
    ),
    "staff.no_role": _("This person has no role of staff."),
    "staff.last_operator": _("The last operator stays. Bring in another operator first."),
    "staff.first_named_already": _("The first operator of this installation was named before. This works only once."),
    "people.oneself": _("Nobody closes or opens their own account."),
    "people.closed_already": _("This account is closed already."),
    "people.open_already": _("This account is open."),
    "recovery.link_over": _("This link was used, or is too old. Ask for a new one."),
    "recovery.over": _("This recovery is over. Nothing was changed."),
    "recovery.not_yours": _("This recovery is about somebody else."),
    "recovery.oneself": _("This is about your own account: two other operators decide."),
    "recovery.proposed_already": _("Another operator has just recorded the first confirmation. Read it, then confirm."),
    "recovery.not_proposed": _("The first confirmation is missing."),
    "recovery.two_people": _("You gave the first confirmation yourself: another operator has to give the second."),
    "recovery.first_left": _(
        "Whoever gave the first confirmation is no longer an operator. Refuse it; it can be asked anew."
    ),
    "recovery.confirmed_already": _("The second confirmation was recorded already. Nothing was changed."),
    "mail.not_sent": _("The mail could not be sent, so nothing was changed. Please try again later."),
}
LOST: Final[dict[str, Promise]] = {
    PersonRecovery.Lost.FACTORS: _("Second factor and recovery codes"),
    PersonRecovery.Lost.EVERYTHING: _("Password too"),
}
# Acts of the trail about a recovery.
RECOVERY_ACTS: Final[dict[str, Promise]] = {
    "person.recovery_asked": _("Asked for on the public page; a link sent by mail"),
    "person.recovery_proven": _("Address proven by the link"),
    "person.recovery_first_confirmed": _("First confirmation"),
    "person.recovery_second_confirmed": _("Second confirmation; the delay begins"),
    "person.recovery_done": _("Second factors removed, all log-ins ended"),
    "person.recovery_stopped": _("Stopped by the person"),
    "person.recovery_refused": _("Refused by an operator"),
    "person.recovery_lapsed": _("Lapsed: nobody went on with it in time"),
    "person.recovery_confirmer_left": _("Void: one of the two is no longer an operator"),
}
RECOVERY_ENDS: Final[dict[str, Promise]] = {
    PersonRecovery.Closing.STOPPED: _("stopped by the person"),
    PersonRecovery.Closing.REFUSED: _("refused by an operator"),
    PersonRecovery.Closing.LAPSED: _("lapsed"),
    PersonRecovery.Closing.CONFIRMER_LEFT: _("void: one of the two is no longer an operator"),
}
ROLES: Final[dict[str, Promise]] = {
    User.Role.MEMBER: pgettext_lazy("seat", "member"),
    User.Role.REVIEWER: pgettext_lazy("seat", "reviewer"),
    User.Role.OPERATOR: pgettext_lazy("seat", "operator"),
    User.Role.AUDITOR: pgettext_lazy("seat", "auditor"),
}
ROLES_EXPLAINED: Final[dict[str, Promise]] = {
    User.Role.REVIEWER: _("Examines applications and decides on them, always with a second reviewer."),
    User.Role.OPERATOR: _(
        "Brings in staff, takes roles away, helps people back into their account. Decides on no application."
    ),
    User.Role.AUDITOR: _("Reads the whole audit trail and exports it. Changes nothing."),
}


def sentence(code: str) -> str:
    """The sentence for a code of this app, in the present language; KeyError for an unknown code."""
    return str(SENTENCES[code])
