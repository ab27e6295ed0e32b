"""Mail to the people of an organisation, in the language each chose. Links by SITE_URL, never by a Host header."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from portal.accounts import letters
from portal.accounts.languages import LANGUAGES
from portal.accounts.models import User
from portal.jobs import services as jobs
from portal.providers.mail_words import MAILS
from portal.providers.models import ServiceProvider


def tell_owners(provider: ServiceProvider, kind: str, *, about: str, **values: str | int) -> None:
    """Send one mail of `kind` (portal.providers.mail_words) to each owner, by a job of the present transaction.

    `about` names the thing it is about: while a mail of that kind about it waits, another is not queued.
    """
    key = f"providers.mail:{provider.public_id}:{kind}:{about}"
    jobs.enqueue("providers.send_mail", provider.pk, kind, dict(values), lane="mail", key=key)


def tell_person(to: User, provider: ServiceProvider, kind: str, *, about: str, **values: str | int) -> None:
    """As `tell_owners`, to one person alone."""
    key = f"providers.mail:{to.pk}:{kind}:{about}"
    jobs.enqueue("providers.send_mail", provider.pk, kind, dict(values), to.pk, lane="mail", key=key)


def send(provider_id: int, kind: str, values: dict[str, Any], person_id: int | None = None) -> int:
    """One mail to each active owner, or to the one person alone; returns how many."""
    provider = ServiceProvider.objects.get(pk=provider_id)
    people = User.objects.filter(is_active=True).order_by("id")
    if person_id is None:
        people = people.filter(memberships__provider=provider, memberships__role="owner")
    else:
        people = people.filter(pk=person_id)
    subjects, bodies = written(provider, kind, values)
    return letters.post(subjects, bodies, [person.email for person in people])


def written(provider: ServiceProvider, kind: str, values: dict[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    """Subjects and bodies by language."""
    words = MAILS[kind]
    link = settings.SITE_URL + reverse(words.url_name)
    filled = {**values, "provider": provider.name}
    subjects, bodies = {}, {}
    for language in LANGUAGES:
        with translation.override(language):
            subjects[language] = str(words.subject) % filled
            bodies[language] = f"{str(words.body) % filled}\n\n{link}"
    return subjects, bodies
