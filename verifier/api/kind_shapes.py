"""The table of certificate kinds as JSON schema."""

from django.utils.translation import gettext_lazy as _

from portal.api.document import declare
from verifier.api.shapes import MEDIUM, PURPOSE, object_of
from verifier.pki import kind_data
from verifier.pki.profiles import World

_WORLD = {"type": "string", "enum": [world.value for world in World]}
_KIND_KEY = {"purpose": PURPOSE, "medium": MEDIUM, "world": _WORLD}
_MARKED = object_of(
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
    object_of(
        {
            "version": {"type": "string"},
            "kinds": {
                "type": "array",
                "items": object_of({**_KIND_KEY, "values": object_of(dict.fromkeys(kind_data.Row._fields, _MARKED))}),
            },
            "not_published": {
                "type": "array",
                "items": object_of({**_KIND_KEY, "why": {"type": "string"}}),
                "description": _("Kinds that cannot be told yet: such certificates are refused, never guessed."),
            },
            "algorithms": {
                "type": "array",
                "items": object_of(
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
