"""Mail to the providers whose entries would fail under a rule set that was just confirmed."""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from portal.accounts import letters
from portal.accounts.languages import LANGUAGES
from whitelist.messages import rule_words
from whitelist.models import Entry, RuleSetVersion


def send(version_id: int, provider_id: int) -> int:
    """One mail to each active member of the provider; returns how many."""
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
    subjects, bodies = {}, {}
    for language in LANGUAGES:
        with translation.override(language):
            subjects[language] = str(rule_words.MAIL_SUBJECT)
            bodies[language] = render_to_string("whitelist/email/rules_changed.txt", context).strip()
    seats = provider.memberships.filter(user__is_active=True).select_related("user").order_by("id")
    return letters.post(subjects, bodies, [seat.user.email for seat in seats], about=version.name)
