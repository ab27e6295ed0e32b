"""Examples of requests and answers for the OpenAPI document and its reference page."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

from verifier import reason_words
from verifier.messages import verdict_words
from verifier.pki import kind_data
from verifier.pki.reasons import RevocationReason

_ANSWER: dict[str, Any] = {
    "environment": {"id": "env_1V9TC4MJ0R6QK8ZHW3NB", "kind": "sandbox"},
    "verdict": "invalid",
    "code": "cert.on_hold",
    "title": verdict_words.VERDICTS["cert.on_hold"].title,
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
EXAMPLES: dict[str, list[OpenApiExample]] = {
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
