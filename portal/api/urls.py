"""Joins the apps' operations under /api/v1/, in one list: an `include` for each would cost every call a search more."""

from django.urls import path

from portal.api import document
from portal.api.reserved import urlpatterns as reserved
from verifier.api.urls import urlpatterns as verifications
from whitelist.api.urls import urlpatterns as whitelist

app_name = "api"
urlpatterns = [*verifications, *whitelist, path("openapi.json", document.as_json, name="openapi"), *reserved]
