"""Mail to the operators: what is wrong with sources of revocation lists, and what is well again."""

from django.conf import settings
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from portal.accounts import letters
from portal.accounts import services as accounts
from portal.accounts.languages import LANGUAGES
from verifier.messages import source_words
from verifier.models import SourceAlarm

# Of a failure of many sources at once the first few are named; the page has them all.
_NAMED_AT_MOST = 10


def send(began: list[int], ended: list[int]) -> int:
    """One mail to each operator about alarms (primary keys) that began and that ended; returns how many."""
    alarms = SourceAlarm.objects.select_related("point__anchor__environment").order_by("id")
    subjects, bodies = {}, {}
    for language in LANGUAGES:
        with translation.override(language):
            context = {
                "began": _lines(alarms.filter(pk__in=began)),
                "ended": _lines(alarms.filter(pk__in=ended)),
                "more": max(len(began) - _NAMED_AT_MOST, 0) + max(len(ended) - _NAMED_AT_MOST, 0),
                "link": settings.SITE_URL + reverse("sources:source-list"),
            }
            subjects[language] = _("Revocation lists want a look") if began else _("Revocation lists are well again")
            bodies[language] = render_to_string("verifier/email/alarms.txt", context)
    return letters.post(subjects, bodies, accounts.operator_addresses(but=0))


def _lines(alarms: QuerySet[SourceAlarm]) -> list[str]:
    return [
        f"{source_words.ALARMS[row.alarm]} {row.point.anchor.environment.public_id} {row.point.label}"
        for row in alarms[:_NAMED_AT_MOST]
    ]
