"""The API reference: a page of our own, made from the OpenAPI document."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from portal.api.document import document


def page(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/api_reference.html", {"document": document(translation.get_language() or "ja")})
