"""Mail to people, each in the language they chose, else in both. Links by SITE_URL, never by a Host header."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation

from portal.accounts import languages
from portal.accounts.languages import LANGUAGES


def send(name: str, to: Iterable[str], values: dict[str, Any]) -> int:
    """One mail to each address of `to` from the templates accounts/email/NAME_subject.txt and NAME_body.txt.

    Returns how many were sent. Raises OSError or smtplib.SMTPException when the mail server does not take them.
    """
    subjects, bodies = {}, {}
    for language in LANGUAGES:
        with translation.override(language):
            subjects[language] = " ".join(render_to_string(f"accounts/email/{name}_subject.txt", values).split())
            bodies[language] = render_to_string(f"accounts/email/{name}_body.txt", values)
    return post(subjects, bodies, to)


def post(subjects: Mapping[str, str], bodies: Mapping[str, str], to: Iterable[str], *, about: str = "") -> int:
    """One mail to each address, from what is written in every one of LANGUAGES; returns how many were sent.

    `about` is put behind the subject: the public id of what the mail is about.
    """
    return sum(_written(subjects, bodies, address, about).send() for address in to)


def _written(subjects: Mapping[str, str], bodies: Mapping[str, str], address: str, about: str) -> EmailMessage:
    read = languages.of(address)
    subject = " / ".join(subjects[language] for language in read)
    body = languages.RULE.join(bodies[language].strip() for language in read) + "\n"
    return EmailMessage(f"{subject} ({about})" if about else subject, body, to=[address])
