"""The list as everybody may check it: version, where it is in effect, record of changes, and proofs."""

import json
from itertools import pairwise
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.environments import services as environments
from whitelist import consumers, ledger, lists, proofs, publication
from whitelist.messages import case_words, publication_words
from whitelist.models import Entry, ListVersion
from whitelist.views import effects

_VERSIONS_SHOWN = 20
_NAMES_SHOWN = 3
_FOR_EVER = "public, max-age=31536000, immutable"


@require_safe
def list_current(request: HttpRequest) -> HttpResponse:
    return _page(request, publication.current_version(environments.production()))


@require_safe
def list_version(request: HttpRequest, number: int) -> HttpResponse:
    return _page(request, _version(number))


@require_safe
def list_signed(request: HttpRequest, number: int) -> HttpResponse:
    """The head of the version as it was first signed (compact JWS); it never changes."""
    version = _version(number)
    response = HttpResponse(version.jws, content_type="application/jose")
    response["Cache-Control"] = _FOR_EVER
    response["Content-Disposition"] = f'attachment; filename="whitelist-{version.number}.jws"'
    return response


@require_safe
def list_document(request: HttpRequest, number: int) -> HttpResponse:
    """The very bytes whose SHA-256 the signed head of the version names."""
    version = _version(number)
    response = HttpResponse(lists.document(version), content_type="application/json")
    response["Cache-Control"] = _FOR_EVER
    return response


def _version(number: int) -> ListVersion:
    version = lists.version_of(environments.production(), number)
    if version is None:
        raise Http404
    return version


def _page(request: HttpRequest, version: ListVersion | None) -> HttpResponse:
    production = environments.production()
    newest = publication.current_version(production)
    log = list(proofs.versions_of(production)[:_VERSIONS_SHOWN])
    running = consumers.acknowledged(log)
    asked = request.GET.get("url", "")
    context = {
        "version": version,
        "newest": newest,
        "kid": version.kid if version else "",
        "tsm": effects.shown(version, at=timezone.now()) if version else None,
        "server_says": lists.server_check(version) if version else "",
        "log": [_log_row(row, running.get(row.number, (0, 0))) for row in log],
        "is_unbroken": all(older.digest == newer.previous_digest for newer, older in pairwise(log)),
        "site_url": settings.SITE_URL,
        "asked": asked,
        "found": _find(version, asked) if version and asked else None,
    }
    return render(request, "whitelist/public/list.html", context)


def _log_row(version: ListVersion, running: tuple[int, int]) -> dict[str, Any]:
    ids = [*version.added, *version.removed]
    entries = Entry.objects.filter(public_id__in=ids[:_NAMES_SHOWN]).select_related("provider")
    names = sorted({entry.provider.name for entry in entries if entry.provider})
    counts = version.changes or {"entered": len(version.added), "removed": len(version.removed)}
    words = [publication_words.change(kind, count) for kind, count in counts.items() if count]
    return {
        "version": version,
        "words": words,
        "names": names,
        "ids": ids[:_NAMES_SHOWN],
        "more": max(0, len(ids) - _NAMES_SHOWN),
        "running": running[0],
        "consumers": running[1],
        "is_everywhere": running[0] == running[1] > 0,
    }


def _find(version: ListVersion, asked: str) -> dict[str, Any]:
    """The entry of `version` with exactly these bytes as the document has it, and the proof of its leaf."""
    sent = asked.encode("utf-8", "replace")
    listed = next((entry for entry in ledger.listed_in(version) if entry["url"].encode() == sent), None)
    if listed is None:
        return {"listed": None}
    entry = Entry.objects.select_related("provider").filter(public_id=listed["id"]).first()
    purposes = [case_words.PURPOSES[purpose] for purpose in listed["purposes"]]
    ways = [case_words.WAYS_IN[way] for way in listed.get("ways_in", ())]
    return {"listed": listed, "entry": entry, "purposes": purposes, "ways_in": ways, "proof": _proof(version, listed)}


def _proof(version: ListVersion, listed: dict[str, Any]) -> dict[str, Any] | None:
    """The ladder from the leaf to the signed root; None for versions older than the log."""
    size = version.tree_size
    index = proofs.leaf_of_entry(version.environment, listed["id"], size=size) if size else None
    found = proofs.inclusion(version.environment, index=index, size=size) if size and index is not None else None
    if found is None:
        return None
    told = {
        "leaf_index": found.index,
        "leaf_hash": found.leaf_hash,
        "tree_size": found.size,
        "root": found.root,
        "path": list(found.path),
        "leaf": found.content,
    }
    return {"found": found, "is_signed_root": found.root == version.tree_root, "text": json.dumps(told, indent=1)}
