"""Signed documents as JSON schema, and the media types they come in."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter

from portal.api.document import declare
from verifier.api.shapes import ENVIRONMENT_FIELD, JUDGEMENT, SOURCE_FIELD, VERIFICATION, VERIFICATION_FIELDS, object_of

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
    _parameter("environment", ENVIRONMENT_FIELD),
    _parameter("revocation", SOURCE_FIELD),
]
SIGNED_DOCUMENT = declare(
    "SignedDocument",
    object_of(
        {
            "request_id": {"type": "string"},
            **{name: JUDGEMENT[name] for name in ("environment", "verdict", "code", "title", "retryable")},
            "document": object_of(
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
