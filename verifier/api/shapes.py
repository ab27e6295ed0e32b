"""Requests and answers as JSON schema: for the OpenAPI document, its reference page, and the tests that hold them."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from portal.api.document import KEEPABLE, declare, problem_responses
from verifier import asking, messages, reason_words
from verifier.pki import kind_data
from verifier.pki.profiles import Medium, Purpose, World
from verifier.pki.reasons import RevocationReason
from verifier.pki.signature_schemes import RSA_PKCS1_SHA256, SCHEMES
from verifier.validation.question import STEP_IDS_BEFORE
from verifier.validation.signature import STEP_IDS
from verifier.validation.verdict import RevocationSource, RevocationStatus

_PURPOSE = {"type": "string", "enum": [purpose.value for purpose in Purpose]}
_MEDIUM = {"type": "string", "enum": [medium.value for medium in Medium]}
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


def _object(properties: dict[str, Any], *, optional: tuple[str, ...] = (), description: Any = None) -> dict[str, Any]:
    shape = {
        "type": "object",
        "required": [name for name in properties if name not in optional],
        "properties": properties,
        "additionalProperties": False,
    }
    return {**shape, "description": description} if description else shape


_CERTIFICATE_FIELD = {**_BASE64, "maxLength": 21848, "description": _("The certificate in DER, base64 encoded.")}
_ENVIRONMENT_FIELD = {
    "type": "string",
    "maxLength": 30,
    "pattern": KEEPABLE,
    "description": _("The environment you believe to speak to (its ID or kind); another one is refused: env.mismatch."),
}
_SOURCE_FIELD = {
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
    "purpose": {**_PURPOSE, "description": _("What you verify.")},
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
    "medium": {**_MEDIUM, "description": _("The medium as the app's answer declared it, if it did.")},
    "request_id": {
        "type": "string",
        "pattern": "^[A-Za-z0-9_-]{8,64}$",
        "description": _("Your own ID of the procedure; it finds the verification again."),
    },
    "environment": _ENVIRONMENT_FIELD,
    "revocation": _SOURCE_FIELD,
}

VERIFICATION_REQUEST = declare(
    "VerificationRequest",
    _object(
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
    _object(
        {
            "purpose": {**_PURPOSE, "description": _("What you will verify with it.")},
            "environment": _ENVIRONMENT_FIELD,
        },
        optional=("environment",),
    ),
)
CHALLENGE = declare(
    "Challenge",
    _object(
        {
            "challenge_id": {"type": "string", "description": _("Send it with the verification.")},
            "challenge": {**_BASE64, "description": _("The 32 bytes to be signed, base64 encoded.")},
            "purpose": _PURPOSE,
            "environment": _object(
                {"id": {"type": "string"}, "kind": {"type": "string", "enum": ["sandbox", "production"]}}
            ),
            "issued_at": {**_MOMENT, "description": _("Real time, also where a test environment's clock was moved.")},
            "expires_at": {**_MOMENT, "description": _("From then on it is refused: challenge.expired.")},
        }
    ),
)

INSPECTION_REQUEST = declare(
    "InspectionRequest",
    _object(
        {"certificate": _CERTIFICATE_FIELD, "environment": _ENVIRONMENT_FIELD, "revocation": _SOURCE_FIELD},
        optional=("environment", "revocation"),
    ),
)

_STEP = declare(
    "Step",
    _object(
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
        **_object(
            {
                "purpose": _or_null(_PURPOSE),
                "medium": _or_null(_MEDIUM),
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
                    "items": _object(
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
        **_object(
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
                    "enum": [*messages.OCSP_ERRORS, None],
                    "description": _("Why the responder gave no answer to go by."),
                },
            },
            # Judgements of before OCSP are answered as they were.
            optional=("responder", "produced_at", "nonce_matched", "cached", "detail"),
        ),
        "type": ["object", "null"],
    },
)

_JUDGEMENT: dict[str, Any] = {
    "environment": _object({"id": {"type": "string"}, "kind": {"type": "string", "enum": ["sandbox", "production"]}}),
    "verdict": {
        "type": "string",
        "enum": ["valid", "invalid", "indeterminate"],
        "description": _("Accept only “valid”. “indeterminate” is not “probably valid”: evidence is missing."),
    },
    "code": {
        "type": "string",
        "enum": list(messages.VERDICTS),
        "description": _("Why; stable."),
        "x-codes": {code: sentence._asdict() for code, sentence in messages.VERDICTS.items()},
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
    "to_the_holder": _object(
        {
            "reason_meaning": {"type": "string", "description": _("What the reason means in JPKI.")},
            "advice": {"type": "string", "description": _("What the holder can do, by medium.")},
        },
        description=_("Only beside a reason for revocation."),
    ),
    "virtual_time": _object(
        {"offset_seconds": {"type": "integer"}}, description=_("Only where a test environment's clock was moved.")
    ),
}

VERIFICATION = declare(
    "Verification",
    _object(
        {
            "id": {"type": "string"},
            "request_id": {"type": "string"},
            "purpose": {**_PURPOSE, "description": _("The purpose that was asked for.")},
            **_JUDGEMENT,
        },
        optional=("virtual_time", "to_the_holder"),
    ),
)
# By media type, and the name by which the document's format goes here.
DOCUMENT_TYPES = {
    "application/pdf": "pdf",
    "application/xml": "xml",
    "text/xml": "xml",
    "application/cms": "cms",
    "application/pkcs7-mime": "cms",
}
DOCUMENT_BODY = {"type": "string", "format": "binary", "maxLength": settings.VERIFIER_DOCUMENT_MAX_BYTES}


def _parameter(name: str, schema: dict[str, Any]) -> OpenApiParameter:
    schema = dict(schema)
    said = schema.pop("description", "")
    return OpenApiParameter(name, schema, OpenApiParameter.QUERY, description=said, required=False)


DOCUMENT_PARAMETERS = [
    _parameter("request_id", VERIFICATION_FIELDS["request_id"]),
    _parameter("environment", _ENVIRONMENT_FIELD),
    _parameter("revocation", _SOURCE_FIELD),
]
SIGNED_DOCUMENT = declare(
    "SignedDocument",
    _object(
        {
            "request_id": {"type": "string"},
            **{name: _JUDGEMENT[name] for name in ("environment", "verdict", "code", "title", "retryable")},
            "document": _object(
                {
                    "format": {"type": "string", "enum": sorted(set(DOCUMENT_TYPES.values()))},
                    "bytes": {"type": "integer"},
                    "sha256": {"type": "string", "description": _("By which you know it again; it is not stored.")},
                    "timestamps": {
                        "type": "integer",
                        "description": _("Document time-stamps of a PDF. They are counted and not judged."),
                    },
                }
            ),
            "verifications": {
                "type": "array",
                "items": VERIFICATION,
                "description": _("One for each signature, in the order of signing, each with a record of its own."),
            },
        },
        description=_("Verdict and code are those of the worst signature: “valid” only if every one is."),
    ),
)
_WORLD = {"type": "string", "enum": [world.value for world in World]}
_KIND_KEY = {"purpose": _PURPOSE, "medium": _MEDIUM, "world": _WORLD}
_MARKED = _object(
    {
        "value": {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
        "basis": {
            "type": "string",
            "enum": ["public", "reported", "assumed"],
            "description": _("Published; reported once; or this site's own choice because nothing is published."),
        },
        "source": {"type": "string", "description": _("Who says so, by Accept-Language.")},
        "since": {"type": "string", "description": _("The version of the table since which the value stands.")},
    }
)
CERTIFICATE_KINDS = declare(
    "CertificateKinds",
    _object(
        {
            "version": {"type": "string"},
            "kinds": {
                "type": "array",
                "items": _object({**_KIND_KEY, "values": _object(dict.fromkeys(kind_data.Row._fields, _MARKED))}),
            },
            "not_published": {
                "type": "array",
                "items": _object({**_KIND_KEY, "why": {"type": "string"}}),
                "description": _("Kinds that cannot be told yet: such certificates are refused, never guessed."),
            },
            "algorithms": {
                "type": "array",
                "items": _object(
                    {
                        "id": {"type": "string"},
                        "family": {"type": "string", "enum": ["rsa", "ec"]},
                        "min_bits": {"type": "integer"},
                        "max_bits": {"type": "integer"},
                        "curve": {"type": ["string", "null"]},
                        "digests": {"type": "array", "items": {"type": "string"}},
                    }
                ),
            },
        }
    ),
)
INSPECTION = declare("Inspection", _object(_JUDGEMENT, optional=("virtual_time", "to_the_holder")))

_WORDS: dict[str, dict[str, Any]] = {
    "verification_create": {
        "summary": _("Verify a signature"),
        "description": _(
            "Judges whether the signature is the holder's, by a certificate of the purpose asked, trusted in the key's "
            "environment and not revoked. Every verdict is answered with status 200. No certificate is stored."
        ),
    },
    "signed_document_create": {
        "summary": _("Verify a signed document"),
        "description": _(
            "The body is the file itself: a PDF (PAdES baseline, adbe.pkcs7.detached), an XML document (XAdES "
            "baseline, XML-DSig) or a CMS SignedData with its content. Every signature in it is judged as of now, by a "
            "certificate for signatures, and has to cover the whole document. After a signature only time-stamps, "
            "evidence and further signatures may have been added. Time-stamps and embedded revocation data are not "
            "judged. The document is not stored."
        ),
    },
    "challenge_create": {
        "summary": _("Issue a challenge"),
        "description": _(
            "Random bytes for one holder to sign once, within a few minutes. They are bound to your organisation, the "
            "key's environment and the purpose, and used up by the first verification that names them, whatever its "
            "verdict."
        ),
    },
    "verification_retrieve": {
        "summary": _("Look at a verification again"),
        "description": _("The same answer as at first, for the organisation and environment of the key."),
    },
    "certificate_inspect": {
        "summary": _("Look at a certificate"),
        "description": _("Judges a certificate without a signature. The result is not recorded."),
    },
    "certificate_kinds": {
        "summary": _("The kinds of certificate"),
        "description": _(
            "How purpose, medium and world of a certificate are told, and how well each value is known. Needs no key."
        ),
    },
}
_ANSWER: dict[str, Any] = {
    "environment": {"id": "env_1V9TC4MJ0R6QK8ZHW3NB", "kind": "sandbox"},
    "verdict": "invalid",
    "code": "cert.on_hold",
    "title": messages.VERDICTS["cert.on_hold"].title,
    "retryable": False,
    "certificate": {
        "purpose": "user_authentication",
        "medium": "phone_android",
        "told_by": {
            "policy_oid": "2.25.198132220097252083107637694572716083166.1.2.2",
            "issuer": "OU=Sandbox emulation - not J-LIS,OU=JPKI for user authentication,O=JPKI-SANDBOX,C=JP",
            "declared_medium": "phone_android",
        },
        "not_before": "2026-11-01T00:00:00Z",
        "not_after": "2031-10-31T14:59:59Z",
        "fingerprint_sha256": "5c0d…",
        "basis": "assumed",
        "unconfirmed_values": [
            {"value": "policy_oid", "basis": "assumed"},
            {"value": "issuer", "basis": "assumed"},
        ],
    },
    "steps": [
        {"id": "format", "result": "passed", "code": "ok", "looked_at": {"bytes": 1403, "fingerprint_sha256": "5c0d…"}},
        {
            "id": "revocation",
            "result": "failed",
            "code": "cert.on_hold",
            "looked_at": {"status": "on_hold", "number": 7},
        },
    ],
    "revocation": {
        "source": "crl",
        "distribution_point": "CN=Phone CRLDP,OU=CRL Distribution Points,…",
        "number": 7,
        "this_update": "2026-11-23T00:00:00Z",
        "next_update": "2026-11-24T00:00:00Z",
        "age_seconds": 3600,
        "fetched_at": "2026-11-23T00:05:00Z",
        "status": "on_hold",
        "reason": "certificate_hold",
        "revoked_at": "2026-11-22T23:10:00Z",
        "responder": None,
        "produced_at": None,
        "nonce_matched": None,
        "cached": None,
        "detail": None,
    },
    "verified_at": "2026-11-23T01:00:00Z",
    "kinds_version": kind_data.VERSION,
    "to_the_holder": {
        "reason_meaning": reason_words.MEANINGS[RevocationReason.CERTIFICATE_HOLD],
        "advice": reason_words.advice(RevocationReason.CERTIFICATE_HOLD, "phone"),
    },
}
_DOCUMENT_DIGEST = "57c16d9f619ae624b1a0a3096c14f57da81f75b0ec0eae49c1c332b0e1d8bde0"
_DOCUMENT_ANSWER: dict[str, Any] = {
    "request_id": "form-20261123-0001",
    **{name: _ANSWER[name] for name in ("environment", "verdict", "code", "title", "retryable")},
    "document": {"format": "pdf", "bytes": 74290, "sha256": _DOCUMENT_DIGEST, "timestamps": 0},
    "verifications": [
        {
            "id": "ver_7Q2M5XK0T8RZ4C1HW9NB",
            "request_id": "form-20261123-0001",
            "purpose": "signature",
            **_ANSWER,
            "certificate": {**_ANSWER["certificate"], "purpose": "signature"},
            "steps": [
                {
                    "id": "document",
                    "result": "passed",
                    "code": "ok",
                    "looked_at": {
                        "document": "PDF",
                        "document_sha256": _DOCUMENT_DIGEST,
                        "signature_number": "1/1",
                        "form": "ETSI.CAdES.detached",
                        "covers": "file",
                        "changes": "none",
                    },
                },
                _ANSWER["steps"][-1],
            ],
        }
    ],
}
_VERIFICATION_ANSWER = OpenApiExample(
    "On hold (steps in between left out)",
    response_only=True,
    status_codes=["200"],
    value={
        "id": "ver_7Q2M5XK0T8RZ4C1HW9NB",
        "request_id": "login-20261123-0001",
        "purpose": "user_authentication",
        **_ANSWER,
    },
)
_KIND_EXAMPLE = {"purpose": "signature", "medium": "card", "world": "production"}
_MARKS_EXAMPLE = {"basis": "public", "source": "decoded card certificates", "since": kind_data.VERSION}
_KINDS_EXAMPLE: dict[str, Any] = {
    "version": kind_data.VERSION,
    "kinds": [
        {
            **_KIND_EXAMPLE,
            "values": {
                name: {"value": list(each) if isinstance(each, tuple) else each, **_MARKS_EXAMPLE}
                for name, each in zip(
                    kind_data.Row._fields,
                    (value.value for value in kind_data.ROWS["signature", "card", "production"]),
                    strict=True,
                )
            },
        }
    ],
    "not_published": [{**_KIND_EXAMPLE, "medium": "phone_iphone", "why": "its policy OID is not published"}],
    "algorithms": [
        {
            "id": "rsa_2048",
            "family": "rsa",
            "min_bits": 2048,
            "max_bits": 2048,
            "curve": None,
            "digests": ["sha256", "sha384", "sha512"],
        }
    ],
}
_EXAMPLES: dict[str, list[OpenApiExample]] = {
    "certificate_kinds": [OpenApiExample("Shortened", response_only=True, status_codes=["200"], value=_KINDS_EXAMPLE)],
    "verification_create": [
        OpenApiExample(
            "User authentication",
            request_only=True,
            value={
                "purpose": "user_authentication",
                "certificate": "MIIE",
                "signature": "qJ0d",
                "message": "bG9naW4tY2hhbGxlbmdl",
                "medium": "phone_android",
                "request_id": "login-20261123-0001",
            },
        ),
        OpenApiExample(
            "Answer to a challenge of this API",
            request_only=True,
            value={
                "purpose": "user_authentication",
                "certificate": "MIIE…",
                "signature": "qJ0d…",
                "challenge_id": "chg_3N8Q4XK0T8RZ4C1HW9NB",
            },
        ),
        OpenApiExample(
            "A document of which only the hash is sent",
            request_only=True,
            value={
                "purpose": "signature",
                "certificate": "MIIE…",
                "signature": "qJ0d…",
                "scheme": "rsa_pkcs1_sha512",
                "digest": "7iaw3Ur350mqGo7jwQrpkj9hiYB3Lkc/iBml1JQODbJ6wYX4oOHV+E+IvIh/1nsUNzLDBMxfqa2Ob1f1ACio/w==",
            },
        ),
        OpenApiExample(
            "A detached CMS signature",
            request_only=True,
            value={"purpose": "signature", "format": "cms", "cms": "MIIH…", "message": "JVBERi0xLjcK…"},
        ),
        _VERIFICATION_ANSWER,
    ],
    "signed_document_create": [
        OpenApiExample(
            "A PDF signed by one holder (steps in between left out)",
            response_only=True,
            status_codes=["200"],
            value=_DOCUMENT_ANSWER,
        )
    ],
    "challenge_create": [
        OpenApiExample("For a log-in", request_only=True, value={"purpose": "user_authentication"}),
        OpenApiExample(
            "A challenge",
            response_only=True,
            status_codes=["200"],
            value={
                "challenge_id": "chg_3N8Q4XK0T8RZ4C1HW9NB",
                "challenge": "c2l4dGVlbiBhbmQgc2l4dGVlbiBhcmUgdGhpcnR5LTI=",
                "purpose": "user_authentication",
                "environment": {"id": "env_1V9TC4MJ0R6QK8ZHW3NB", "kind": "sandbox"},
                "issued_at": "2026-11-23T01:00:00Z",
                "expires_at": "2026-11-23T01:05:00Z",
            },
        ),
    ],
    "verification_retrieve": [_VERIFICATION_ANSWER],
    "certificate_inspect": [
        OpenApiExample("A certificate", request_only=True, value={"certificate": "MIIE"}),
        OpenApiExample("On hold (steps in between left out)", response_only=True, status_codes=["200"], value=_ANSWER),
    ],
}


def words(operation: str) -> dict[str, Any]:
    """Summary, description and examples of an operation, for `extend_schema`."""
    return {**_WORDS[operation], "examples": _EXAMPLES.get(operation, [])}


def parameter_words(name: str) -> dict[str, Any]:
    return {"description": {"public_id": _("The verification's ID: ver_ and 20 characters.")}[name]}


def answers_200(schema: dict[str, str], *problems: int, said: Any = None) -> dict[Any, Any]:
    """The answers of an operation: 200 with `schema`, which `said` describes, and the problem statuses."""
    return {200: OpenApiResponse(schema, description=said or _("The verdict.")), **problem_responses(*problems)}
