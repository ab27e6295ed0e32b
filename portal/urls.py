"""Mounts the apps. Hot API routes stand first."""

from django.conf import settings
from django.urls import include, path

from portal import health

urlpatterns = [
    path("health/live/", health.live, name="health-live"),
    path("accounts/", include("allauth.urls")),
    path("language/", include("django.conf.urls.i18n")),
]

if settings.EMBEDDED:
    urlpatterns += [path("mailbox/", include("portal.mailbox.urls"))]

handler400 = "portal.error_pages.bad_request"
handler500 = "portal.error_pages.server_error"
