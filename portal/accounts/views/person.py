"""A person's own account, beside what allauth's pages do."""

from django.contrib import messages as notes
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.accounts import sessions


@require_POST
@login_required
def session_end(request: HttpRequest, pk: int) -> HttpResponse:
    if not sessions.end_one(request.user, pk):
        raise Http404
    notes.success(request, _("This session has ended."))
    return redirect("usersessions_list")
