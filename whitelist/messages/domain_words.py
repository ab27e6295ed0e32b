"""Words for proofs of domains: states, what each server's answer means, mail."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from whitelist.policy.domain_proof import Seen, State

Words = Promise | str

STATES: Final[Mapping[State, tuple[str, Words]]] = {
    State.WAITING: ("waiting", pgettext_lazy("domain proof", "Waiting")),
    State.PROVEN: ("ok", pgettext_lazy("domain proof", "Proven")),
    State.LAPSED: ("error", pgettext_lazy("domain proof", "Lapsed")),
}
MISSING: Final = ("warning", pgettext_lazy("domain proof", "Proven, but no longer found"))

ROLES: Final[Mapping[str, Words]] = {
    "authority": _("Name server"),
    "resolver": _("Resolver"),
    "web": _("Web server"),
}

# What the answer means for the proof: (how it is drawn, the word, what to do or to know).
SEEN: Final[Mapping[Seen, tuple[str, Words, Words]]] = {
    Seen.MATCH: ("ok", pgettext_lazy("proof answer", "Match"), ""),
    Seen.OLD_VALUE: (
        "error",
        pgettext_lazy("proof answer", "Old value"),
        _("An earlier value stands here. Replace it; if you have, this server has not taken over the change yet."),
    ),
    Seen.OTHER_VALUE: (
        "error",
        pgettext_lazy("proof answer", "Another value"),
        _("Something else stands here. Put the wanted value beside it or in its place."),
    ),
    Seen.NO_RECORD: (
        "waiting",
        pgettext_lazy("proof answer", "Not there yet"),
        _("The name is known, but has no TXT record."),
    ),
    Seen.NO_NAME: (
        "waiting",
        pgettext_lazy("proof answer", "Not there yet"),
        _("There is no such name (NXDOMAIN)."),
    ),
    Seen.CACHED_NO_NAME: (
        "waiting",
        pgettext_lazy("proof answer", "Remembers the old state"),
        _("This resolver asked before the record was there and remembers that there was none. It passes by itself."),
    ),
    Seen.SILENT: ("unknown", pgettext_lazy("proof answer", "No answer"), _("Not counted; asked again next time.")),
    Seen.FAILED: (
        "unknown",
        pgettext_lazy("proof answer", "Could not say"),
        _("The server reported an error. Not counted; asked again next time."),
    ),
    Seen.INNER_ADDRESS: (
        "error",
        pgettext_lazy("proof answer", "Not called"),
        _("Its name leads to an address inside a private network."),
    ),
    Seen.REDIRECTED: (
        "error",
        pgettext_lazy("proof answer", "Redirects"),
        _("The file must be served at exactly this address, without a redirect."),
    ),
    Seen.NOT_FOUND: (
        "waiting",
        pgettext_lazy("proof answer", "Not there yet"),
        _("The file is not served, or is empty."),
    ),
    Seen.NOT_SECURE: (
        "error",
        pgettext_lazy("proof answer", "No secure connection"),
        _("The server's certificate is not accepted, so its file proves nothing."),
    ),
    Seen.TOO_LARGE: (
        "error",
        pgettext_lazy("proof answer", "Too large"),
        _("The file holds more than the value. Leave only the value in it."),
    ),
}

REFUSALS: Final[Mapping[str, Words]] = {
    "domain.not_provable": _(
        "This is no domain that can be proven. Enter a name such as bank.example.jp, without https:// or a path."
    ),
    "domain.too_many": _("Your organisation has too many domains under way. Remove those that are not needed."),
    "domain.already_proven": _("The domain is already proven."),
}

# Subject, what happened, what to do.
MAILS: Final[Mapping[str, tuple[Words, Words, Words]]] = {
    "proven": (
        _("Your domain is proven"),
        _("The proof for the domain below was found."),
        _("Leave the record or file where it is: it is looked at every day."),
    ),
    "missing": (
        _("The proof of your domain is gone"),
        _("The daily check did not find the proof for the domain below."),
        _("Put the record or file back within 14 days, or the proof lapses."),
    ),
    "lapsed": (
        _("The proof of your domain has lapsed"),
        _("The proof for the domain below was not found for 14 days. It is no longer looked for."),
        _("Open the page and press Check now to begin again."),
    ),
}


def state(proof: Any) -> dict[str, Any]:
    """Meaning and word of a proof's state, for status and chip."""
    meaning, word = MISSING if proof.missing_since and proof.state == State.PROVEN else STATES[State(proof.state)]
    return {"meaning": meaning, "word": word}


def refusal(code: str) -> str:
    """The sentence for the code of a refusal, in the active language."""
    return str(REFUSALS[code])
