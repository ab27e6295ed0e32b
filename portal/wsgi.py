"""Two doors in one process: pages with the browser's middleware, /api/ with the short list and no session.

An API call can therefore not be authenticated by a cookie, and does not pay for what only browsers need.
"""

import gc
import os
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

django.setup(set_prefix=False)


def _handler(middleware: list[str]) -> WSGIHandler:
    """A handler with its own middleware; the list is read once, when the handler is made."""
    before, settings.MIDDLEWARE = settings.MIDDLEWARE, middleware
    try:
        return WSGIHandler()
    finally:
        settings.MIDDLEWARE = before


_pages = _handler(settings.MIDDLEWARE)
_api = _handler(settings.API_MIDDLEWARE)
import_module(settings.ROOT_URLCONF)
# What was loaded so far stays for good: no collection needs to walk through it again.
gc.freeze()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    handler = _api if environ.get("PATH_INFO", "").startswith("/api/") else _pages
    return handler(environ, start_response)
