"""Words for the sandbox's codes. Codes stand inside, sentences only here; each has its Japanese in the catalogue."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = Promise | str

SENTENCES: Mapping[str, Words] = {
    # the service's request
    "request.parameter_missing": _("This parameter is missing or empty."),
    "request.parameter_twice": _("This parameter is given more than once."),
    "request.too_many_parameters": _("There are too many parameters."),
    "request.id_malformed": _("A request id has 8 to 64 characters: letters, digits, hyphen and underscore."),
    "request.id_reused": _("This request id was used for another request. Make a new id for every request."),
    "request.purpose_unknown": _("The purpose must be user_authentication or signature."),
    "request.way_unknown": _("The way in must be app_link, browser_link or qr."),
    "request.message_malformed": _("The bytes to sign must be base64url without line breaks."),
    "request.message_too_long": _("At most 4,096 bytes can be signed by this way."),
    "request.return_url_too_long": _("A return URL has at most 2,048 bytes."),
    "request.finished": _("This request is over. Nothing was signed again."),
    "request.expired": _("The time for this request is over. Nothing was signed."),
    "request.already_delivered": _("The answer was handed over already. It is not sent a second time."),
    "request.nothing_to_deliver": _("There is no answer to hand over."),
    # the whitelist
    "list.no_match": _("The return server is not in the list."),
    "list.purpose_not_granted": _("The return server is listed, but not for this purpose."),
    "list.way_not_granted": _("The return server is listed, but not for this way in."),
    # the phone
    "phone.no_certificate": _("This phone has no certificate for this purpose."),
    "pin.refused": _("The password is wrong."),
    "pin.locked": _("The password is locked after too many errors."),
    "pin.malformed": _("The password does not have the right form. No try was used."),
    # applying for phone certificates
    "eligibility.card_signature_missing": _("The card has no signature certificate."),
    "eligibility.card_signature_revoked": _("The card's signature certificate is revoked."),
    "eligibility.card_signature_on_hold": _("The card's signature certificate is on hold."),
    "eligibility.card_signature_not_yet_valid": _("The card's signature certificate is not valid yet."),
    "eligibility.card_signature_expired": _("The card's signature certificate has expired."),
    "eligibility.device_is_not_a_phone": _("The device is not a phone."),
    "eligibility.device_without_secure_element": _("The phone has no Secure Element."),
    "eligibility.device_os_too_old": _("The operating system of the phone is too old."),
    "eligibility.nothing_applied_for": _("Choose at least one certificate."),
    "eligibility.purpose_twice": _("The same certificate was applied for twice."),
    "eligibility.already_issued": _("This phone already has a certificate of that kind, valid or on hold."),
    "eligibility.on_another_device": _(
        "Another phone has valid certificates. Agree to their revocation to change the phone."
    ),
    "issuance.no_card_signature_certificate": _("There is no card signature certificate to hang on."),
    "issuance.card_signature_certificate_not_good": _("The card's signature certificate is revoked or on hold."),
    "issuance.card_signature_certificate_outside_validity": _("The card's signature certificate is outside its time."),
    "order.identity_not_confirmed": _("The card's signature was not accepted by the verifier."),
    # standing
    "revocation.already_on_hold": _("The certificates are on hold already."),
    "revocation.already_revoked": _("The certificates are revoked already."),
    "revocation.not_on_hold": _("Nothing is on hold on this phone."),
    "revocation.card_is_never_released": _("A card's hold is never lifted; a new certificate is issued."),
    "revocation.reason_not_allowed": _("This reason cannot be given for a single certificate."),
    "revocation.no_certificate": _("This phone has no certificate."),
    # making the environment
    "provisioning.stopped": _("The test environment could not be made. Nothing of yours was lost."),
}


def sentence(code: str) -> str:
    """The sentence for a code in the active language; a finding of the lint, which only we can cause, stays a code."""
    return str(SENTENCES.get(code, code))


PURPOSES: Mapping[str, Words] = {
    "user_authentication": pgettext_lazy("purpose", "User authentication"),
    "signature": pgettext_lazy("purpose", "Signature"),
}
CERTIFICATES: Mapping[str, Words] = {
    "user_authentication": _("User authentication certificate"),
    "signature": _("Signature certificate"),
}
WAYS: Mapping[str, Words] = {
    "app_link": _("App link"),
    "browser_link": _("Browser link"),
    "qr": _("QR code"),
}
PARAMETERS: Mapping[str, Words] = {
    "request_id": _("Request id"),
    "purpose": pgettext_lazy("parameter", "Purpose"),
    "message": _("Bytes to sign"),
    "return_url": _("Return URL"),
    "way": _("Way in"),
    "env": _("Environment"),
    "query": _("The whole request"),
}
STAGES: Mapping[str, Words] = {
    "authorities": _("Two certification authorities and the verifier's trust in them"),
    "cards": _("Personas with test cards"),
    "phones": _("Phones with certificates, applied for step by step"),
    "revocation_lists": _("Revocation lists for card and phone"),
}
ORDER_STEPS: Mapping[str, tuple[Words, Words]] = {
    "check_eligibility": (_("Application and conditions"), _("Register → TSM")),
    "confirm_identity": (_("Identity check by the card's signature"), _("Card → verifier")),
    "install_applet": (_("Applet placed in the Secure Element"), _("SEI-TSM → phone")),
    "make_keys": (_("Key pair made in the Secure Element"), _("SP-TSM → phone")),
    "issue_certificates": (_("Certificates issued by the CA"), _("SP-TSM → CA")),
    "store_certificates": (_("Certificates stored on the phone"), _("SP-TSM → phone")),
}
ORDER_STATES: Mapping[str, tuple[str, Words]] = {
    "stored": ("ok", _("Issued")),
    "refused": ("error", _("Refused")),
    "failed": ("error", _("Failed")),
}
STANDINGS: Mapping[str, tuple[str, Words]] = {
    "good": ("ok", pgettext_lazy("certificate", "Good")),
    "on_hold": ("error", pgettext_lazy("certificate", "On hold")),
    "revoked": ("error", pgettext_lazy("certificate", "Revoked")),
}
REASONS: Mapping[int, Words] = {
    0: _("unspecified"),
    1: _("key compromise"),
    3: _("recorded data changed"),
    4: _("replaced by another certificate"),
    5: _("no longer used"),
    6: _("possible loss"),
}
# Titles of the personas; the id tells the outcome and never changes its meaning.
PERSONA_TITLES: Mapping[str, Words] = {
    "P01": _("Everything in order"),
    "P02": _("Phone on hold"),
    "P03": _("Revoked by a change of phone"),
    "P06": _("Moved house: signature revoked"),
    "P12": _("Long name, substitute characters"),
    "P14": _("User authentication PIN locked"),
    "P19": _("iPhone"),
    "P21": _("No phone certificates yet"),
}
# Meaning (look) and words of what a persona's journey ends with.
OUTCOMES: Mapping[str, tuple[str, Words]] = {
    "ok": ("ok", pgettext_lazy("verdict", "Valid")),
    "cert.on_hold": ("error", pgettext_lazy("outcome", "Invalid: on hold")),
    "cert.revoked": ("error", pgettext_lazy("outcome", "Invalid: revoked")),
    "pin.locked": ("not_run", pgettext_lazy("outcome", "Stops at the PIN")),
    "phone.no_certificate": ("not_run", pgettext_lazy("outcome", "No certificate")),
}


def outcome(code: str) -> tuple[str, Words]:
    return OUTCOMES.get(code, ("info", code))


DEVICE_NAMES: Mapping[str, Words] = {
    "phone_android": _("Virtual Android %(version)s (GP-SE)"),
    "phone_iphone": _("Virtual iPhone, iOS %(version)s"),
}
SCREEN_LOCKS: Mapping[str, Words] = {
    "biometric": _("Fingerprint or face (class 3)"),
    "screen_pin": _("Screen PIN"),
    "pattern": _("Pattern"),
}


def device_name(medium: str, major: int, minor: int) -> str:
    version = f"{major}.{minor}" if minor else str(major)
    return str(DEVICE_NAMES[medium]) % {"version": version}
