"""Mounts the apps. Hot API routes stand first."""

from django.conf import settings
from django.urls import include, path

from portal import health
from portal.api import key_set

urlpatterns = [
    path("api/v1/", include("portal.api.urls")),
    path(".well-known/jwks.json", key_set.jwks, name="jwks"),
    path("health/live/", health.live, name="health-live"),
    path("accounts/", include("allauth.urls")),
    path("language/", include("django.conf.urls.i18n")),
]

if settings.EMBEDDED:
    urlpatterns += [path("mailbox/", include("portal.mailbox.urls"))]

handler400 = "portal.api.handlers.bad_request"
handler404 = "portal.api.handlers.not_found"
handler500 = "portal.api.handlers.server_error"
