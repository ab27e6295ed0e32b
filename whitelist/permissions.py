"""Who may see and do what to applications and entries. What one may not see does not exist (404)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from portal.providers import permissions as providers
from whitelist.models import Application, Review
from whitelist.policy import workflow

View = Callable[..., HttpResponse]


def applicant_view(view: View) -> View:
    """For members of a service provider: the view gets it as `provider`. Nobody else has such pages (404)."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user: Any = request.user
        if not user.is_member:
            raise Http404
        provider = providers.provider_of(user)
        if provider is None:
            return redirect("providers:provider-register")
        return view(request, *args, provider=provider, **kwargs)

    return guarded


def acting_operator(user: Any, provider: Any) -> Any:
    """The platform operator for which `user` works on `provider` now; None on a seat of their own."""
    seat = providers.seat_of(user)
    return seat.acting_operator if seat is not None and seat.provider == provider else None


def may_send(user: Any, provider: Any) -> bool:
    """Whether `user` may put an application of `provider` before the reviewers.

    Any member fills it in; an owner answers for what is sent: of the organisation, or of the platform operator that
    acts for it.
    """
    operator = acting_operator(user, provider)
    return providers.is_owner(user, provider) or (operator is not None and providers.is_owner(user, operator))


def reviewer_view(view: View) -> View:
    """For reviewers; the desk does not exist for anybody else (404)."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user: Any = request.user
        if not user.is_reviewer:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def standing_first_approval(application: Application) -> Review | None:
    """The first approval of the current revision that has not been voided."""
    return Review.objects.filter(
        revision=application.current_revision,
        stage=Review.Stage.FIRST,
        decision=Review.Decision.APPROVE,
        voided_at=None,
    ).first()


def review_refusal(application: Application, reviewer: Any) -> str | None:
    """Four eyes, the one function: None when `reviewer` may decide on `application` now, else the code why not.

    Pages, claims and decisions all ask here; the database asks once more (migration 0002).
    """
    if not reviewer.is_active or not reviewer.is_reviewer:
        return "review.not_a_reviewer"
    first = standing_first_approval(application)
    editors = {application.created_by_id, *application.editors.values_list("pk", flat=True)}
    editors |= set(application.revisions.values_list("created_by_id", flat=True))
    return workflow.may_decide(
        reviewer.pk,
        first.reviewer_id if first else None,
        editors,
        providers.member_ids(application.provider),
    )
