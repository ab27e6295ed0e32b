"""Who reads what of the trail. An auditor everything; reviewers and operators the events of their own work; people of
a service provider the events of their organisation, with everybody at J-LIS named by role only."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from portal.audit.models import AuditEvent
from portal.providers.permissions import seat_of

View = Callable[..., HttpResponseBase]

# Reviewers see what concerns a service provider, the list and the rules; not how people of J-LIS are appointed.
_REVIEWERS = Q(provider__isnull=False) | Q(subject_type__startswith="whitelist.")
# Operators run the site: they see all but the cases under review.
_NOT_OPERATORS = Q(subject_type__startswith="whitelist.application") | Q(subject_type__startswith="whitelist.review")


@dataclass(frozen=True)
class Reader:
    """`role` is auditor, reviewer, operator or member; `provider` the organisation a member works for now.

    `acting_operator` is the platform operator through whose seat the member acts for it, if any.
    """

    user: Any
    role: str
    provider: Any = None
    acting_operator: Any = None

    @property
    def is_staff(self) -> bool:
        return self.role != "member"

    @property
    def sees_addresses(self) -> bool:
        return self.role == "auditor"

    def events(self) -> QuerySet[AuditEvent]:
        """The events this person may read; a platform operator's people read what they did for the organisation."""
        found = AuditEvent.objects.all()
        if self.role == "auditor":
            return found
        if self.role == "reviewer":
            return found.filter(_REVIEWERS)
        if self.role == "operator":
            return found.exclude(_NOT_OPERATORS)
        own = found.filter(provider=self.provider)
        return own.filter(acting_operator=self.acting_operator) if self.acting_operator else own

    def may_know(self, actor: Any) -> bool:
        """Whether the person behind an event may be named to the reader."""
        return actor is not None and (self.is_staff or actor.role == "member")


def trail_view(view: View) -> View:
    """Calls `view(request, reader, …)`. Unknown people log in first, who has no organisation yet registers one."""

    @wraps(view)
    @login_required
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user: Any = request.user
        if user.role != "member":
            return view(request, Reader(user, user.role), *args, **kwargs)
        seat = seat_of(user)
        if seat is None:
            return redirect("providers:provider-register")
        return view(request, Reader(user, "member", seat.provider, seat.acting_operator), *args, **kwargs)

    return guarded
