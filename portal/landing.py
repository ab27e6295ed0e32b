"""The pages anybody may see: landing with one real verdict, the site's condition, accessibility, personal information.

Part of the composition root: it asks testenv for the public persona's answer and the verifier what it is worth.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from portal import identifiers
from portal.environments import services as environments
from portal.jobs.models import WorkerPulse
from portal.providers import services as providers
from testenv import services as testenv
from verifier import services as verifier
from verifier.messages import step_words
from whitelist import publication

_WORKER_IS_SILENT_AFTER = timedelta(seconds=30)
# Minutes from the sign-up, as a prepared person needs them.
_FIRST_RUN = (
    ("0:00", _("Sign up with your e-mail address")),
    ("2:00", _("Register your organisation by its corporate number")),
    ("3:30", _("Press “Make a test environment”")),
    ("4:00", _("Enter the return URL of the sample service")),
    ("5:30", _("Consent and type the PIN on the virtual phone")),
    ("7:00", _("Read the result")),
)


@dataclass(frozen=True)
class Demonstration:
    """The public persona's answer as an API request, and the command that repeats it."""

    body: dict[str, Any]
    curl: str


def _demonstration() -> Demonstration | None:
    body, key = testenv.demonstration(), testenv.demonstration_key()
    if body is None or key is None:
        return None
    curl = (
        f"curl -sS {settings.SITE_URL}/try/request.json |\n"
        f"  curl -sS {settings.SITE_URL}/api/v1/verifications \\\n"
        f"    -H 'Authorization: Bearer {key}' \\\n"
        "    -H 'Content-Type: application/json' --data-binary @-"
    )
    return Demonstration(body, curl)


def landing(request: HttpRequest) -> HttpResponse:
    """GET shows the page; POST asks for the public persona's verdict, by the same verb as the API."""
    demonstration = _demonstration()
    verification = None
    if request.method == "POST" and demonstration is not None:
        principal = providers.authenticate(testenv.demonstration_key() or "")
        question = verifier.question_from_json(demonstration.body)
        verification = verifier.verify(principal, question, request_id=identifiers.new("try"))
    context = {
        "demonstration": demonstration,
        "verification": verification,
        "steps": _steps(verification) if verification else [],
        "production": _production(),
        "run": [{"at": at, "words": words} for at, words in _FIRST_RUN],
    }
    return render(request, "public/landing.html", context)


def _steps(verification: Any) -> list[dict[str, Any]]:
    return [{**step, "words": step_words.STEPS[step["id"]]} for step in verification.read_steps()]


@require_safe
def request_json(request: HttpRequest) -> JsonResponse:
    """The public persona's answer, ready to be posted to the verification API."""
    demonstration = _demonstration()
    if demonstration is None:
        raise Http404
    return JsonResponse(demonstration.body)


@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """What runs, and how fresh what it stands on is."""
    now = timezone.now()
    pulse = (
        WorkerPulse.objects.exclude(worker__startswith="prober@")
        .order_by("-seen_at")
        .values_list("seen_at", flat=True)
        .first()
    )
    context = {
        "now": now,
        "pulse": pulse,
        "worker_runs": pulse is not None and now - pulse < _WORKER_IS_SILENT_AFTER,
        "public_sandbox": environments.public_sandbox(),
        "production": _production(),
    }
    return render(request, "public/status.html", context)


def _production() -> dict[str, Any]:
    version = publication.current_version(environments.production())
    return {"version": version}


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "public/accessibility.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "public/privacy.html")
