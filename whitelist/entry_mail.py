"""Mail about entries: to the owners of their provider, or to the reviewers' desk; Japanese first, English below."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from portal.accounts import services as accounts
from portal.providers import members
from whitelist.mail import LANGUAGES
from whitelist.messages import entry_words
from whitelist.models import Entry

TO_THE_DESK = frozenset({"desk", "second"})


def send(entry_id: int, kind: str) -> int:
    """One mail to each person concerned; returns how many. `kind` is a key of entry_words.MAILS."""
    entry = Entry.objects.select_related("provider").get(pk=entry_id)
    to_desk = kind in TO_THE_DESK
    page = "review:entry-detail" if to_desk else "whitelist:entry-detail"
    link = settings.SITE_URL + reverse(page, args=[entry.public_id])
    bodies, subjects = [], []
    for language in LANGUAGES:
        with translation.override(language):
            subject, happened, to_do = (str(part) for part in entry_words.MAILS[kind])
            subjects.append(subject)
            context = {"entry": entry, "happened": happened, "to_do": to_do, "link": link}
            bodies.append(render_to_string("whitelist/email/entry.txt", context).strip())
    subject = f"{subjects[0]} / {subjects[1]} ({entry.public_id})"
    body = "\n\n----------------------------------------\n\n".join(bodies)
    return sum(EmailMessage(subject, body, to=[address]).send() for address in _addresses(entry, to_desk))


def _addresses(entry: Any, to_desk: bool) -> list[str]:
    return accounts.reviewer_addresses() if to_desk else members.owner_addresses(entry.provider)
