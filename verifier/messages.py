"""Words for the codes: what a verdict means and what to do, the names of steps, why a list could not be had."""

from functools import lru_cache
from typing import NamedTuple

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal import problems

Words = str | Promise


class Sentence(NamedTuple):
    """What happened, and what the caller should do."""

    title: Words
    advice: Words


VERDICTS: dict[str, Sentence] = {
    "ok": Sentence(
        _("The signature is valid and the certificate was not revoked."),
        _("Go on. Keep the verification ID with your record of the procedure."),
    ),
    "cert.malformed": Sentence(
        _("These bytes are not one certificate."),
        _("Send the DER certificate as the app returned it, base64 encoded once, without PEM lines."),
    ),
    "cert.wrong_kind": Sentence(
        _("The certificate is for the other purpose."),
        _("Ask the app for the certificate of the purpose you verify: signature or user authentication."),
    ),
    "cert.unknown_kind": Sentence(
        _("The certificate is of no kind known here."),
        _("Send the holder's own certificate, not a CA certificate. Its policy OID is shown in the steps."),
    ),
    "cert.medium_contradiction": Sentence(
        _("The certificate is not of the medium that the app declared."),
        _("Pass on the app's own answer about the medium. If it is right, treat the case as suspicious."),
    ),
    "env.sandbox_certificate": Sentence(
        _("This is a sandbox certificate; it is worth nothing in production."),
        _("Use a test key (spk_test_…) for sandbox certificates, and real certificates in production."),
    ),
    "env.production_certificate": Sentence(
        _("This is a real certificate; a test environment does not accept it."),
        _("Never send certificates of real people to a test environment. Use its personas."),
    ),
    "cert.issuer_unknown": Sentence(
        _("No CA trusted in this environment issued this certificate."),
        _("In a sandbox: use personas of this very environment. In production: tell the operator."),
    ),
    "cert.bad_signature": Sentence(
        _("The certificate was not signed by the CA it names."),
        _("Refuse. If it happens with an untouched certificate, compare the bytes on their way to you."),
    ),
    "cert.not_yet_valid": Sentence(
        _("The certificate is not valid yet."), _("Refuse. In a sandbox, look at the environment's clock.")
    ),
    "cert.expired": Sentence(
        _("The certificate has expired."), _("Ask the holder to renew the card's certificate, then the phone's.")
    ),
    "cert.key_usage": Sentence(
        _("The certificate's key usage is not that of its kind."), _("Refuse: no certificate of this kind looks so.")
    ),
    "cert.policy": Sentence(
        _("The certificate's policy is not as its kind demands."), _("Refuse: no certificate of this kind looks so.")
    ),
    "cert.distribution_point": Sentence(
        _("The certificate's CRL distribution point is not of the form of its kind."),
        _("Refuse: no certificate of this kind looks so. The table of certificate kinds shows the form."),
    ),
    "cert.unknown_critical_extension": Sentence(
        _("The certificate holds a critical extension that is not known here."),
        _("Refuse (RFC 5280 section 4.2). Tell the operator if it is a genuine certificate."),
    ),
    "cert.algorithm": Sentence(
        _("The certificate is signed by an algorithm that its CA may not use for this kind."),
        _("Refuse. The steps show the algorithm; the table of certificate kinds says which ones are accepted."),
    ),
    "cert.weak_key": Sentence(
        _("The certificate's key is not strong enough."),
        _("Refuse: the key is of no algorithm that this kind of certificate may use."),
    ),
    "path.name_constraints": Sentence(
        _("The certificate bears a name that its CA may not certify."),
        _("Refuse (RFC 5280 section 4.2.1.10). Tell the operator if it is a genuine certificate."),
    ),
    "path.work_limit": Sentence(
        _("The certificate is made so that checking it would take too much work."),
        _("Refuse: no genuine certificate looks so."),
    ),
    "sig.mismatch": Sentence(
        _("The signature does not match the message."),
        _("Send exactly the bytes that were signed. If you sent a hash as the message, send what was hashed."),
    ),
    "sig.no_digestinfo": Sentence(
        _("The signature was made without DigestInfo."),
        _("Have a DigestInfo with SHA-256 signed, not the bare hash (RFC 8017 section 9.2)."),
    ),
    "sig.bad_encoding": Sentence(
        _("The signature is not encoded as its scheme says."),
        _("RSA: have a DigestInfo in DER signed, nothing more. ECDSA: send the DER form, not r and s side by side."),
    ),
    "sig.hashed_twice": Sentence(
        _("The signature is over the hash of the hash."),
        _("Hand the app the message, or tell the signing function that it is given a hash; do not hash twice."),
    ),
    "sig.message_is_digest": Sentence(
        _("What was sent as the message is its hash."),
        _("Send the message itself, or send the hash in the field “digest”."),
    ),
    "sig.other_scheme": Sentence(
        _("The signature was made by another scheme than the one asked for."),
        _("Name the scheme in the field “scheme”. It is never guessed; the steps show what was found."),
    ),
    "sig.scheme_not_allowed": Sentence(
        _("This kind of certificate does not sign by that scheme."),
        _("Use a scheme of the certificate's kind; the API reference lists them."),
    ),
    "sig.other_key": Sentence(
        _("The certificate's key is not one for that scheme."),
        _("Name a scheme of the key's kind: RSA, or ECDSA on the key's own curve."),
    ),
    "sig.sha1": Sentence(
        _("The signature uses SHA-1, which is not accepted."), _("Have it signed with SHA-256 or longer.")
    ),
    "cms.malformed": Sentence(
        _("These bytes are not one CMS signature."),
        _("Send one SignedData (RFC 5652) in DER, base64 encoded once, without PEM lines."),
    ),
    "cms.not_der": Sentence(
        _("The CMS signature is encoded as BER, not as DER."),
        _('Have it written in DER: OpenSSL without -stream, Bouncy Castle with getEncoded("DER").'),
    ),
    "cms.no_signer": Sentence(
        _("The CMS signature has no signer."), _("Refuse: a container of certificates alone proves nothing.")
    ),
    "cms.several_signers": Sentence(
        _("The CMS signature has more than one signer."),
        _("Send the certificate of the signer you mean, once for each of them."),
    ),
    "cms.certificate_missing": Sentence(
        _("The signer's certificate is not in the CMS signature."),
        _("Send it in the field “certificate”, or have it embedded when signing."),
    ),
    "cms.other_certificate": Sentence(
        _("The certificate that was sent is of none of the signers."), _("Send the certificate that the signer names.")
    ),
    "cms.content_missing": Sentence(
        _("The CMS signature is detached and the content was not sent."),
        _("Send what was signed in “message”, or its hash in “digest”."),
    ),
    "cms.content_differs": Sentence(
        _("The content in the CMS signature is not the one that was sent."),
        _("Refuse: the signature is over something else than you think."),
    ),
    "cms.no_signed_attributes": Sentence(
        _("The CMS signature has no signed attributes."),
        _("Have it made with them (OpenSSL: without -noattr); without them a signature can be passed off as another."),
    ),
    "cms.content_type": Sentence(
        _("The content type in the CMS signature is not that of data."),
        _("Have the document signed as id-data, and the content type named in the signed attributes."),
    ),
    "cms.message_digest": Sentence(
        _("The content is not the one that the CMS signature is over."),
        _("Send exactly the bytes that were signed, without changed line ends (OpenSSL: -binary)."),
    ),
    "cms.signing_certificate": Sentence(
        _("The signed attributes name another certificate than the signer's."),
        _("Refuse: the certificate was exchanged, or the signing software is at fault."),
    ),
    "cms.algorithm": Sentence(
        _("The algorithms stated in the CMS signature are not accepted or contradict each other."),
        _("Use RSA or ECDSA with SHA-256, SHA-384 or SHA-512; with PSS the same hash in MGF1 and as long a salt."),
    ),
    "document.form": Sentence(
        _("The signature in the document is of a form that is not taken."),
        _(
            "PDF: have it signed as PAdES (ETSI.CAdES.detached) or adbe.pkcs7.detached. XML: an enveloped or "
            "enveloping signature without references to other places, in a document without instructions (style "
            "sheets) beside its root."
        ),
    ),
    "document.several_signatures": Sentence(
        _("The XML document holds more than one signature."),
        _("Send it with one signature; a countersignature inside counts as one more."),
    ),
    "document.partly_signed": Sentence(
        _("The signature does not cover the whole document."),
        _("Refuse: what stands outside the signed part may have been written by anybody."),
    ),
    "document.changed": Sentence(
        _("The document was changed after it was signed."),
        _("Refuse, and ask for the document as it was signed. Only time-stamps and further signatures may be added."),
    ),
    "document.properties": Sentence(
        _("The signature lacks what its form demands."),
        _("Have the signing certificate named in what is signed (PAdES, XAdES baseline B)."),
    ),
    "document.signing_certificate": Sentence(
        _("The signed properties name another certificate than the signer's."),
        _("Refuse: the certificate was exchanged, or the signing software is at fault."),
    ),
    "document.certificate_missing": Sentence(
        _("The signer's certificate cannot be told from the document."),
        _("Have it embedded when signing (X509Data with the signer's certificate)."),
    ),
    "document.algorithm": Sentence(
        _("The document is signed by an algorithm that is not accepted."),
        _("Use RSA or ECDSA with SHA-256, SHA-384 or SHA-512."),
    ),
    "challenge.unknown": Sentence(
        _("There is no such challenge of yours."),
        _("Use the challenge_id that was issued to your organisation in this environment."),
    ),
    "challenge.used": Sentence(
        _("The challenge has been used already."),
        _("Refuse, and issue a new challenge for the next attempt. If you did not use it, somebody replays answers."),
    ),
    "challenge.expired": Sentence(
        _("The challenge has expired."), _("Issue a new challenge and have the user try again.")
    ),
    "challenge.wrong_purpose": Sentence(
        _("The challenge was issued for the other purpose."), _("Issue a challenge for the purpose you verify.")
    ),
    "challenge.replayed": Sentence(
        _("This challenge of yours was presented before."),
        _("Refuse: make a new random challenge for every attempt, and never take an answer twice."),
    ),
    "cert.revoked": Sentence(
        _("The certificate was revoked."), _("Refuse. Trying again will not change the result. Offer another way.")
    ),
    "cert.on_hold": Sentence(
        _("The certificate is temporarily on hold."),
        _("Tell the user that the phone's certificate is on hold, and offer the procedure with the card."),
    ),
    "revocation.source_missing": Sentence(
        _("The revocation list is not there, so nothing can be decided."),
        _("Do not accept. Send the request again after the time in Retry-After."),
    ),
    "revocation.source_stale": Sentence(
        _("The revocation list is too old, so nothing can be decided."),
        _("Do not accept. Send the request again after the time in Retry-After."),
    ),
    "revocation.source_unavailable": Sentence(
        _("The OCSP responder gave no answer to go by, so nothing can be decided."),
        _("Do not accept. Send the request again after the time in Retry-After, or leave the choice to “automatic”."),
    ),
    "revocation.unknown": Sentence(
        _("The OCSP responder does not know this certificate, so nothing can be decided."),
        _("Do not accept. A certificate issued minutes ago may not be known yet; if it stays so, tell the operator."),
    ),
}

