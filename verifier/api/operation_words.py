"""What the operations are called and what they do."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from verifier.api.examples import EXAMPLES

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


def words(operation: str) -> dict[str, Any]:
    """Summary, description and examples of an operation, for `extend_schema`."""
    return {**_WORDS[operation], "examples": EXAMPLES.get(operation, [])}


def parameter_words(name: str) -> dict[str, Any]:
    return {"description": {"public_id": _("The verification's ID: ver_ and 20 characters.")}[name]}
