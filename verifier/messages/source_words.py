"""Sources of revocation lists and responders: what went wrong, what raises an alarm, what became of a certificate."""

from django.utils.translation import gettext_lazy as _

from verifier.messages.sentences import Words

# What an operator should look at (verifier.alarms).
ALARMS: dict[str, Words] = {
    "list.missing": _("No list could be had yet"),
    "list.stale": _("The list is out of its time: verifications are put off"),
    "list.going_stale": _("The list will soon be out of its time"),
    "list.failing": _("The last three looks failed"),
}

SOURCE_VIEWS: dict[str, Words] = {"alarms": _("With an alarm"), "all": _("All sources")}

# What became of a certificate after a verification.
BECAME: dict[str, Words] = {
    "revoked": _("The certificate has been revoked since."),
    "held": _("The certificate was put on hold."),
    "released": _("The hold of the certificate was lifted."),
    "reason_changed": _("The reason of the revocation was changed."),
}

REFRESH_ERRORS: dict[str, Words] = {
    "crl.no_source": _("No source is entered for this list: its distribution point or its signer is not known here."),
    "fetch.scheme": _("The address of the list is neither http nor https."),
    "fetch.unresolvable": _("The name of the list's server cannot be resolved."),
    "fetch.refused_address": _("The list's server is at an address that must not be called."),
    "fetch.refused_port": _("The list's server is on a port that must not be called."),
    "fetch.encoded": _("The list came compressed, which was not asked for."),
    "fetch.unreachable": _("The list's server cannot be reached."),
    "fetch.tls": _("No secure connection to the list's server."),
    "fetch.timeout": _("The list's server did not answer in time."),
    "fetch.too_large": _("The list is larger than allowed."),
    "fetch.incomplete": _("The list's server sent less than it announced."),
    "fetch.no_room": _("There is no room for the list on the worker's disk."),
    "fetch.redirected": _("The list's server sends on to another address, which is not followed."),
    "fetch.is_a_page": _("A web page came instead of the list."),
    "fetch.status": _("The list's server answered with an error."),
    "crl.malformed": _("What was fetched is not a revocation list."),
    "crl.algorithm": _("The list is signed by an algorithm that its CA may not use."),
    "crl.bad_signature": _("The list was not signed by the expected CA key."),
    "crl.other_generation": _("The list was signed by another generation of the CA; it belongs to that one's source."),
    "crl.not_kept": _("The list is good but could not be written down. Look at the worker's disk."),
    "crl.wrong_issuer": _("The list is of another issuer."),
    "crl.wrong_distribution_point": _("The list is of another distribution point."),
    "crl.not_yet_valid": _("The list is not valid yet."),
    "crl.stale": _("The fetched list is already past its next update."),
    "crl.unknown_critical_extension": _("The list holds a critical extension that is not known here."),
    "crl.delta": _("The list is a delta list, which is not used here."),
    "crl.indirect": _("The list is an indirect list, which is not used here."),
    "crl.unsupported_scope": _("The list covers only a part of what it should."),
    "crl.signer_unfit": _("The certificate may not sign revocation lists in the CA's place."),
    "crl.signer_revoked": _(
        "The list was signed in the CA's place by a certificate that is itself revoked or on hold."
    ),
    "crl.signer_unknown": _(
        "The list was signed in the CA's place by a certificate whose own status is not known at the moment."
    ),
    "crl.older_number": _("The list has a lower number than the one at hand, which is kept."),
    "crl.number_reused": _("The list differs from the one at hand but has the same number, which is kept."),
}

# Why a responder gave no answer to go by: the codes of `revocation.detail`.
OCSP_ERRORS: dict[str, Words] = {
    "ocsp.busy": _("Too many requests were waiting for OCSP at that moment."),
    "ocsp.paused": _("The responder did not answer several times and is left alone for a while."),
    "ocsp.no_signer": _("The responder wants signed requests, and this site has no key for them."),
    "ocsp.malformed": _("What the responder sent is not an OCSP response."),
    "ocsp.malformed_request": _("The responder could not read the request."),
    "ocsp.internal_error": _("The responder reports an error of its own."),
    "ocsp.try_later": _("The responder asks to be tried later."),
    "ocsp.sig_required": _("The responder wants signed requests."),
    "ocsp.unauthorized": _("The responder does not speak about this certificate."),
    "ocsp.other_certificate": _("The answer is about another certificate."),
    "ocsp.unknown_critical_extension": _("The answer holds a critical extension that is not known here."),
    "ocsp.algorithm": _("The answer is signed by an algorithm that is not accepted."),
    "ocsp.unknown_responder": _("The certificate of who signed the answer did not come with it."),
    "ocsp.bad_signature": _("The answer's signature is wrong."),
    "ocsp.delegate": _("Who signed the answer was not entitled to by this CA."),
    "ocsp.delegate_revoked": _("The certificate of who signed the answer was revoked."),
    "ocsp.delegate_unchecked": _("Whether the certificate of who signed the answer was revoked is not known."),
    "ocsp.nonce_missing": _("The answer lacks the nonce that was sent."),
    "ocsp.nonce_mismatch": _("The answer bears another nonce than the one that was sent."),
    "ocsp.times": _("The times in the answer contradict each other."),
    "ocsp.not_yet_valid": _("The answer is of a time to come."),
    "ocsp.stale": _("The answer is too old."),
    "fetch.scheme": _("The address of the responder is neither http nor https."),
    "fetch.unresolvable": _("The name of the responder cannot be resolved."),
    "fetch.refused_address": _("The responder is at an address that must not be called."),
    "fetch.refused_port": _("The responder is on a port that must not be called."),
    "fetch.encoded": _("The answer came compressed, which was not asked for."),
    "fetch.unreachable": _("The responder cannot be reached."),
    "fetch.tls": _("No secure connection to the responder."),
    "fetch.timeout": _("The responder did not answer in time."),
    "fetch.too_large": _("The answer is larger than allowed."),
    "fetch.incomplete": _("The responder sent less than it announced."),
    "fetch.redirected": _("The responder sends on to another address, which is not followed."),
    "fetch.status": _("The responder answered with an error of HTTP."),
}
