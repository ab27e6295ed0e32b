"""The rules that a refused certificate or signature broke, in words: what the step ``rule`` names."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Rules of the bytes, of the kind, of the path and of the profile, in the order of the steps.
RULES: Mapping[str, Promise] = {
    "bytes_are_one_certificate": _("The bytes are one well-formed certificate and nothing else."),
    "issuer_is_of_this_world": _(
        "The issuer belongs to the kind of environment that was asked: sandbox or production."
    ),
    "policy_is_of_this_world": _(
        "The policy belongs to the kind of environment that was asked: sandbox or production."
    ),
    "policy_names_one_kind": _("The policy names exactly one kind that is in the table of certificate kinds."),
    "issuer_goes_with_the_policy": _("The issuer is the CA that issues certificates under this policy."),
    "purpose_is_the_one_asked_for": _("The certificate is for the purpose that the request names."),
    "medium_is_the_one_declared": _("The certificate is for the medium that the app declared."),
    "an_anchor_goes_by_this_name_and_key": _(
        "A CA that is believed here bears the issuer's name and holds the key named."
    ),
    "signature_algorithm_is_accepted": _("The CA signed by an algorithm that it may use for this kind."),
    "issuer_key_made_the_signature": _("The signature on the certificate was made with the CA's key."),
    "key_is_strong_enough": _("The key is of a kind and length that is accepted."),
    "moment_is_inside_the_window": _("The moment of verification lies within the validity of the certificate."),
    "critical_extensions_are_understood": _("Every extension marked critical is one that is understood here."),
    "ca_key_may_sign_certificates": _("The CA's key usage allows it to sign certificates."),
    "key_purpose_fits_the_use": _("The extended key usage, where there is one, allows this use."),
    "certificate_is_not_revoked": _("The certificate has not been revoked."),
    "certificate_is_not_on_hold": _("The certificate is not on hold."),
    "a_list_tells_the_status": _("A revocation list for this certificate is at hand."),
    "the_list_is_fresh": _("The revocation list is not past its next update."),
    "the_responder_answers": _("The OCSP responder gives an answer that can be relied on."),
    "the_responder_knows_the_certificate": _("The OCSP responder knows the certificate."),
    "issuer_is_a_ca": _("The issuer's certificate is that of a CA."),
    "path_length_is_kept": _("The chain is no longer than its CA allows."),
    "work_is_bounded": _("Checking the certificate takes no more work than is granted to one."),
    "a_policy_is_valid_for_the_path": _("A policy is valid along the whole chain."),
    "any_policy_is_never_mapped": _("The policy that stands for all others is never mapped to another."),
    "names_are_permitted": _("The certificate bears only names that its CA may certify."),
    "key_is_of_an_allowed_algorithm": _("The holder's key is of an algorithm that this kind of certificate may use."),
    "key_usage_is_exact_and_critical": _("The key usage is exactly that of the kind and marked critical."),
    "subject_is_an_end_entity": _("The certificate is a holder's, not that of a CA."),
    "policy_is_the_only_one": _("The certificate names one policy and no other."),
    "distribution_point_is_of_the_published_form": _(
        "The CRL distribution point has the form that is published for this kind."
    ),
    # The signed attributes of a CMS signature.
    "signed_attributes_present": _("The signature covers signed attributes, as is demanded here."),
    "content_type": _("The signed attributes name the type of the content."),
    "message_digest": _("The signed attributes hold the hash of this very content."),
    "signing_certificate": _("The signed attributes name this very certificate as the signer's."),
    "algorithm": _("The algorithms that were signed are those that stand outside."),
}
