"""The one way out of the store: as an attachment, to people who may read it."""

from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from portal.evidence import services


@require_safe
@login_required
def download(request: HttpRequest, public_id: str) -> HttpResponse:
    """Never shown inside the site's origin: attachment, nosniff, and a sandbox should a browser open it after all."""
    file = services.readable_by(request.user, public_id)
    if file is None:
        raise Http404
    response = HttpResponse(services.bytes_of(file), content_type=file.media_type)
    plain = f"{file.public_id}.{file.name.rpartition('.')[2]}"
    response["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file.name, safe='')}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    response.csp_sandbox = True  # type: ignore[attr-defined]
    return response
