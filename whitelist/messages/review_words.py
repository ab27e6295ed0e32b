"""Words of the reviewers' desk: ready sentences for corrections, how to object, the statement of no conflict."""

from collections.abc import Mapping

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from whitelist.policy.objection import MONTHS_FROM_KNOWLEDGE, YEARS_FROM_DISPOSITION

# What a correction asks, as the applicant reads it.
TEMPLATES: Mapping[str, Promise | str] = {
    "url_not_as_sent": _("Give the URL exactly as your system sends it, byte for byte."),
    "url_too_broad": _("Give a URL of this service's own; the one given is shared with other services."),
    "domain_not_shown": _("Show that you manage this domain, by a DNS record or a file."),
    "kind_unclear": _("State whether the answer goes to a browser page or to an app."),
    "app_not_found": _("The app was not found under this identifier or fingerprint. State them as they are published."),
    "purpose_not_needed": _("State only the kinds of certificates that the service needs, or explain the need."),
    "way_in_not_used": _("State only the ways in that the service offers."),
    "use_too_vague": _("Describe which procedure of your service uses the certificates, and for what."),
    "contact_personal": _("Give an address of the organisation that is read at all times, not a person's own."),
    "measure_reason": _("Give the reason in a way that can be checked."),
    "measure_date": _("Give the date by which the measure will be in force."),
    "measure_evidence": _("Attach a paper that shows this."),
    "paper_unreadable": _("The attached paper cannot be read or does not show what is stated. Attach another one."),
    "own_words": _("Please correct this item as described below."),
}
# The same, short, for the reviewer's list.
TEMPLATE_NAMES: Mapping[str, Promise | str] = {
    "url_not_as_sent": pgettext_lazy("correction", "Not the URL as sent"),
    "url_too_broad": pgettext_lazy("correction", "Shared with other services"),
    "domain_not_shown": pgettext_lazy("correction", "Domain not shown"),
    "kind_unclear": pgettext_lazy("correction", "Browser or app?"),
    "app_not_found": pgettext_lazy("correction", "App not found"),
    "purpose_not_needed": pgettext_lazy("correction", "More than is needed"),
    "way_in_not_used": pgettext_lazy("correction", "Way in is not offered"),
    "use_too_vague": pgettext_lazy("correction", "Use too vague"),
    "contact_personal": pgettext_lazy("correction", "A person's own address"),
    "measure_reason": pgettext_lazy("correction", "Reason cannot be checked"),
    "measure_date": pgettext_lazy("correction", "Date is missing"),
    "measure_evidence": pgettext_lazy("correction", "Paper is missing"),
    "paper_unreadable": pgettext_lazy("correction", "Paper unreadable"),
    "own_words": pgettext_lazy("correction", "In own words"),
}

CONFLICT: Mapping[str, Promise | str] = {
    "2026-11/1": _(
        "I have no interest in this decision: I do not work for the applicant, its platform operator or an "
        "organisation it serves, and nobody close to me does."
    ),
}

OBJECTION_SAMPLE: Promise | str = _("Sample text of this site, assumed; not J-LIS's.")
OBJECTION: Mapping[str, Promise | str] = {
    "2026-11/sample-1": _(
        "If you object to this decision, you can request a review by %(authority)s within %(months)s months from the "
        "day after you learnt of it (Administrative Complaint Review Act, articles 2 and 18). This is no longer "
        "possible once %(years)s year has passed from the day after the decision, unless there is a just reason."
    ),
}
OBJECTION_AUTHORITY: Promise | str = _("the reviewing authority")

PROVISIONAL_WORDS: Mapping[str, Promise | str] = {
    "approve": pgettext_lazy("provisional verdict", "I would approve"),
    "request_changes": pgettext_lazy("provisional verdict", "I would ask for a correction"),
    "refuse": pgettext_lazy("provisional verdict", "I would refuse"),
}


def objection(version: str) -> str:
    """How to object to a refusal, in the active language; empty for an unknown version."""
    if version not in OBJECTION:
        return ""
    return str(OBJECTION[version]) % {
        "authority": settings.OBJECTION_AUTHORITY or str(OBJECTION_AUTHORITY),
        "months": MONTHS_FROM_KNOWLEDGE,
        "years": YEARS_FROM_DISPOSITION,
    }
