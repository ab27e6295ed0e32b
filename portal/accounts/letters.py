"""Mail to a person in both languages: we do not know which one they read. Links by SITE_URL, never by a Host header."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation

LANGUAGES = ("ja", "en")


def send(name: str, to: Iterable[str], values: dict[str, Any]) -> int:
    """One mail to each address of `to` from the templates accounts/email/NAME_subject.txt and NAME_body.txt.

    Returns how many were sent. Raises OSError or smtplib.SMTPException when the mail server does not take them.
    """
    subjects, bodies = [], []
    for language in LANGUAGES:
        with translation.override(language):
            subjects.append(" ".join(render_to_string(f"accounts/email/{name}_subject.txt", values).split()))
            bodies.append(render_to_string(f"accounts/email/{name}_body.txt", values).strip())
    subject, body = " / ".join(subjects), "\n\n----\n\n".join(bodies) + "\n"
    return sum(EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [address]).send() for address in to)