STEPS: dict[str, Words] = {
    "challenge": _("Challenge"),
    "document": _("The document"),
    "container": _("Container of the signature"),
    "format": _("Form of the certificate"),
    "kind": _("Purpose and medium"),
    "issuer": _("Finding the issuer"),
    "certificate_signature": _("Signature on the certificate"),
    "validity": _("Validity period"),
    "usage_and_policy": _("Key usage and policy"),
    "signature_value": _("Signature value"),
    "revocation": _("Revocation"),
}

SHORT: dict[str, Words] = {
    "ok": "",
    "cert.malformed": pgettext_lazy("verdict in a list", "not a certificate"),
    "cert.wrong_kind": pgettext_lazy("verdict in a list", "other purpose"),
    "cert.unknown_kind": pgettext_lazy("verdict in a list", "unknown kind"),
    "cert.medium_contradiction": pgettext_lazy("verdict in a list", "medium contradicts"),
    "env.sandbox_certificate": pgettext_lazy("verdict in a list", "sandbox certificate"),
    "env.production_certificate": pgettext_lazy("verdict in a list", "real certificate"),
    "cert.issuer_unknown": pgettext_lazy("verdict in a list", "unknown issuer"),
    "cert.bad_signature": pgettext_lazy("verdict in a list", "not signed by its CA"),
    "cert.not_yet_valid": pgettext_lazy("verdict in a list", "not valid yet"),
    "cert.expired": pgettext_lazy("verdict in a list", "expired"),
    "cert.key_usage": pgettext_lazy("verdict in a list", "wrong key usage"),
    "cert.policy": pgettext_lazy("verdict in a list", "wrong policy"),
    "cert.unknown_critical_extension": pgettext_lazy("verdict in a list", "unknown critical extension"),
    "cert.distribution_point": pgettext_lazy("verdict in a list", "wrong CRL distribution point"),
    "cert.algorithm": pgettext_lazy("verdict in a list", "algorithm not accepted"),
    "cert.weak_key": pgettext_lazy("verdict in a list", "weak key"),
    "path.name_constraints": pgettext_lazy("verdict in a list", "name not permitted"),
    "path.work_limit": pgettext_lazy("verdict in a list", "too much work"),
    "sig.mismatch": pgettext_lazy("verdict in a list", "signature does not match"),
    "sig.no_digestinfo": pgettext_lazy("verdict in a list", "no DigestInfo"),
    "sig.bad_encoding": pgettext_lazy("verdict in a list", "badly encoded"),
    "sig.hashed_twice": pgettext_lazy("verdict in a list", "hashed twice"),
    "sig.message_is_digest": pgettext_lazy("verdict in a list", "hash sent as message"),
    "sig.other_scheme": pgettext_lazy("verdict in a list", "other scheme"),
    "sig.scheme_not_allowed": pgettext_lazy("verdict in a list", "scheme not allowed"),
    "sig.other_key": pgettext_lazy("verdict in a list", "other kind of key"),
    "sig.sha1": pgettext_lazy("verdict in a list", "SHA-1"),
    "cms.malformed": pgettext_lazy("verdict in a list", "not a CMS signature"),
    "cms.not_der": pgettext_lazy("verdict in a list", "not DER"),
    "cms.no_signer": pgettext_lazy("verdict in a list", "no signer"),
    "cms.several_signers": pgettext_lazy("verdict in a list", "several signers"),
    "cms.certificate_missing": pgettext_lazy("verdict in a list", "certificate missing"),
    "cms.other_certificate": pgettext_lazy("verdict in a list", "other certificate"),
    "cms.content_missing": pgettext_lazy("verdict in a list", "content missing"),
    "cms.content_differs": pgettext_lazy("verdict in a list", "other content"),
    "cms.no_signed_attributes": pgettext_lazy("verdict in a list", "no signed attributes"),
    "cms.content_type": pgettext_lazy("verdict in a list", "wrong content type"),
    "cms.message_digest": pgettext_lazy("verdict in a list", "content does not match"),
    "cms.signing_certificate": pgettext_lazy("verdict in a list", "names another certificate"),
    "cms.algorithm": pgettext_lazy("verdict in a list", "CMS algorithm not accepted"),
    "document.form": pgettext_lazy("verdict in a list", "form not taken"),
    "document.several_signatures": pgettext_lazy("verdict in a list", "several signatures"),
    "document.partly_signed": pgettext_lazy("verdict in a list", "only partly signed"),
    "document.changed": pgettext_lazy("verdict in a list", "changed after signing"),
    "document.properties": pgettext_lazy("verdict in a list", "signed properties missing"),
    "document.signing_certificate": pgettext_lazy("verdict in a list", "names another certificate"),
    "document.certificate_missing": pgettext_lazy("verdict in a list", "certificate missing"),
    "document.algorithm": pgettext_lazy("verdict in a list", "algorithm not accepted"),
    "challenge.unknown": pgettext_lazy("verdict in a list", "unknown challenge"),
    "challenge.used": pgettext_lazy("verdict in a list", "used challenge"),
    "challenge.expired": pgettext_lazy("verdict in a list", "expired challenge"),
    "challenge.wrong_purpose": pgettext_lazy("verdict in a list", "challenge for the other purpose"),
    "challenge.replayed": pgettext_lazy("verdict in a list", "replayed challenge"),
    "cert.revoked": pgettext_lazy("verdict in a list", "revoked"),
    "cert.on_hold": pgettext_lazy("verdict in a list", "on hold"),
    "revocation.source_missing": pgettext_lazy("verdict in a list", "no revocation list"),
    "revocation.source_stale": pgettext_lazy("verdict in a list", "old revocation list"),
    "revocation.source_unavailable": pgettext_lazy("verdict in a list", "no OCSP answer"),
    "revocation.unknown": pgettext_lazy("verdict in a list", "unknown to OCSP"),
}

