"""Mail to the members of an applicant, in the language each chose. Links by SITE_URL, never by a Host header."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from portal.accounts import letters
from portal.accounts.languages import LANGUAGES
from portal.accounts.models import User
from whitelist import contacts
from whitelist.messages import case_words, content_words, review_words
from whitelist.models import Application, ContactConfirmation, FieldRequest, Review
from whitelist.policy.corrections import Request

_DETAIL = "whitelist:application-detail"
# A correction is answered on a page of its own; everything else is told on the application's page.
_LEADS_TO = {"changes_requested": "whitelist:application-correct"}


@dataclass(frozen=True)
class Letter:
    """A mail in both languages: its subjects and bodies by language, and the public id of what it is about."""

    subjects: dict[str, str]
    bodies: dict[str, str]
    about: str = ""

    @property
    def subject(self) -> str:
        """As whoever has chosen no language gets it."""
        subject = " / ".join(self.subjects.values())
        return f"{subject} ({self.about})" if self.about else subject


@dataclass(frozen=True)
class Asked:
    """What is asked about one field, in the active language."""

    key: str
    label: str
    sentence: str
    text: str


def send(application_id: int, kind: str) -> int:
    """One mail to each active member; returns how many. `kind` names the template: submitted, changes_requested, …"""
    application = Application.objects.select_related("provider", "current_revision", "published_in").get(
        pk=application_id
    )
    review = _speaking_review(application, kind)
    letter = compose(application, kind, review=review, requests=review.field_requests.all() if review else ())
    seats = application.provider.memberships.filter(user__is_active=True).select_related("user").order_by("id")
    return _send(letter, [seat.user.email for seat in seats])


def compose(
    application: Application,
    kind: str,
    *,
    review: Review | None = None,
    requests: Iterable[FieldRequest | Request] = (),
) -> Letter:
    """The letter of `kind` about the current revision; `review` and `requests` may not be recorded yet (a preview)."""
    context = {
        "application": application,
        "revision": application.current_revision,
        "review": review,
        "link": settings.SITE_URL + reverse(_LEADS_TO.get(kind, _DETAIL), args=[application.public_id]),
    }
    found = list(requests)

    def in_words() -> dict[str, Any]:
        criterion = case_words.criterion(review.criterion) if review and review.criterion else ""
        objection = review_words.objection(review.objection) if review else ""
        return {"asked": asked(found), "criterion": criterion, "objection": objection}

    return _in_both_languages(kind, context, about=application.public_id, in_words=in_words)


def asked(requests: Iterable[FieldRequest | Request]) -> list[Asked]:
    """What a correction asks, field by field, in the active language."""
    return [
        Asked(row.field, content_words.label(row.field), str(review_words.TEMPLATES[row.template_code]), row.text)
        for row in requests
    ]


def warn_desk(application_id: int, per_cent: int) -> int:
    """Tell every reviewer that an application has used this share of the standard period; returns how many mails."""
    application = Application.objects.select_related("provider").get(pk=application_id)
    link = settings.SITE_URL + reverse("review:application-detail", args=[application.public_id])
    context = {"application": application, "per_cent": per_cent, "link": link}
    letter = _in_both_languages("deadline", context, about=application.public_id)
    reviewers = User.objects.filter(role=User.Role.REVIEWER, is_active=True).order_by("id")
    return _send(letter, [reviewer.email for reviewer in reviewers])


def send_contact(confirmation_id: int) -> int:
    """The mail that asks a contact to answer; its link opens a page whose button confirms."""
    contact = ContactConfirmation.objects.select_related("provider").get(pk=confirmation_id)
    path = reverse("whitelist:contact-confirm", args=[contacts.token_of(contact)])
    letter = _in_both_languages("contact", {"contact": contact, "link": settings.SITE_URL + path})
    return _send(letter, [contact.email])


def _in_both_languages(
    kind: str, context: dict[str, Any], *, about: str = "", in_words: Callable[[], dict[str, Any]] = dict
) -> Letter:
    """`in_words` gives the part of the context that is made in each language."""
    subjects, bodies = {}, {}
    for language in LANGUAGES:
        with translation.override(language):
            subjects[language] = str(case_words.MAIL_SUBJECTS[kind])
            bodies[language] = render_to_string(f"whitelist/email/{kind}.txt", context | in_words()).strip()
    return Letter(subjects, bodies, about)


def _send(letter: Letter, addresses: Sequence[Any]) -> int:
    return letters.post(letter.subjects, letter.bodies, addresses, about=letter.about)


def _speaking_review(application: Application, kind: str) -> Review | None:
    """The decision whose words the mail carries."""
    decision = {"changes_requested": "request_changes", "refused": "refuse"}.get(kind)
    return Review.objects.filter(revision=application.current_revision, decision=decision).order_by("-id").first()
