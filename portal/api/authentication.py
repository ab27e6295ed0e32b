"""The API key from the Authorization header (RFC 6750), and from nowhere else."""

from django.http import HttpRequest
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication

from portal.problems import Problem
from portal.providers import services as providers
from portal.providers.services import ApiPrincipal, KeyRefused

REALM = 'Bearer realm="api"'


def principal_of(request: HttpRequest) -> ApiPrincipal:
    """Who calls; raises Problem 401 with WWW-Authenticate."""
    try:
        return providers.authenticate(key_of(request))
    except KeyRefused as refused:
        raise refusal(refused.code) from None


def key_of(request: HttpRequest) -> str:
    """The bearer key, whatever its kind; raises Problem 401 when there is none."""
    header = request.META.get("HTTP_AUTHORIZATION", "")
    scheme, _, key = header.partition(" ")
    if scheme.lower() != "bearer":
        raise Problem("api_key.missing", headers={"WWW-Authenticate": REALM})
    return str(key.strip())


def refusal(code: str) -> Problem:
    """The 401 for a key that was refused with this code."""
    challenge = f'{REALM}, error="invalid_token", error_description="{code}"'
    return Problem(code, headers={"WWW-Authenticate": challenge})


class BearerKey(BaseAuthentication):
    """Names the scheme to DRF and to the OpenAPI document; `principal_of` does the work."""

    def authenticate_header(self, request: object) -> str:
        return REALM


class BearerKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = BearerKey
    name = "apiKey"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "An API key: spk_test_… for a test environment, spk_live_… for production.",
        }
