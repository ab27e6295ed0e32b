"""Applications as pages find them: the organisation's own, and the cases before the reviewers."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages as notices
from django.http import Http404, HttpRequest
from django.utils import timezone

from whitelist.messages import case_words
from whitelist.models import Application
from whitelist.refusals import Refused
from whitelist.views.queue import submitted


def own(provider: Any, public_id: str) -> Application:
    """The provider's application; Http404 for everybody else's."""
    application = (
        Application.objects.filter(provider=provider, public_id=public_id)
        .select_related("provider", "current_revision", "published_in", "live_entry__revision")
        .first()
    )
    if application is None:
        raise Http404
    return application


def now() -> datetime:
    return timezone.now().replace(microsecond=0)


def case_or_404(public_id: str) -> Application:
    """A case that has been submitted; a draft is nobody's business but the applicant's."""
    application = submitted().filter(public_id=public_id).first()
    if application is None:
        raise Http404
    return application


def press(request: HttpRequest, public_id: str, verb: Callable[..., object]) -> None:
    """A button on a case: call the verb; where it is refused, the next page says why."""
    try:
        verb(case_or_404(public_id), by=request.user, at=now())
    except Refused as refused:
        notices.warning(request, case_words.refusal(refused.code))
