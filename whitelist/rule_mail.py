"""Mail to the providers whose entries would fail under a rule set that was just confirmed."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from whitelist.messages import rule_words
from whitelist.models import Entry, RuleSetVersion

LANGUAGES = ("ja", "en")


def send(version_id: int, provider_id: int) -> int:
    """One mail to each active member of the provider, Japanese first; returns how many."""
    version = RuleSetVersion.objects.get(pk=version_id)
    failing = [row for row in version.dry_run if row["provider_id"] == provider_id]
    provider = Entry.objects.select_related("provider").get(public_id=failing[0]["entry"]).provider
    assert provider is not None  # only production entries stand in a dry run
    context = {
        "version": version,
        "failing": failing,
        "provider": provider,
        "link": settings.SITE_URL + reverse("whitelist:entry-list"),
        "recipes": settings.SITE_URL + reverse("whitelist:recipe-list"),
    }
    bodies, subjects = [], []
    for language in LANGUAGES:
        with translation.override(language):
            subjects.append(str(rule_words.MAIL_SUBJECT))
            bodies.append(render_to_string("whitelist/email/rules_changed.txt", context).strip())
    subject = f"{subjects[0]} / {subjects[1]} ({version.name})"
    body = "\n\n----------------------------------------\n\n".join(bodies)
    seats = provider.memberships.filter(user__is_active=True).select_related("user").order_by("id")
    return sum(EmailMessage(subject, body, to=[seat.user.email]).send() for seat in seats)
