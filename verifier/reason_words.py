"""What a reason for revocation means in JPKI, and what the holder can do, which differs between card and phone.

Meanings: the certification practice statements' section 4.9 as relayed by platform operators' documents. Release of a
hold: at the municipality for the card, in the app for the phone (Digital Agency, explanatory pages on the smartphone
certificates).
"""

from functools import lru_cache

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from verifier.messages.sentences import Words
from verifier.pki.reasons import RevocationReason as Reason

MEANINGS: dict[Reason, Words] = {
    Reason.UNSPECIFIED: _("The certificate was discarded before it reached the holder."),
    Reason.KEY_COMPROMISE: _("The holder's key may be known to others."),
    Reason.CA_COMPROMISE: _("The CA's own key may be known to others."),
    Reason.AFFILIATION_CHANGED: _("The recorded name, address, sex or date of birth has changed."),
    Reason.SUPERSEDED: _("The certificate was renewed or issued again."),
    Reason.CESSATION_OF_OPERATION: _("The certificate is no longer needed (at request, by death, by moving abroad)."),
    Reason.CERTIFICATE_HOLD: _("Possible loss or misuse: the certificate is held for the time being."),
    Reason.PRIVILEGE_WITHDRAWN: _("This reason has no meaning in JPKI."),
    Reason.AA_COMPROMISE: _("This reason has no meaning in JPKI."),
}

_NEW_CARD = _("Have a new certificate issued for the card at the counter of the municipality.")
_NEW_PHONE = _("Apply for the phone's certificates again in the app, with the card.")
_WAIT = _("Wait for what J-LIS announces.")
_ADVICE: dict[str, dict[Reason, Words]] = {
    "card": {
        Reason.CA_COMPROMISE: _WAIT,
        Reason.SUPERSEDED: _("Use the card that was handed out last."),
        Reason.CERTIFICATE_HOLD: _(
            "If the card was found, go to the counter of the municipality: the hold ends there, and a new certificate "
            "is issued."
        ),
    },
    "phone": {
        Reason.CA_COMPROMISE: _WAIT,
        Reason.AFFILIATION_CHANGED: _(
            "Have the card's certificate issued again at the counter of the municipality first; then apply for the "
            "phone's again in the app."
        ),
        Reason.SUPERSEDED: _("Use the phone that was registered last."),
        Reason.CERTIFICATE_HOLD: _(
            "If the phone was found, release the hold in the app. The certificate for user authentication works again; "
            "the one for signatures is issued anew and has to be registered again."
        ),
    },
}
_OTHERWISE: dict[str, Words] = {"card": _NEW_CARD, "phone": _NEW_PHONE}


def advice(reason: Reason, group: str) -> Words:
    """What the holder can do; `group` is card or phone."""
    return _ADVICE[group].get(reason, _OTHERWISE[group])


@lru_cache(maxsize=256)
def told(reason_code: str, group: str, language: str) -> dict[str, str]:
    """Meaning and advice of a reason's code in one language, as plain text; empty for a code of no reason."""
    reason = next((reason for reason in MEANINGS if reason.code == reason_code), None)
    if reason is None or group not in _ADVICE:
        return {}
    with translation.override(language):
        return {"reason_meaning": str(MEANINGS[reason]), "advice": str(advice(reason, group))}
