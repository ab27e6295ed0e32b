"""API keys of an organisation. They belong to providers, but only this floor knows the environments they open."""

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from portal import one_time
from portal.environments import services as environments
from portal.environments.forms import KIND_WORDS, ClientForm
from portal.providers import services
from portal.providers.messages import sentence
from portal.providers.models import Membership
from portal.providers.permissions import owner_required, seat_required
from portal.providers.sections import sections


@require_safe
@seat_required
def client_list(request: HttpRequest, seat: Membership) -> HttpResponse:
    keys = seat.provider.api_clients.select_related("environment", "created_by").order_by("revoked_at", "-id")
    context = {
        "provider": seat.provider,
        "second_navigation": sections(),
        "rows": [{"key": key, "environment": KIND_WORDS[key.environment.kind]} for key in keys],
        "has_sandbox": environments.sandbox_of(seat.provider) is not None,
        "is_owner": seat.role == Membership.Role.OWNER,
        "limit": services.LIVE_KEYS_PER_ENVIRONMENT,
    }
    return render(request, "providers/client_list.html", context)


@require_http_methods(["GET", "POST"])
@owner_required
def client_issue(request: HttpRequest, seat: Membership) -> HttpResponse:
    form = ClientForm(request.POST or None, provider=seat.provider)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        try:
            client, text = services.issue_client(seat.provider, environment=form.chosen, name=name, by=request.user)
        except services.Refused as refused:
            form.add_error("environment", sentence(refused.code))
        else:
            one_time.keep(request, f"key_{client.pk}", text)
            return redirect("providers:client-issued", pk=client.pk)
    return render(request, "providers/client_issue.html", {"form": form, "provider": seat.provider})


@never_cache
@require_safe
@owner_required
def client_issued(request: HttpRequest, seat: Membership, pk: int) -> HttpResponse:
    """Shows the key's text the first time it is asked for; afterwards only that it was shown."""
    client = get_object_or_404(seat.provider.api_clients.select_related("environment"), pk=pk)
    text = one_time.take(request, f"key_{client.pk}")
    context = {"client": client, "text": text, "environment_word": KIND_WORDS[client.environment.kind]}
    return render(request, "providers/client_issued.html", context)


@require_http_methods(["GET", "POST"])
@owner_required
def client_revoke(request: HttpRequest, seat: Membership, pk: int) -> HttpResponse:
    client = get_object_or_404(seat.provider.api_clients.select_related("environment"), pk=pk)
    if request.method == "POST":
        if services.revoke_client(client, by=request.user):  # type: ignore[arg-type]
            notes.success(request, _("The key %(prefix)s… is revoked.") % {"prefix": client.prefix})
        else:
            notes.info(request, _("This key was revoked before. Nothing was changed."))
        return redirect("providers:client-list")
    context = {"client": client, "environment_word": KIND_WORDS[client.environment.kind]}
    return render(request, "providers/client_revoke.html", context)
