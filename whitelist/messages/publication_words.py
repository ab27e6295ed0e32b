"""Words of the published list: kinds of change, refusals about TSMs."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_CHANGES: dict[str, str | Promise] = {
    "entered": gettext_lazy("Added %(n)d"),
    "removed": gettext_lazy("Removed %(n)d"),
    "suspended": gettext_lazy("Stopped %(n)d"),
    "reinstated": gettext_lazy("Back %(n)d"),
    "changed": gettext_lazy("Changed %(n)d"),
    "key_changed": gettext_lazy("Key changed"),
}
_ENTRY_CHANGES: dict[str, str | Promise] = {
    "entered": gettext_lazy("Registered in the list"),
    "removed": gettext_lazy("Taken out of the list"),
    "suspended": gettext_lazy("Stopped, out of the list"),
    "reinstated": gettext_lazy("Back in the list"),
    "changed": gettext_lazy("Changed in the list"),
}
_REFUSALS: dict[str, str | Promise] = {
    "consumer.name_taken": gettext_lazy("There is a TSM with this name already."),
    "consumer.confirmed_by_same": gettext_lazy("Another operator has to confirm it, not the one who entered it."),
    "consumer.not_waiting": gettext_lazy("This TSM does not wait for a confirmation any more."),
}


def change(kind: str, count: int) -> str:
    """`count` changes of one kind, as the record of changes says it."""
    words = str(_CHANGES[kind])
    return words % {"n": count} if "%(n)d" in words else words


def entry_change(kind: str) -> str:
    """What a list version did with one entry."""
    return str(_ENTRY_CHANGES[kind])


def refusal(code: str) -> str:
    """Why a verb about TSMs was not done."""
    return str(_REFUSALS.get(code, _("This is not possible now.")))
