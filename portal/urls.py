"""Mounts the apps. Hot API routes stand first."""

from django.conf import settings
from django.urls import include, path

from portal import health, home, landing
from portal.api import key_set, reference
from portal.environments.client_urls import urlpatterns as client_urls
from portal.providers.urls import urlpatterns as provider_urls

urlpatterns = [
    path("api/v1/", include("portal.api.urls")),
    path(".well-known/jwks.json", key_set.jwks, name="jwks"),
    path("docs/api/", reference.page, name="api-reference"),
    path("docs/", include("verifier.document_urls")),
    path("verifications/", include("verifier.urls")),
    path("health/live/", health.live, name="health-live"),
    path("", landing.landing, name="landing"),
    path("try/request.json", landing.request_json, name="landing-request"),
    path("status/", landing.status, name="status"),
    path("accessibility/", landing.accessibility, name="accessibility"),
    path("privacy/", landing.privacy, name="privacy"),
    path("home/", home.home, name="home"),
    path("organisation/", include(([*provider_urls, *client_urls], "providers"))),
    path("evidence/", include("portal.evidence.urls")),
    path("test-environment/", include("testenv.urls")),
    path("whitelist/", include("whitelist.urls")),
    path("review/", include("whitelist.review_urls")),
    path("audit/", include("portal.trail.urls")),
    path("accounts/", include("allauth.urls")),
    path("account/", include("portal.accounts.person_urls")),
    path("staff/", include("portal.accounts.staff_urls")),
    path("trust-anchors/", include("verifier.anchor_urls")),
    path("revocation-lists/", include("verifier.source_urls")),
    path("language/", include("django.conf.urls.i18n")),
]

if settings.EMBEDDED:
    urlpatterns += [
        path("mailbox/", include("portal.mailbox.urls")),
        path("internet/", include("testenv.console_urls")),
    ]

handler400 = "portal.api.handlers.bad_request"
handler404 = "portal.api.handlers.not_found"
handler500 = "portal.api.handlers.server_error"
