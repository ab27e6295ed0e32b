"""Which language a person reads: kept with the account, used for mail, and shown at each browser they log in from.

Whoever has not chosen gets mail in both, Japanese first, English below: we do not know which one they read.
"""

from typing import Any, Final

from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import HttpResponse

LANGUAGES: Final = ("ja", "en")
RULE: Final = "\n\n----------------------------------------\n\n"


def of(address: str) -> tuple[str, ...]:
    """The languages of a mail to `address`: the one its owner chose, else both. Strangers get both."""
    people = get_user_model()._default_manager.filter(email__iexact=address)  # allauth reads this before the models
    chosen = people.values_list("language", flat=True).first()
    return (chosen,) if chosen in LANGUAGES else LANGUAGES


def show(response: HttpResponse, language: str) -> None:
    """From `response` on this browser shows its pages in `language`; nothing changes where none was chosen."""
    if language not in LANGUAGES:
        return
    same_site: Any = settings.LANGUAGE_COOKIE_SAMESITE
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH,
        domain=settings.LANGUAGE_COOKIE_DOMAIN,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=same_site,
    )
