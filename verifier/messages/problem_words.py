"""Problems of requests to the verifier, entered into the table of the site."""

from django.utils.translation import gettext_lazy as _

from portal import problems

problems.declare(
    "provider.not_entitled",
    403,
    _("Your organisation may not verify real certificates today."),
    _(
        "It needs to be a confirmed administrative body, hold a confirmed certification valid today, or have a live "
        "delegation to a platform operator who does (Act No. 153 of 2002, Article 17)."
    ),
)
problems.declare(
    "env.mismatch",
    409,
    _("The key belongs to another environment than the request names."),
    _("Use the key of that environment, or leave the field “environment” out."),
)
problems.declare(
    "env.not_ready",
    409,
    _("The environment is not ready."),
    _("Wait until it has been made, or ask for it again where its making failed."),
)
problems.declare(
    "document.too_large",
    413,
    _("The document is too large."),
    _("“max_bytes” says how large it may be. Sign large files by their hash and verify that by POST verifications."),
)
problems.declare(
    "document.unreadable",
    422,
    _("The document cannot be read."),
    _("Send the PDF or XML file itself, complete and not repaired; XML without a document type declaration."),
)
problems.declare(
    "document.encrypted", 422, _("The PDF is encrypted."), _("Send it without a password and without protection.")
)
problems.declare(
    "document.no_signature",
    422,
    _("The document bears no signature."),
    _("Nothing was judged. If the signature is a file of its own, send it as CMS by POST verifications."),
)
problems.declare(
    "document.too_much_work",
    422,
    _("The document is made so that reading it takes too much work."),
    _("Nothing was judged. A genuine document with at most ten signatures is read in a second or two."),
)
problems.declare(
    "document.busy",
    503,
    _("Too many documents are being read at this moment."),
    _("Nothing was judged. Send the request again after the time in Retry-After."),
)
problems.FIELD_SENTENCES.update(
    {
        "field.one_of": _("Send exactly one of message, digest, challenge and challenge_id."),
        "field.at_most_one_of": _("Send at most one of message, digest, challenge and challenge_id."),
        "field.digest_length": _("The hash has another length than that of the scheme."),
        "field.sha1": _("SHA-1 is not accepted; use SHA-256 or longer."),
        "field.too_short": _("The value is too short."),
        "field.repeated": _("This parameter is sent more than once."),
        "field.not_with_format": _("This field does not go with that format."),
    }
)
problems.declare(
    "verification.not_found",
    404,
    _("There is no such verification."),
    _("A key sees only the verifications of its own organisation in its own environment."),
)
