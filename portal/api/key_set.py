"""The site's published keys as a JWK set (RFC 7517) at /.well-known/jwks.json."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from portal import problems
from portal.signing import services


@require_safe
def jwks(request: HttpRequest) -> HttpResponse:
    """Public and the same for everybody; a minute in a cache is as long as our own processes keep a key."""
    response = HttpResponse(problems.encode(services.jwks()), content_type="application/jwk-set+json")
    response["Cache-Control"] = "public, max-age=60"
    return response