LOOKED_AT: dict[str, Words] = {
    "bytes": _("Size in bytes"),
    "detail": _("Detail"),
    "fingerprint_sha256": _("Fingerprint (SHA-256)"),
    "policy_oid": _("Policy OID"),
    "issuer": _("Issuer"),
    "declared_medium": _("Medium the app declared"),
    "purpose_asked": _("Purpose asked for"),
    "purpose": _("Purpose of the certificate"),
    "medium": _("Medium of the certificate"),
    "environment_kind": _("Kind of environment"),
    "authority_key_id": _("Authority key identifier"),
    "anchors_of_this_purpose": _("Trusted CAs of this purpose"),
    "anchors_matching": _("Trusted CAs that match"),
    "set_aside": _("CAs set aside"),
    "algorithm": _("Algorithm"),
    "anchors_tried": _("CAs tried"),
    "anchor": _("Trusted CA"),
    "at": _("Time of verification"),
    "not_before": _("Valid from"),
    "not_after": _("Valid until"),
    "rule": _("Rule broken"),
    "certificate_index": _("Certificate at fault (0: this one, 1: its issuer’s)"),
    "extension_oid": _("OID of the extension or algorithm"),
    "extended_key_usage": _("Extended key usage"),
    "key_usage": _("Key usage"),
    "key_usage_critical": _("Key usage is critical"),
    "policy_critical": _("Policy is critical"),
    "key_algorithm": _("Key algorithm"),
    "key_bits": _("Key size in bits"),
    "is_ca": _("Is a CA certificate"),
    "unknown_critical_extensions": _("Unknown critical extensions"),
    "scheme": _("Signature scheme"),
    "signed": _("What was signed"),
    "signed_attributes": _("Signed attributes"),
    "signing_certificate": _("Certificate named in the signature"),
    "unsigned_attributes": _("Unsigned attributes"),
    "document": _("Kind of document"),
    "document_sha256": _("SHA-256 of the document"),
    "signature_number": _("Which signature of how many"),
    "form": _("Form of the signature"),
    "covers": _("What the signature covers"),
    "changes": _("What was added after it"),
    "comments": _("Comments, which no signature covers"),
    "container": _("Form of the container"),
    "content": _("Content"),
    "signers": _("Signers"),
    "certificates": _("Certificates in the container"),
    "embedded_revocation": _("Revocation data in the container"),
    "challenge_id": _("Challenge ID"),
    "made_by": _("Made by"),
    "issued_at": _("Issued at"),
    "expires_at": _("Expires at"),
    "used_at": _("Used at"),
    "window_seconds": _("Remembered for, in seconds"),
    "message_bytes": _("Size of the message in bytes"),
    "signature_bytes": _("Size of the signature in bytes"),
    "found": _("What the signature is over"),
    "source": _("Source"),
    "distribution_point": _("Distribution point"),
    "number": _("CRL number"),
    "this_update": _("This update"),
    "next_update": _("Next update"),
    "age_seconds": _("Age in seconds"),
    "status": _("Status in the list"),
    "reason": _("Reason for revocation"),
    "revoked_at": _("Revoked at"),
    "responder": _("OCSP responder"),
    "produced_at": _("Answer signed at"),
    "nonce_matched": _("Nonce came back"),
    "cached": _("Earlier answer used again"),
}

