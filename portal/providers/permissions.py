"""Who may see and do what to a service provider. What one may not see does not exist (404)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from portal.providers.models import Membership, ServiceProvider

View = Callable[..., HttpResponse]


def seat_of(user: Any) -> Membership | None:
    """The seat the person has chosen (portal.providers.middleware), else the first they took."""
    chosen: Membership | None = getattr(user, "chosen_seat", None)
    if chosen is not None:
        return chosen
    return Membership.objects.filter(user=user).select_related("provider").order_by("id").first()


def provider_of(user: Any) -> ServiceProvider | None:
    """The provider the person works for now."""
    seat = seat_of(user)
    return seat.provider if seat else None


def is_owner(user: Any, provider: ServiceProvider) -> bool:
    return Membership.objects.filter(user=user, provider=provider, role=Membership.Role.OWNER).exists()


def member_ids(provider: ServiceProvider) -> set[int]:
    """User ids of everyone with a seat at the provider, at an operator it has delegated to, or at one it serves."""
    operators = provider.delegations.values_list("operator_id", flat=True)
    served = provider.delegated_to_us.values_list("provider_id", flat=True)
    involved = {provider.pk, *operators, *served}
    return set(Membership.objects.filter(provider_id__in=involved).values_list("user_id", flat=True))


def seat_required(view: View) -> View:
    """Calls `view(request, seat, …)`. Unknown people log in first; who has no seat is sent to register, staff home."""

    @wraps(view)
    @login_required
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        seat = seat_of(request.user)
        if seat is None:
            return redirect("providers:provider-register" if request.user.role == "member" else "home")  # type: ignore[union-attr]
        return view(request, seat, *args, **kwargs)

    return wrapped


def owner_required(view: View) -> View:
    """As `seat_required`, and a member who is no owner gets 403 with the reason in words."""

    @wraps(view)
    @seat_required
    def wrapped(request: HttpRequest, seat: Membership, *args: Any, **kwargs: Any) -> HttpResponse:
        if seat.role != Membership.Role.OWNER:
            raise PermissionDenied(_("Only an owner of your organisation can do this. Ask one of them."))
        return view(request, seat, *args, **kwargs)

    return wrapped


def own_seat_required(view: View) -> View:
    """As `seat_required`, for what a platform operator does not see or do while it acts for the organisation (403)."""

    @wraps(view)
    @seat_required
    def wrapped(request: HttpRequest, seat: Membership, *args: Any, **kwargs: Any) -> HttpResponse:
        if seat.acting_operator is not None:
            raise PermissionDenied(_("This belongs to the organisation itself. You are acting for it as its operator."))
        return view(request, seat, *args, **kwargs)

    return wrapped


def staff_required(view: View) -> View:
    """For reviewers and operators; the pages do not exist for anybody else (404)."""

    @wraps(view)
    @login_required
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not (request.user.is_reviewer or request.user.is_operator):  # type: ignore[union-attr]
            raise Http404
        return view(request, *args, **kwargs)

    return wrapped


def reviewer_required(view: View) -> View:
    """Calls the view for reviewers; operators get 403 with the reason, everybody else 404."""

    @wraps(view)
    @staff_required
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_reviewer:  # type: ignore[union-attr]
            raise PermissionDenied(_("Only a reviewer can confirm this."))
        return view(request, *args, **kwargs)

    return wrapped
