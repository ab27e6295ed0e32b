"""CA certificates of production: why one is not taken, and what operators are told."""

from django.utils.translation import gettext_lazy as _

from verifier.messages.sentences import Words

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
