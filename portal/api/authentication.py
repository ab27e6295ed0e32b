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
    header = request.META.get("HTTP_AUTHORIZATION", "")
    scheme, _, key = header.partition(" ")
    if scheme.lower() != "bearer":
        raise Problem("api_key.missing", headers={"WWW-Authenticate": REALM})
    try:
        return providers.authenticate(key.strip())
    except KeyRefused as refused:
        challenge = f'{REALM}, error="invalid_token", error_description="{refused.code}"'
        raise Problem(refused.code, headers={"WWW-Authenticate": challenge}) from None


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
