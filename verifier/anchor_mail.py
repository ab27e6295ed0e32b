"""Mail to the operators about what production believes: nothing there changes behind anybody's back."""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from portal.accounts import letters
from portal.accounts import services as accounts
from portal.accounts.languages import LANGUAGES
from verifier.messages import anchor_words


def send(event: str, *, subject: str, fingerprint: str, by: int) -> int:
    """One mail to each operator but the one who acted; returns how many. `event`: a key of
    `anchor_words.ANCHOR_MAILS`."""
    link = settings.SITE_URL + reverse("anchors:anchor-list")
    context = {"subject": subject, "fingerprint": fingerprint, "link": link}
    subjects, bodies = {}, {}
    for language in LANGUAGES:
        with translation.override(language):
            said = str(anchor_words.ANCHOR_MAILS[event])
            subjects[language] = said
            bodies[language] = render_to_string("verifier/email/anchor.txt", {**context, "said": said}).strip()
    return letters.post(subjects, bodies, accounts.operator_addresses(but=by), about=fingerprint[:8])