# What a signature in a document covers, and what was added behind it (verifier.validation.document_findings).
COVERS: dict[str, Words] = {
    "file": _("the whole file"),
    "document": _("the whole document"),
    "revision": _("the document as it was when signed"),
    "part": _("only a part"),
}
CHANGES: dict[str, Words] = {
    "none": _("nothing"),
    "archival": _("time-stamps or validation data only"),
    "signatures": _("further signatures only"),
    "form": _("fields were filled in"),
    "annotations": _("notes were added"),
    "other": _("something that a signer did not see"),
}

# What a row of the step tree shows of a step that passed.
IN_SHORT: dict[str, tuple[str, ...]] = {
    "challenge": ("challenge_id",),
    "document": ("form", "covers", "signature_number"),
    "container": ("container", "content"),
    "format": ("bytes",),
    "kind": ("purpose", "medium"),
    "issuer": ("anchors_matching",),
    "certificate_signature": ("anchor",),
    "validity": ("not_after",),
    "usage_and_policy": ("key_usage", "key_bits"),
    "signature_value": ("scheme",),
    "revocation": ("status", "number", "responder"),
}

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

VERDICT_WORDS: dict[str, Words] = {
    "valid": pgettext_lazy("verdict", "Valid"),
    "invalid": pgettext_lazy("verdict", "Invalid"),
    "indeterminate": pgettext_lazy("verdict", "Indeterminate"),
}

