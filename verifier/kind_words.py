"""The table of certificate kinds in words: names of its values, how well one is known, who says so."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

VALUES: Mapping[str, Promise] = {
    "policy_oid": _("Policy OID"),
    "issuer": _("Issuer"),
    "key_usage": _("Key usage"),
    "crl_dp_form": _("How revocation lists are split"),
    "ocsp_profile": _("OCSP settings"),
    "algorithms": _("Algorithms"),
    "curves": _("Elliptic curves"),
    "ca_signatures": _("Signature algorithms of the CA"),
    "further_ca_signatures": _("Further signature algorithms of the CA"),
}

BASES: Mapping[str, Promise] = {
    "public": pgettext_lazy("basis", "public"),
    "reported": pgettext_lazy("basis", "reported once"),
    "assumed": pgettext_lazy("basis", "assumed"),
}

BASES_EXPLAINED: Mapping[str, Promise] = {
    "public": _("Published, or decoded from genuine certificates by several independent parties."),
    "reported": _("Reported once and not confirmed."),
    "assumed": _("Chosen for this site, because nothing is published."),
}

WORLDS: Mapping[str, Promise] = {"production": _("Production"), "sandbox": _("Sandbox")}

# The columns of the comparing table, and the values that stand in each, one below the other.
COLUMNS: Mapping[tuple[str, ...], Promise | str] = {
    ("policy_oid",): VALUES["policy_oid"],
    ("key_usage",): VALUES["key_usage"],
    ("crl_dp_form",): _("Revocation lists"),
    ("algorithms", "curves"): _("Holder's key"),
    ("ca_signatures", "further_ca_signatures"): _("Signature of the CA"),
    ("ocsp_profile",): "OCSP",
}

# A value as it is shown there; names of algorithms and bits are the same in every language.
SHOWN: Mapping[str, Promise | str] = {
    "digital_signature": "digitalSignature",
    "content_commitment": "nonRepudiation",
    "medium": _("One for cards, one for phones"),
    "municipality": _("One for each municipality"),
    "default": _("RFC 6960 default"),
    "rsa_2048": "RSA 2048",
    "rsa_longer": "RSA 2049–4096",
    "ecdsa_p256": "P-256",
    "ecdsa_p384": "P-384",
    "rsa_pkcs1_sha256": "RSA SHA-256",
    "rsa_pkcs1_sha384": "RSA SHA-384",
    "rsa_pkcs1_sha512": "RSA SHA-512",
    "ecdsa_secp256r1_sha256": "ECDSA P-256 SHA-256",
    "ecdsa_secp384r1_sha384": "ECDSA P-384 SHA-384",
}

# Every source that verifier.pki.kind_data names, as it stands there.
SOURCES: Mapping[str, Promise] = {
    "this sandbox's own row, shaped after the published card rows": _(
        "this sandbox's own row, shaped after the published card rows"
    ),
    "O=JPKI-SANDBOX, so that no sandbox certificate can be read as a JPKI one": _(
        "O=JPKI-SANDBOX, so that no sandbox certificate can be read as a JPKI one"
    ),
    "decoded card certificates": _("decoded card certificates"),
    "RFC 6960 default; the service's own profile is given to verifiers only": _(
        "RFC 6960 default; the service's own profile is given to verifiers only"
    ),
    "published certificates are RSA 2048; technical standards under the JPKI Act: RSA of 2048 bits or more": _(
        "published certificates are RSA 2048; technical standards under the JPKI Act: RSA of 2048 bits or more"
    ),
    "announced for the next card, without a published profile": _(
        "announced for the next card, without a published profile"
    ),
    "Digital Agency briefing, June 2022: key usage on phones as on the card": _(
        "Digital Agency briefing, June 2022: key usage on phones as on the card"
    ),
    "published root certificates and decoded card certificates; phones under the same CA (briefing, June 2022)": _(
        "published root certificates and decoded card certificates; phones under the same CA (briefing, June 2022)"
    ),
    "decoded from real cards; several public repositories agree": _(
        "decoded from real cards; several public repositories agree"
    ),
    "published root certificates; card and phone under the same CA (Digital Agency briefing, June 2022)": _(
        "published root certificates; card and phone under the same CA (Digital Agency briefing, June 2022)"
    ),
    "decoded signature certificates, in two independent public sources": _(
        "decoded signature certificates, in two independent public sources"
    ),
    "announced for the next card, without a published profile; none is taken before": _(
        "announced for the next card, without a published profile; none is taken before"
    ),
    "public OID lists; several public repositories agree": _("public OID lists; several public repositories agree"),
    "as in signature certificates; the partition of user authentication is not published": _(
        "as in signature certificates; the partition of user authentication is not published"
    ),
    "reported once for phones, unverified by the reporter; an iPhone row is not known": _(
        "reported once for phones, unverified by the reporter; an iPhone row is not known"
    ),
    "lists of phones are separate from those of cards (briefing, June 2022); their partition is not known": _(
        "lists of phones are separate from those of cards (briefing, June 2022); their partition is not known"
    ),
}

NOT_PUBLISHED: Mapping[str, Promise] = {
    "whether it shares the policy reported for phones is not published": _(
        "whether it shares the policy reported for phones is not published"
    ),
    "its policy OID is not published": _("its policy OID is not published"),
}
