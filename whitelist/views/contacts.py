"""The page behind the link in a contact's mail. Whoever holds the link reads that mailbox; no log-in is asked for."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from whitelist import contacts


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def contact_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """GET says what would be confirmed and changes nothing; the button confirms."""
    at = timezone.now().replace(microsecond=0)
    row = contacts.by_token(token, at=at)
    if row is None:
        raise Http404
    if request.method == "POST":
        contacts.confirm(row, at=at)
        return redirect("whitelist:contact-confirm", token)
    until = row.confirmed_at + contacts.VALID_FOR if row.confirmed_at else None
    return render(request, "whitelist/contact/confirm.html", {"contact": row, "until": until})
