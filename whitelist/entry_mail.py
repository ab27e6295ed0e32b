"""Mail about entries: to the owners of their provider, or to the reviewers' desk; each in the language they chose."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from portal.accounts import letters
from portal.accounts import services as accounts
from portal.accounts.languages import LANGUAGES
from portal.providers import members
from whitelist.messages import entry_words
from whitelist.models import Entry

TO_THE_DESK = frozenset({"desk", "second"})


def send(entry_id: int, kind: str) -> int:
    """One mail to each person concerned; returns how many. `kind` is a key of entry_words.MAILS."""
    entry = Entry.objects.select_related("provider").get(pk=entry_id)
    to_desk = kind in TO_THE_DESK
    page = "review:entry-detail" if to_desk else "whitelist:entry-detail"
    link = settings.SITE_URL + reverse(page, args=[entry.public_id])
    subjects, bodies = {}, {}
    for language in LANGUAGES:
        with translation.override(language):
            subject, happened, to_do = (str(part) for part in entry_words.MAILS[kind])
            subjects[language] = subject
            context = {"entry": entry, "happened": happened, "to_do": to_do, "link": link}
            bodies[language] = render_to_string("whitelist/email/entry.txt", context).strip()
    return letters.post(subjects, bodies, _addresses(entry, to_desk), about=entry.public_id)


def _addresses(entry: Any, to_desk: bool) -> list[str]:
    return accounts.reviewer_addresses() if to_desk else members.owner_addresses(entry.provider)
