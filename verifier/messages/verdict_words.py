"""What a verdict means and what to do."""

from functools import lru_cache

from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from verifier.messages.sentences import Sentence, Words

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
            "enveloping signature without references to other places and without XPath or XSLT, in a document without "
            "instructions (style sheets) beside its root."
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
        _(
            "Refuse, and ask for the document as it was signed. Only time-stamps and further signatures may be added, "
            "with a picture only in a signature field that was there before."
        ),
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

VERDICT_WORDS: dict[str, Words] = {
    "valid": pgettext_lazy("verdict", "Valid"),
    "invalid": pgettext_lazy("verdict", "Invalid"),
    "indeterminate": pgettext_lazy("verdict", "Indeterminate"),
}


@lru_cache(maxsize=256)
def title(code: str, language: str) -> str:
    """The sentence of a verdict's code in one language, as plain text."""
    with translation.override(language):
        return str(VERDICTS[code].title)
