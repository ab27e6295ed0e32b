"""How an operator's act ended, in one place for all pages about people."""

import smtplib
from collections.abc import Callable
from typing import Any

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from portal.accounts import messages
from portal.accounts.refusals import Refused


def told(request: HttpRequest, verb: Callable[..., object], said: str, back: str, **where: Any) -> HttpResponse:
    """Call the verb with `by` and `at`, say how it went, go back to the page named `back` (its parts: `where`)."""
    try:
        verb(by=request.user, at=timezone.now())
    except Refused as refused:
        notes.error(request, messages.sentence(refused.code))
    except (OSError, smtplib.SMTPException):
        notes.error(request, messages.sentence("mail.not_sent"))
    else:
        notes.success(request, said)
    page: HttpResponse = redirect(back, **where)
    return page
