"""Code -> sentence. Codes travel inside; words are chosen here, at the edge."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.accounts.models import User

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
    "mail.not_sent": _("The mail could not be sent, so nothing was changed. Please try again later."),
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
