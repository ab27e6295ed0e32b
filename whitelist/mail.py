"""Mail to the members of an applicant: Japanese first, English below, links by SITE_URL and never by a Host header."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from whitelist.messages import case_words
from whitelist.models import Application, Review

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
    bodies, subjects = [], []
    for language in LANGUAGES:
        with translation.override(language):
            subjects.append(str(case_words.MAIL_SUBJECTS[kind]))
            bodies.append(render_to_string(f"whitelist/email/{kind}.txt", context).strip())
    subject = f"{subjects[0]} / {subjects[1]} ({application.public_id})"
    body = "\n\n----------------------------------------\n\n".join(bodies)
    seats = application.provider.memberships.filter(user__is_active=True).select_related("user").order_by("id")
    return sum(EmailMessage(subject, body, to=[seat.user.email]).send() for seat in seats)


def _speaking_review(application: Application, kind: str) -> Review | None:
    """The decision whose words the mail carries."""
    decision = {"changes_requested": "request_changes", "refused": "refuse"}.get(kind)
    return Review.objects.filter(revision=application.current_revision, decision=decision).order_by("-id").first()
