"""Kind of mail -> subject, sentence and where it leads."""

from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Words(NamedTuple):
    """`%(provider)s` is the organisation's name; a mail's other values are named where it is sent."""

    subject: Promise
    body: Promise
    url_name: str = "providers:provider-detail"


MAILS: Final[dict[str, Words]] = {
    "standing_confirmed": Words(
        _("Confirmed: %(provider)s"),
        _("A reviewer has confirmed what %(provider)s entered about itself."),
    ),
    "standing_refused": Words(
        _("Not confirmed: %(provider)s"),
        _(
            "A reviewer could not confirm what %(provider)s entered about itself.\n\nReason: %(reason)s\n\n"
            "Please correct it and enter it again."
        ),
    ),
    "accreditation_ends": Words(
        _("%(days)s days left: certification of %(provider)s"),
        _(
            "The certification %(number)s of %(provider)s is valid until %(last_day)s (Japan time). "
            "From the day after, production calls are refused. Enter the renewed certification in time."
        ),
    ),
    "delegation_ends": Words(
        _("%(days)s days left: delegation of %(provider)s"),
        _(
            "The delegation of %(provider)s to %(operator)s ends with %(last_day)s (Japan time). "
            "From the day after, production calls are refused. Agree on its renewal in time."
        ),
    ),
    "ownership_offered": Words(
        _("%(person)s hands over the ownership of %(provider)s to you"),
        _(
            "%(person)s offers you the ownership of %(provider)s. Accept on the page of members within %(days)s days: "
            "you become an owner, %(person)s a member."
        ),
        "providers:member-list",
    ),
    "recovery_asked": Words(
        _("A new owner is asked for: %(provider)s"),
        _(
            "Somebody says that no owner of %(provider)s can log in, and asks that %(email)s becomes an owner. "
            "If you can log in, stop it on the page of members."
        ),
        "providers:member-list",
    ),
    "recovery_confirmed": Words(
        _("In %(hours)s hours a new owner: %(provider)s"),
        _(
            "Two reviewers have confirmed that %(email)s becomes an owner of %(provider)s in %(hours)s hours. "
            "If you can log in, stop it on the page of members."
        ),
        "providers:member-list",
    ),
    "recovery_done": Words(
        _("New owner: %(provider)s"),
        _("%(email)s is now an owner of %(provider)s, or has been invited as one."),
        "providers:member-list",
    ),
}
