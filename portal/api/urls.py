"""Joins the apps' operations under /api/v1/. The hot ones stand first."""

from django.urls import include, path

from portal.api import document

app_name = "api"
urlpatterns = [
    path("", include("verifier.api.urls")),
    path("", include("whitelist.api.urls")),
    path("openapi.json", document.as_json, name="openapi"),
    path("", include("portal.api.reserved")),
]