PURPOSES: dict[str, Words] = {"signature": _("Signature"), "user_authentication": _("User authentication")}
MEDIA: dict[str, Words] = {
    "card": _("Card"),
    "phone_android": _("Smartphone (Android)"),
    "phone_iphone": _("Smartphone (iPhone)"),
}

MEDIA_GROUPS: dict[str, Words] = {"card": _("Card"), "phone": _("Smartphone")}

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

ANCHOR_REFUSALS: dict[str, Words] = {
    "anchor.malformed": _("This is not one DER certificate."),
    "anchor.wrong_name": _("The certificate's name is not that of the CA for this purpose and environment."),
    "anchor.unfit": _("The certificate may not issue certificates."),
    "anchor.not_self_signed": _("The certificate is not signed by its own key."),
    "anchor.fingerprint_differs": _("The fingerprint is not that of the certificate. Give all 64 digits of it."),
    "anchor.contradicts_published": _(
        "The certificate bears the number of a published root but not its fingerprint. It is not that root."
    ),
    "anchor.proposed_already": _("This certificate is proposed already and waits for a second operator."),
    "anchor.trusted_already": _("Production believes this certificate already."),
    "anchor.distrusted_already": _("Production does not believe this certificate any more."),
    "anchor.not_an_operator": _("Only an operator may do this."),
    "anchor.same_person": _("You proposed this yourself: another operator confirms it."),
    "anchor.proposer_left": _("Whoever proposed this is no operator any more. Withdraw it and propose it anew."),
    "anchor.proposal_over": _("This proposal was confirmed, withdrawn, or has run out."),
}

