"""Challenges: random bytes that a holder signs once, so that an old answer is worth nothing.

Issued by us, they are used up before anything is judged, in a statement of its own: of two who present one at the same
moment one wins, and a signature that turns out to be bad has used it up all the same.  Brought by the SP, they are
remembered for a window and not taken twice within it.

Both live in real time, not in the environment's: a sandbox's clock may be set back and forth at will by the very people
whose answers a challenge binds, and would bring used-up time back; and a person at a real phone has real minutes.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from portal import identifiers
from portal.providers.services import ApiPrincipal
from verifier.models import Challenge, SeenChallenge
from verifier.pki.profiles import Purpose
from verifier.validation.outcome import Outcome
from verifier.validation.verdict import JsonValue, Step
from verifier.verdict_facts import moment

# RFC 4086 and RFC 6819 section 4.6.2 want them unguessable; a SHA-256 is as much as can be signed.
ISSUED_BYTES = 32
MIN_OWN_BYTES = 16
MAX_OWN_BYTES = 1024


@dataclass(frozen=True)
class Used:
    """How the use of a challenge went (the step ``challenge``) and the bytes that the holder has to have signed."""

    step: Step
    value: bytes = field(repr=False)


def issue(principal: ApiPrincipal, purpose: Purpose, *, now: datetime | None = None) -> Challenge:
    """A new challenge for the caller's organisation in the key's environment. `now`: real time, aware UTC."""
    now = now or timezone.now()
    return Challenge.objects.create(
        public_id=identifiers.new("chg"),
        owner=_owner(principal),
        purpose=purpose.value,
        value=secrets.token_bytes(ISSUED_BYTES),
        issued_at=now,
        expires_at=now + timedelta(seconds=settings.VERIFIER_CHALLENGE_SECONDS),
    )


def use(principal: ApiPrincipal, public_id: str, purpose: Purpose, *, now: datetime | None = None) -> Used:
    """Use up a challenge issued to the caller's organisation, whatever comes of it. `now`: real time, aware UTC.

    A challenge of somebody else, or of another environment, is not known here and is not used up.
    """
    now = now or timezone.now()
    own = Challenge.objects.filter(public_id=public_id, owner=_owner(principal))
    is_first = own.filter(used_at=None).update(used_at=now) == 1
    found = own.first()
    if found is None:
        return _used("challenge.unknown", b"", {"challenge_id": public_id[:30]})
    facts: dict[str, JsonValue] = {
        "challenge_id": found.public_id,
        "made_by": "us",
        "issued_at": moment(found.issued_at),
        "expires_at": moment(found.expires_at),
        "used_at": moment(found.used_at),
    }
    return _used(_fault(found, purpose, is_first=is_first, now=now), bytes(found.value), facts)


def remember(principal: ApiPrincipal, value: bytes, *, now: datetime | None = None) -> Used:
    """Take a challenge that the SP made, unless it was taken before within the window. `now`: real time, aware UTC."""
    now = now or timezone.now()
    since = now - timedelta(seconds=settings.VERIFIER_REPLAY_SECONDS)
    operations = connection.ops
    with connection.cursor() as cursor:
        # Whoever writes the row has it; a second one changes nothing until the window is over.
        cursor.execute(
            "INSERT INTO verifier_seenchallenge (digest, seen_at) VALUES (%s, %s) ON CONFLICT (digest) "
            "DO UPDATE SET seen_at = excluded.seen_at WHERE verifier_seenchallenge.seen_at <= %s",
            [
                _digest(principal, value),
                operations.adapt_datetimefield_value(now),
                operations.adapt_datetimefield_value(since),
            ],
        )
        is_new = cursor.rowcount == 1
    facts: dict[str, JsonValue] = {"made_by": "caller", "window_seconds": settings.VERIFIER_REPLAY_SECONDS}
    return _used("ok" if is_new else "challenge.replayed", value, facts)


def sweep(*, now: datetime | None = None) -> int:
    """Remove what is over: challenges a day after their end, so that a late answer is still told why it is refused, and
    what callers' challenges left behind. Returns the number of rows. `now`: real time, aware UTC.
    """
    now = now or timezone.now()
    issued, _ = Challenge.objects.filter(expires_at__lt=now - timedelta(days=1)).delete()
    window = timedelta(seconds=settings.VERIFIER_REPLAY_SECONDS)
    seen, _ = SeenChallenge.objects.filter(seen_at__lt=now - window).delete()
    return issued + seen


def _fault(found: Challenge, purpose: Purpose, *, is_first: bool, now: datetime) -> str:
    if not is_first:
        return "challenge.used"
    if now >= found.expires_at:
        return "challenge.expired"
    return "ok" if found.purpose == purpose.value else "challenge.wrong_purpose"


def _used(code: str, value: bytes, facts: dict[str, JsonValue]) -> Used:
    return Used(Outcome(code, facts).as_step("challenge"), value)


def _owner(principal: ApiPrincipal) -> str:
    """The organisation in its environment; a key without an organisation is its own owner."""
    who = f"provider {principal.provider_id}" if principal.provider_id else f"client {principal.client_id}"
    return f"environment {principal.environment_id} {who}"


def _digest(principal: ApiPrincipal, value: bytes) -> bytes:
    return hashlib.sha256(_owner(principal).encode() + b"\0" + value).digest()
