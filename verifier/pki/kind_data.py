"""What is known of each kind of certificate: plain data under one version, each value with its source.

To correct or add a value: change it here, set ``since`` of that value and ``VERSION`` to the day of the change (a
letter behind it tells two of one day apart).  The version stands in every verdict and record, so that one can say later
by which table a certificate was told.

``basis`` of a value:

* ``public``   - published, or decoded from real certificates by several independent parties;
* ``reported`` - reported once, not confirmed;
* ``assumed``  - this product's own choice, because nothing is published.
"""

from typing import Literal, NamedTuple

from verifier.pki import oids

VERSION = "2026-11-24"
_FIRST = "2026-11-23"

Basis = Literal["public", "reported", "assumed"]


class Value(NamedTuple):
    """One value of a row, how far it can be relied on, who says so, and since which version it stands here."""

    value: str | tuple[str, ...]
    basis: Basis
    source: str
    since: str = _FIRST


class Row(NamedTuple):
    """What is known of one kind.

    ``key_usage`` names exactly the bits that are set.  ``crl_dp_form`` is ``medium`` (one list for cards and one for
    phones) or ``municipality`` (cards split by where the holder lives).  ``algorithms`` and ``curves`` are those of the
    holder's key.  ``ca_signatures`` and ``further_ca_signatures`` are the schemes by which the CA may sign certificates
    and lists of this kind, and OCSP answers about them.
    """

    policy_oid: Value
    issuer: Value
    key_usage: Value
    crl_dp_form: Value
    ocsp_profile: Value
    algorithms: Value
    curves: Value
    ca_signatures: Value
    further_ca_signatures: Value


_OUR_OWN = "this sandbox's own row, shaped after the published card rows"
_ROOTS = "published root certificates; card and phone under the same CA (Digital Agency briefing, June 2022)"
_STANDARDS = "published certificates are RSA 2048; technical standards under the JPKI Act: RSA of 2048 bits or more"
_CA_SOURCE = "published root certificates and decoded card certificates; phones under the same CA (briefing, June 2022)"
_NEXT_CARD = "announced for the next card, without a published profile"

_SIGNING = ("content_commitment", "digital_signature")
_AUTHENTICATING = ("digital_signature",)
_USAGE_SOURCE = {
    "card": "decoded card certificates",
    "phone": "Digital Agency briefing, June 2022: key usage on phones as on the card",
}
_OCSP = Value("default", "assumed", "RFC 6960 default; the service's own profile is given to verifiers only")
# This one is demanded of a certificate (validation/profile_checks.py), because it is public.  The two assumed forms
# below only describe: demanded, they would refuse genuine certificates the day they turn out to be wrong.  Without that
# the status is still told safely, by the list of the very distribution point the CA wrote into the certificate.
_PARTITIONED = Value("municipality", "public", "decoded signature certificates, in two independent public sources")
_PARTITION_ASSUMED = Value(
    "municipality", "assumed", "as in signature certificates; the partition of user authentication is not published"
)
_PER_MEDIUM = Value(
    "medium",
    "assumed",
    "lists of phones are separate from those of cards (briefing, June 2022); their partition is not known",
)
_RSA = Value(("rsa_2048", "rsa_longer"), "public", _STANDARDS)
_CURVES = Value(("ecdsa_p256", "ecdsa_p384"), "assumed", _NEXT_CARD)
_NO_CURVES = Value((), "public", f"{_NEXT_CARD}; none is taken before")
_CA_SIGNED = Value(("rsa_pkcs1_sha256",), "public", _CA_SOURCE, since="2026-11-24")
# PSS is in no row: nothing was announced that would sign certificates so.
_CA_TO_COME = Value(
    ("rsa_pkcs1_sha384", "rsa_pkcs1_sha512", "ecdsa_secp256r1_sha256", "ecdsa_secp384r1_sha384"),
    "assumed",
    _NEXT_CARD,
    since="2026-11-24",
)
_NO_CA_TO_COME = Value((), "public", f"{_NEXT_CARD}; none is taken before", since="2026-11-24")


def _usage(purpose: str, group: str) -> Value:
    return Value(_SIGNING if purpose == "signature" else _AUTHENTICATING, "public", _USAGE_SOURCE[group])


def _sandbox(purpose: str, medium: str, arc: str) -> Row:
    return Row(
        policy_oid=Value(f"{oids.SANDBOX_POLICY_ARC}.{arc}", "assumed", _OUR_OWN),
        issuer=Value(purpose, "assumed", "O=JPKI-SANDBOX, so that no sandbox certificate can be read as a JPKI one"),
        key_usage=_usage(purpose, "card" if medium == "card" else "phone"),
        crl_dp_form=Value("medium", "assumed", _OUR_OWN),
        ocsp_profile=_OCSP,
        algorithms=_RSA,
        curves=_CURVES,
        ca_signatures=_CA_SIGNED,
        further_ca_signatures=_CA_TO_COME,
    )


def _production(purpose: str, group: str, policy_oid: Value, crl_dp_form: Value) -> Row:
    return Row(
        policy_oid=policy_oid,
        issuer=Value(purpose, "public", _ROOTS),
        key_usage=_usage(purpose, group),
        crl_dp_form=crl_dp_form,
        ocsp_profile=_OCSP,
        algorithms=_RSA,
        curves=_NO_CURVES,
        ca_signatures=_CA_SIGNED,
        further_ca_signatures=_NO_CA_TO_COME,
    )


# (purpose, medium, world) -> what is known.
ROWS: dict[tuple[str, str, str], Row] = {
    ("signature", "card", "sandbox"): _sandbox("signature", "card", "1.1"),
    ("signature", "phone_android", "sandbox"): _sandbox("signature", "phone_android", "1.2"),
    ("signature", "phone_iphone", "sandbox"): _sandbox("signature", "phone_iphone", "1.3"),
    ("user_authentication", "card", "sandbox"): _sandbox("user_authentication", "card", "2.1"),
    ("user_authentication", "phone_android", "sandbox"): _sandbox("user_authentication", "phone_android", "2.2"),
    ("user_authentication", "phone_iphone", "sandbox"): _sandbox("user_authentication", "phone_iphone", "2.3"),
    ("signature", "card", "production"): _production(
        "signature",
        "card",
        Value(oids.POLICY_SIGNATURE_CARD, "public", "decoded from real cards; several public repositories agree"),
        _PARTITIONED,
    ),
    ("user_authentication", "card", "production"): _production(
        "user_authentication",
        "card",
        Value(oids.POLICY_USER_AUTHENTICATION_CARD, "public", "public OID lists; several public repositories agree"),
        _PARTITION_ASSUMED,
    ),
    # Reported when Android was the only phone with certificates.
    ("signature", "phone_android", "production"): _production(
        "signature",
        "phone",
        Value(
            oids.POLICY_SIGNATURE_PHONE_REPORTED,
            "reported",
            "reported once for phones, unverified by the reporter; an iPhone row is not known",
        ),
        _PER_MEDIUM,
    ),
}

# Kinds that exist and of which too little is published to tell them: refused as of unknown kind, never guessed.
NOT_PUBLISHED: dict[tuple[str, str, str], str] = {
    ("signature", "phone_iphone", "production"): "whether it shares the policy reported for phones is not published",
    ("user_authentication", "phone_android", "production"): "its policy OID is not published",
    ("user_authentication", "phone_iphone", "production"): "its policy OID is not published",
}