SHORT_FORMS: dict[str, Words] = {
    "agrees": _("agrees with the published short form (first and last 8 digits)"),
    "not_known": _("no short form known to compare with"),
    "contradicts": _("contradicts the published short form"),
}

ANCHOR_MAILS: dict[str, Words] = {
    "proposed": _("A CA certificate is proposed for production: a second operator has to confirm it"),
    "confirmed": _("A CA certificate is believed in production from now on"),
    "withdrawn": _("The proposal of a CA certificate was withdrawn"),
    "distrusted": _("A CA certificate is no longer believed in production"),
}

problems.declare(
    "provider.not_entitled",
    403,
    _("Your organisation may not verify real certificates today."),
    _(
        "It needs to be a confirmed administrative body, hold a confirmed certification valid today, or have a live "
        "delegation to a platform operator who does (Act No. 153 of 2002, Article 17)."
    ),
)
problems.declare(
    "env.mismatch",
    409,
    _("The key belongs to another environment than the request names."),
    _("Use the key of that environment, or leave the field “environment” out."),
)
problems.declare(
    "env.not_ready",
    409,
    _("The environment is not ready."),
    _("Wait until it has been made, or ask for it again where its making failed."),
)
problems.declare(
    "document.too_large",
    413,
    _("The document is too large."),
    _("“max_bytes” says how large it may be. Sign large files by their hash and verify that by POST verifications."),
)
problems.declare(
    "document.unreadable",
    422,
    _("The document cannot be read."),
    _("Send the PDF or XML file itself, complete and not repaired; XML without a document type declaration."),
)
problems.declare(
    "document.encrypted", 422, _("The PDF is encrypted."), _("Send it without a password and without protection.")
)
problems.declare(
    "document.no_signature",
    422,
    _("The document bears no signature."),
    _("Nothing was judged. If the signature is a file of its own, send it as CMS by POST verifications."),
)
problems.declare(
    "document.too_much_work",
    422,
    _("The document is made so that reading it takes too much work."),
    _("Nothing was judged. A genuine document with at most ten signatures is read in a second or two."),
)
problems.declare(
    "document.busy",
    503,
    _("Too many documents are being read at this moment."),
    _("Nothing was judged. Send the request again after the time in Retry-After."),
)
problems.FIELD_SENTENCES.update(
    {
        "field.one_of": _("Send exactly one of message, digest, challenge and challenge_id."),
        "field.at_most_one_of": _("Send at most one of message, digest, challenge and challenge_id."),
        "field.digest_length": _("The hash has another length than that of the scheme."),
        "field.sha1": _("SHA-1 is not accepted; use SHA-256 or longer."),
        "field.too_short": _("The value is too short."),
        "field.repeated": _("This parameter is sent more than once."),
        "field.not_with_format": _("This field does not go with that format."),
    }
)
problems.declare(
    "verification.not_found",
    404,
    _("There is no such verification."),
    _("A key sees only the verifications of its own organisation in its own environment."),
)


@lru_cache(maxsize=256)
def title(code: str, language: str) -> str:
    """The sentence of a verdict's code in one language, as plain text."""
    with translation.override(language):
        return str(VERDICTS[code].title)
