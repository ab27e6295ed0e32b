"""The demonstration's people on the log-in page: whoever runs the trial may be any of them.

The demonstration writes VAR_DIR/demo_people.json: a list of {name, role, email, password, totp_secret}, random for each
installation. This app is not installed in production, so neither the file nor this page part has a meaning there.
"""

import json
import logging
import time
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

log = logging.getLogger(__name__)
_PERIOD = 30  # seconds a one-time code stands, RFC 6238 section 5.2
_FIELDS = ("name", "role", "email", "password", "totp_secret")


def context(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `demo_people` on the log-in page and the page that asks for the second factor."""
    if request.path not in (reverse("account_login"), reverse("mfa_authenticate")):
        return {}
    return {"demo_people": SimpleLazyObject(people)}


def people() -> list[dict[str, Any]]:
    """The people with the code their second factor shows now and the seconds it still stands; none without the file."""
    path = settings.VAR_DIR / "demo_people.json"
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return [_with_code({field: row[field] for field in _FIELDS}) for row in rows]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError):
        log.exception("%s cannot be read", path)
        return []


def _with_code(row: dict[str, Any]) -> dict[str, Any]:
    moment = int(time.time())
    code = format_hotp_value(hotp_value(row["totp_secret"], moment // _PERIOD))
    return {**row, "code": code, "seconds_left": _PERIOD - moment % _PERIOD}
