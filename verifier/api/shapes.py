"""Verifications, inspections and challenges as JSON schema: for the OpenAPI document, its reference page, and the tests
that hold them."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse

from portal.api.document import KEEPABLE, declare, problem_responses
from verifier import asking
from verifier.messages import source_words, verdict_words
from verifier.pki import kind_data
from verifier.pki.profiles import Medium, Purpose
from verifier.pki.reasons import RevocationReason
from verifier.pki.signature_schemes import RSA_PKCS1_SHA256, SCHEMES
from verifier.validation.question import STEP_IDS_BEFORE
from verifier.validation.signature import STEP_IDS
from verifier.validation.verdict import RevocationSource, RevocationStatus

PURPOSE = {"type": "string", "enum": [purpose.value for purpose in Purpose]}
MEDIUM = {"type": "string", "enum": [medium.value for medium in Medium]}
_MOMENT = {"type": "string", "format": "date-time"}
# In the one spelling that a content has (RFC 4648 section 3.5): bits left over in the last sign are zero.
_BASE64 = {
    "type": "string",
    "contentEncoding": "base64",
    "pattern": "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$",
}


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    kind = schema["type"]
    enum = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return {**schema, "type": [kind, "null"], **enum}


def object_of(properties: dict[str, Any], *, optional: tuple[str, ...] = (), description: Any = None) -> dict[str, Any]:
    shape = {
        "type": "object",
        "required": [name for name in properties if name not in optional],
        "properties": properties,
        "additionalProperties": False,
    }
    return {**shape, "description": description} if description else shape


_CERTIFICATE_FIELD = {**_BASE64, "maxLength": 21848, "description": _("The certificate in DER, base64 encoded.")}
ENVIRONMENT_FIELD = {
    "type": "string",
    "maxLength": 30,
    "pattern": KEEPABLE,
    "description": _("The environment you believe to speak to (its ID or kind); another one is refused: env.mismatch."),
}
SOURCE_FIELD = {
    "type": "string",
    "enum": [source.value for source in RevocationSource],
    "default": RevocationSource.AUTOMATIC.value,
    "description": _(
        "Where the revocation status comes from: crl (the list at hand), ocsp (the responder of the certificate's "
        "medium, asked now) or automatic (a fresh list if there is one, else the responder). A revocation counts "
        "whichever of them tells of it."
    ),
}

VERIFICATION_FIELDS: dict[str, Any] = {
    "purpose": {**PURPOSE, "description": _("What you verify.")},
    "format": {
        "type": "string",
        "enum": list(asking.FORMATS),
        "default": "raw",
        "description": _(
            "raw: certificate, signature and what was signed. cms: a SignedData (RFC 5652) that holds them."
        ),
    },
    "certificate": {
        **_CERTIFICATE_FIELD,
        "description": _(
            "The certificate in DER, base64 encoded. With cms only where it is not embedded, or to choose one "
            "of several signers."
        ),
    },
    "signature": {
        **_BASE64,
        "maxLength": 1368,
        "description": _("The signature value, base64 encoded; only with the format raw."),
    },
    "scheme": {
        "type": "string",
        "enum": list(SCHEMES),
        "default": RSA_PKCS1_SHA256.name,
        "description": _(
            "How it was signed; only with the format raw. Names as in RFC 8446 section 4.2.3. PSS: MGF1 with "
            "the same hash and a salt of its length. ECDSA: in DER. It is never guessed from the signature."
        ),
    },
    "cms": {
        **_BASE64,
        "maxLength": (settings.VERIFIER_CMS_MAX_BYTES + 2) // 3 * 4,
        "description": _(
            "The SignedData in DER with signed attributes, base64 encoded; only with the format cms. If it is "
            "detached, send message or digest too."
        ),
    },
    "message": {
        **_BASE64,
        "maxLength": 218456,
        "description": _("Exactly the bytes that were signed (not their hash), base64 encoded."),
    },
    "digest": {
        **_BASE64,
        "maxLength": 88,
        "description": _("The hash of what was signed, by the scheme's hash, base64 encoded."),
    },
    "challenge": {
        **_BASE64,
        "minLength": 24,
        "maxLength": 1368,
        "description": _(
            "Random bytes that you made and the holder signed (16 to 1024). Presented a second time within the "
            "window they are remembered for, they are refused: challenge.replayed."
        ),
    },
    "challenge_id": {
        "type": "string",
        "pattern": "^[A-Za-z0-9_-]{8,64}$",
        "description": _("A challenge issued by this API, whose bytes the holder signed. It is used up."),
    },
    "medium": {**MEDIUM, "description": _("The medium as the app's answer declared it, if it did.")},
    "request_id": {
        "type": "string",
        "pattern": "^[A-Za-z0-9_-]{8,64}$",
        "description": _("Your own ID of the procedure; it finds the verification again."),
    },
    "environment": ENVIRONMENT_FIELD,
    "revocation": SOURCE_FIELD,
}

VERIFICATION_REQUEST = declare(
    "VerificationRequest",
    object_of(
        VERIFICATION_FIELDS,
        optional=(
            *("format", "certificate", "signature", "scheme", "cms", *asking.CONTENTS),
            *("medium", "request_id", "environment", "revocation"),
        ),
        description=_("Exactly one of message, digest, challenge and challenge_id; with cms at most one."),
    ),
)

CHALLENGE_REQUEST = declare(
    "ChallengeRequest",
    object_of(
        {
            "purpose": {**PURPOSE, "description": _("What you will verify with it.")},
            "environment": ENVIRONMENT_FIELD,
        },
        optional=("environment",),
    ),
)
CHALLENGE = declare(
    "Challenge",
    object_of(
        {
            "challenge_id": {"type": "string", "description": _("Send it with the verification.")},
            "challenge": {**_BASE64, "description": _("The 32 bytes to be signed, base64 encoded.")},
            "purpose": PURPOSE,
            "environment": object_of(
                {"id": {"type": "string"}, "kind": {"type": "string", "enum": ["sandbox", "production"]}}
            ),
            "issued_at": {**_MOMENT, "description": _("Real time, also where a test environment's clock was moved.")},
            "expires_at": {**_MOMENT, "description": _("From then on it is refused: challenge.expired.")},
        }
    ),
)

INSPECTION_REQUEST = declare(
    "InspectionRequest",
    object_of(
        {"certificate": _CERTIFICATE_FIELD, "environment": ENVIRONMENT_FIELD, "revocation": SOURCE_FIELD},
        optional=("environment", "revocation"),
    ),
)

_STEP = declare(
    "Step",
    object_of(
        {
            "id": {"type": "string", "enum": [*STEP_IDS_BEFORE, *STEP_IDS]},
            "result": {"type": "string", "enum": ["passed", "failed", "indeterminate", "not_run"]},
            "code": {"type": "string", "description": _("ok, a verdict code, or empty when the step was not run.")},
            "looked_at": {
                "type": "object",
                "additionalProperties": {"type": ["string", "integer", "boolean", "null"]},
                "description": _(
                    "What the step looked at: facts and digests. A step that refuses a certificate also names the "
                    "rule broken, the index of the certificate at fault (0: the one sent, 1: its issuer’s) and the "
                    "OID of the extension or algorithm."
                ),
            },
        }
    ),
)

_KIND_VALUE = {"type": "string", "enum": list(kind_data.Row._fields)}
_NOT_PUBLIC = {"type": "string", "enum": ["reported", "assumed"]}
_CERTIFICATE = declare(
    "CertificateFacts",
    {
        **object_of(
            {
                "purpose": _or_null(PURPOSE),
                "medium": _or_null(MEDIUM),
                "told_by": {
                    "type": "object",
                    "additionalProperties": {"type": ["string", "null"]},
                    "description": _("How purpose and medium were told: policy OID, issuer, declared medium."),
                },
                "not_before": _MOMENT,
                "not_after": _MOMENT,
                "fingerprint_sha256": {"type": "string"},
                "basis": {
                    "type": ["string", "null"],
                    "enum": ["public", "reported", "assumed", None],
                    "description": _("How well the policy OID, by which the kind is told, is known."),
                },
                "unconfirmed_values": {
                    "type": "array",
                    "items": object_of(
                        {"value": _KIND_VALUE, "basis": {"type": "string", "enum": ["reported", "assumed"]}}
                    ),
                    "description": _("Values of this kind that the verdict rests on and that are not public."),
                },
            },
            optional=("unconfirmed_values",),
        ),
        "type": ["object", "null"],
    },
)

_REVOCATION = declare(
    "RevocationFacts",
    {
        **object_of(
            {
                "source": {"type": ["string", "null"], "enum": ["crl", "ocsp", None]},
                "distribution_point": {"type": ["string", "null"], "description": _("Of a list.")},
                "number": {"type": ["integer", "null"], "description": _("CRL number, up to 20 octets.")},
                "this_update": _or_null(_MOMENT),
                "next_update": _or_null(_MOMENT),
                "age_seconds": {"type": ["integer", "null"]},
                "fetched_at": _or_null(_MOMENT),
                "status": {"type": "string", "enum": [status.value for status in RevocationStatus]},
                "reason": {"type": ["string", "null"], "enum": [*(reason.code for reason in RevocationReason), None]},
                "revoked_at": _or_null(_MOMENT),
                "responder": {"type": ["string", "null"], "description": _("Who answered; not an address.")},
                "produced_at": {**_or_null(_MOMENT), "description": _("When the responder signed its answer.")},
                "nonce_matched": {
                    "type": ["boolean", "null"],
                    "description": _("Whether our nonce came back; null if none was sent."),
                },
                "cached": {
                    "type": ["boolean", "null"],
                    "description": _("Whether an earlier answer of the responder was used again."),
                },
                "detail": {
                    "type": ["string", "null"],
                    "enum": [*source_words.OCSP_ERRORS, None],
                    "description": _("Why the responder gave no answer to go by."),
                },
            },
            # Judgements of before OCSP are answered as they were.
            optional=("responder", "produced_at", "nonce_matched", "cached", "detail"),
        ),
        "type": ["object", "null"],
    },
)

JUDGEMENT: dict[str, Any] = {
    "environment": object_of({"id": {"type": "string"}, "kind": {"type": "string", "enum": ["sandbox", "production"]}}),
    "verdict": {
        "type": "string",
        "enum": ["valid", "invalid", "indeterminate"],
        "description": _("Accept only “valid”. “indeterminate” is not “probably valid”: evidence is missing."),
    },
    "code": {
        "type": "string",
        "enum": list(verdict_words.VERDICTS),
        "description": _("Why; stable."),
        "x-codes": {code: sentence._asdict() for code, sentence in verdict_words.VERDICTS.items()},
    },
    "title": {"type": "string", "description": _("The code in words, by Accept-Language.")},
    "retryable": {"type": "boolean", "description": _("Whether fresh evidence may change the verdict.")},
    "certificate": _CERTIFICATE,
    "steps": {"type": "array", "items": _STEP},
    "revocation": _REVOCATION,
    "verified_at": {**_MOMENT, "description": _("The environment's time the verdict is for.")},
    "kinds_version": {
        "type": "string",
        "description": _("Version of the table of certificate kinds by which this was judged."),
    },
    "to_the_holder": object_of(
        {
            "reason_meaning": {"type": "string", "description": _("What the reason means in JPKI.")},
            "advice": {"type": "string", "description": _("What the holder can do, by medium.")},
        },
        description=_("Only beside a reason for revocation."),
    ),
    "virtual_time": object_of(
        {"offset_seconds": {"type": "integer"}}, description=_("Only where a test environment's clock was moved.")
    ),
}

VERIFICATION = declare(
    "Verification",
    object_of(
        {
            "id": {"type": "string"},
            "request_id": {"type": "string"},
            "purpose": {**PURPOSE, "description": _("The purpose that was asked for.")},
            **JUDGEMENT,
        },
        optional=("virtual_time", "to_the_holder"),
    ),
)
INSPECTION = declare("Inspection", object_of(JUDGEMENT, optional=("virtual_time", "to_the_holder")))


def answers_200(schema: dict[str, str], *problems: int, said: Any = None) -> dict[Any, Any]:
    """The answers of an operation: 200 with `schema`, which `said` describes, and the problem statuses."""
    return {200: OpenApiResponse(schema, description=said or _("The verdict.")), **problem_responses(*problems)}
