"""Mail to the members of an applicant: Japanese first, English below, links by SITE_URL and never by a Host header."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from whitelist import contacts
from whitelist.messages import case_words
from whitelist.models import Application, ContactConfirmation, Review

LANGUAGES = ("ja", "en")


def send(application_id: int, kind: str) -> int:
    """One mail to each active member; returns how many. `kind` names the template: submitted, changes_requested, …"""
    application = Application.objects.select_related("provider", "current_revision", "published_in").get(
        pk=application_id
    )
    context = {
        "application": application,
        "revision": application.current_revision,
        "review": _speaking_review(application, kind),
        "link": settings.SITE_URL + reverse("whitelist:application-detail", args=[application.public_id]),
    }
    subject, body = _in_both_languages(kind, context)
    subject = f"{subject} ({application.public_id})"
    seats = application.provider.memberships.filter(user__is_active=True).select_related("user").order_by("id")
    return sum(EmailMessage(subject, body, to=[seat.user.email]).send() for seat in seats)


def send_contact(confirmation_id: int) -> int:
    """The mail that asks a contact to answer; its link opens a page whose button confirms."""
    contact = ContactConfirmation.objects.select_related("provider").get(pk=confirmation_id)
    path = reverse("whitelist:contact-confirm", args=[contacts.token_of(contact)])
    subject, body = _in_both_languages("contact", {"contact": contact, "link": settings.SITE_URL + path})
    return EmailMessage(subject, body, to=[contact.email]).send()


def _in_both_languages(kind: str, context: dict[str, Any]) -> tuple[str, str]:
    """Subject and body: Japanese first, English below."""
    bodies, subjects = [], []
    for language in LANGUAGES:
        with translation.override(language):
            subjects.append(str(case_words.MAIL_SUBJECTS[kind]))
            bodies.append(render_to_string(f"whitelist/email/{kind}.txt", context).strip())
    return " / ".join(subjects), "\n\n----------------------------------------\n\n".join(bodies)


def _speaking_review(application: Application, kind: str) -> Review | None:
    """The decision whose words the mail carries."""
    decision = {"changes_requested": "request_changes", "refused": "refuse"}.get(kind)
    return Review.objects.filter(revision=application.current_revision, decision=decision).order_by("-id").first()
