"""Stand-in for the app on the phone: intent in, whitelist asked, answer handed to the phone's browser or refused.

The messages are this sandbox's own: the interface of the real app is not public. What is kept from the real journey is
the order (request, whitelist, consent and PIN, signature in the Secure Element, return) and that the return server is
compared byte by byte. Times here are real time: a request does not live longer because a sandbox's clock was moved.
"""

import base64
import binascii
import re
import time
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from portal import identifiers
from portal.environments.models import Environment
from testenv import services, stand_ins
from testenv.models import Device, Persona, PhoneRequest
from testenv.services import Refused
from testenv.tsm.applet import AppletRefusal
from testenv.tsm.pin import RULES, PinOutcome, PinResult
from testenv.tsm.secure_element import SecureElement
from verifier.pki.profiles import Purpose
from whitelist import services as whitelist

REQUEST_LIFE = timedelta(minutes=5)
WAYS = ("app_link", "browser_link", "qr")
LONGEST_MESSAGE = 4096
LONGEST_RETURN_URL = 2048
_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_MOST_PARAMETERS = 20

State = PhoneRequest.State
RESULTS: Mapping[str, str] = MappingProxyType(
    {State.SIGNED: "ok", State.CANCELLED: "cancelled", State.PIN_LOCKED: "pin_locked", State.EXPIRED: "timed_out"}
)


class MalformedRequest(Exception):
    """The service's request cannot be read. `errors` are (parameter, code), all of them."""

    def __init__(self, errors: list[tuple[str, str]]) -> None:
        super().__init__(str(errors))
        self.errors = errors


@dataclass(frozen=True)
class Asked:
    """A service's request, well-formed. `return_url` is the very bytes of the parameter."""

    request_id: str
    purpose: Purpose
    message: bytes
    return_url: bytes
    way: str


# --- reading ---


def read(query: str) -> Asked:
    """The request in a raw query string. Raises MalformedRequest naming every parameter that is wrong."""
    given, errors = _parameters(query)
    request_id = given.get("request_id", "")
    if "request_id" in given and not _REQUEST_ID.fullmatch(request_id):
        errors.append(("request_id", "request.id_malformed"))
    purpose = given.get("purpose", "")
    if "purpose" in given and purpose not in {known.value for known in Purpose}:
        errors.append(("purpose", "request.purpose_unknown"))
    way = given.get("way", WAYS[0])
    if way not in WAYS:
        errors.append(("way", "request.way_unknown"))
    message = _message(given, errors)
    return_url = given.get("return_url", "").encode("latin-1")
    if len(return_url) > LONGEST_RETURN_URL:
        errors.append(("return_url", "request.return_url_too_long"))
    if errors:
        raise MalformedRequest(errors)
    return Asked(request_id, Purpose(purpose), message, return_url, way)


def _parameters(query: str) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Names and values, each character one byte as it came; unknown names are left alone."""
    try:
        pairs = urllib.parse.parse_qsl(
            query, keep_blank_values=True, encoding="latin-1", max_num_fields=_MOST_PARAMETERS
        )
    except ValueError:
        return {}, [("query", "request.too_many_parameters")]
    given = dict(pairs)
    names = [name for name, _ in pairs]
    needed = ("request_id", "purpose", "message", "return_url")
    errors = [(name, "request.parameter_missing") for name in needed if not given.get(name)]
    errors += [(name, "request.parameter_twice") for name in (*needed, "env", "way") if names.count(name) > 1]
    return {name: value for name, value in given.items() if value}, errors


def _message(given: Mapping[str, str], errors: list[tuple[str, str]]) -> bytes:
    """base64url without line breaks; padding may be left out (RFC 4648, 5)."""
    text = given.get("message", "")
    try:
        if not re.fullmatch(r"[A-Za-z0-9_-]*={0,2}", text):
            raise ValueError
        message = base64.urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
    except (ValueError, binascii.Error):
        errors.append(("message", "request.message_malformed"))
        return b""
    if len(message) > LONGEST_MESSAGE:
        errors.append(("message", "request.message_too_long"))
    return message


# --- hops 1 and 2: received, compared with the whitelist ---


def receive(environment: Environment, asked: Asked) -> PhoneRequest:
    """Take a request in and ask the whitelist. The very same request again answers the journey under way.

    Raises Refused `request.id_reused` when the id names another request.
    """
    known = find(environment, asked.request_id)
    if known is None:
        try:
            with transaction.atomic():
                return _begin(environment, asked)
        except IntegrityError:  # the same request came twice at once
            known = find(environment, asked.request_id)
    assert known is not None
    if not _is_same(known, asked):
        raise Refused("request.id_reused")
    return known


def find(environment: Environment, request_id: str) -> PhoneRequest | None:
    """The journey with the service's id, told as expired once its time is over."""
    rows = PhoneRequest.objects.select_related("environment__provider", "persona", "device")
    row = rows.filter(environment=environment, request_id=request_id).first()
    if row is not None and row.state == State.WAITING_PIN and row.expires_at <= timezone.now():
        waiting = PhoneRequest.objects.filter(pk=row.pk, state=State.WAITING_PIN)
        waiting.update(state=State.EXPIRED, hops=[*row.hops, _hop(row, 3, outcome="timed_out")])
        row.refresh_from_db()
    return row


def _is_same(known: PhoneRequest, asked: Asked) -> bool:
    return (known.purpose, bytes(known.message), bytes(known.return_url)) == (
        asked.purpose.value,
        asked.message,
        asked.return_url,
    )


def _begin(environment: Environment, asked: Asked) -> PhoneRequest:
    now = timezone.now()
    row = PhoneRequest(
        environment=environment,
        request_id=asked.request_id,
        purpose=asked.purpose.value,
        message=asked.message,
        return_url=asked.return_url,
        way=asked.way,
        nonce=identifiers.new("rsp"),
        created_at=now,
        expires_at=now + REQUEST_LIFE,
    )
    received, started = _hop(row, 1, outcome="received"), time.monotonic()
    found = whitelist.lookup(environment, asked.return_url)
    row.refusal = _refusal(found.entry, asked)
    row.state = State.REFUSED if row.refusal else State.WAITING_PIN
    facts: dict[str, Any] = {"outcome": row.refusal or "listed", "list_version": found.list_version}
    if found.entry is not None:
        facts |= {"entry": found.entry.public_id, "purposes": list(found.entry.purposes)}
        facts |= {"ways_in": list(found.entry.ways_in)}
        stand_ins.count_match(environment, found.entry.public_id, at=now)
    row.hops = [received, _hop(row, 2, started=started, **facts)]
    if row.state == State.WAITING_PIN:
        row.persona = _usual_persona(environment)
        row.device = services.current_device(row.persona) if row.persona else None
    row.save(force_insert=True)
    return row


def _refusal(entry: Any, asked: Asked) -> str:
    """Why the answer may not go there; empty when it may. What an entry was not granted for is refused too."""
    if entry is None:
        return "list.no_match"
    if asked.purpose.value not in entry.purposes:
        return "list.purpose_not_granted"
    return "" if asked.way in entry.ways_in else "list.way_not_granted"


def _usual_persona(environment: Environment) -> Persona | None:
    """Who took the last journey, else the first with a phone."""
    last = PhoneRequest.objects.filter(environment=environment).exclude(persona=None).order_by("-id").first()
    if last is not None:
        return last.persona
    with_phone = Persona.objects.filter(environment=environment, devices__isnull=False)
    return with_phone.order_by("persona_id").first()


def recent(environment: Environment, count: int = 10) -> list[PhoneRequest]:
    """The last journeys, newest first."""
    rows = PhoneRequest.objects.filter(environment=environment).select_related("persona")
    return list(rows.order_by("-created_at", "-id")[:count])


# --- hops 3 and 4: consent and PIN, the Secure Element ---


@transaction.atomic
def choose_persona(row: PhoneRequest, persona: Persona) -> None:
    """Let another persona hold the phone. Raises Refused once the journey is over."""
    locked = _lock_waiting(row)
    locked.persona, locked.device = persona, services.current_device(persona)
    locked.save(update_fields=["persona", "device"])


def tries_left(row: PhoneRequest) -> int | None:
    """How many wrong PINs are left on the phone; None when it has no certificate for the purpose."""
    if row.device is None:
        return None
    element = SecureElement.from_state(bytes(row.device.state))
    try:
        element.public_key(Purpose(row.purpose))
        return element.tries_left(Purpose(row.purpose))
    except AppletRefusal:
        return None


@transaction.atomic
def enter_pin(row: PhoneRequest, pin: str) -> PinOutcome:
    """Try the PIN; a right one signs. The counter is kept whatever the outcome, the PIN itself nowhere.

    Raises Refused `request.finished`, `request.expired` or `phone.no_certificate`.
    """
    locked = _lock_waiting(row)
    purpose = Purpose(locked.purpose)
    started = time.monotonic()
    if locked.device_id is None:
        raise Refused("phone.no_certificate")
    device = Device.objects.select_for_update().get(pk=locked.device_id)
    try:
        outcome, element = SecureElement.from_state(bytes(device.state)).verify_pin(purpose, pin)
        if outcome.is_accepted:
            locked.certificate, verified = element.read_certificate(purpose), time.monotonic()
            locked.signature = element.sign(purpose, bytes(locked.message))
    except AppletRefusal:
        raise Refused("phone.no_certificate") from None
    device.state = element.to_state()
    device.save(update_fields=["state"])
    locked.hops = [
        *locked.hops,
        _hop(locked, 3, started=started, outcome=outcome.result.value, tries=outcome.tries_left),
    ]
    if outcome.is_accepted:
        locked.state = State.SIGNED
        locked.hops.append(_hop(locked, 4, started=verified, outcome="signed"))
    elif outcome.result is PinResult.LOCKED:
        locked.state = State.PIN_LOCKED
    locked.save(update_fields=["hops", "state", "certificate", "signature"])
    return outcome


@transaction.atomic
def cancel(row: PhoneRequest) -> None:
    """The holder declines; the return server will be told so. Raises Refused once the journey is over."""
    locked = _lock_waiting(row)
    locked.state = State.CANCELLED
    locked.hops = [*locked.hops, _hop(locked, 3, outcome="cancelled")]
    locked.save(update_fields=["state", "hops"])


def pin_length(purpose: Purpose) -> tuple[int, int]:
    """How many characters the PIN has, at least and at most."""
    return (4, 4) if purpose is Purpose.USER_AUTHENTICATION else (6, 16)


def tries_at_start(purpose: Purpose) -> int:
    return RULES[purpose].tries


def _lock_waiting(row: PhoneRequest) -> PhoneRequest:
    locked = PhoneRequest.objects.select_for_update().get(pk=row.pk)
    if locked.state == State.EXPIRED or (locked.state == State.WAITING_PIN and locked.expires_at <= timezone.now()):
        raise Refused("request.expired")
    if locked.state != State.WAITING_PIN:
        raise Refused("request.finished")
    return locked


# --- hop 5: the phone's browser hands the answer over ---


@dataclass(frozen=True)
class Delivery:
    """A form for the phone's browser: where it is posted, that server's origin, and its fields."""

    url: str
    origin: str
    fields: dict[str, str]


@transaction.atomic
def deliver(row: PhoneRequest) -> Delivery:
    """Hand the answer to the browser, once.

    Raises Refused `request.already_delivered`, or `request.nothing_to_deliver` (refused, or still waiting).
    """
    locked = PhoneRequest.objects.select_for_update(of=("self",)).select_related("device").get(pk=row.pk)
    if locked.delivered_at is not None:
        raise Refused("request.already_delivered")
    if locked.state not in RESULTS:
        raise Refused("request.nothing_to_deliver")
    fields = _fields(locked)
    locked.delivered_at = timezone.now()
    if locked.state == State.SIGNED:
        locked.state = State.DELIVERED
    locked.hops = [*locked.hops, _hop(locked, 5, outcome=fields["result"], sent=_sizes(fields))]
    locked.save(update_fields=["delivered_at", "state", "hops"])
    url = bytes(locked.return_url).decode("ascii")  # listed, so it has passed the whitelist's rules
    parts = urllib.parse.urlsplit(url)
    return Delivery(url, f"{parts.scheme}://{parts.netloc}", fields)


def _fields(row: PhoneRequest) -> dict[str, str]:
    told = {"request_id": row.request_id, "result": RESULTS[row.state], "purpose": row.purpose, "nonce": row.nonce}
    if row.signature is None or row.certificate is None or row.device is None:
        return told
    return {
        **told,
        "medium": row.device.medium,
        "certificate": base64.b64encode(bytes(row.certificate)).decode(),
        "signature": base64.b64encode(bytes(row.signature)).decode(),
    }


def _sizes(fields: dict[str, str]) -> dict[str, int]:
    return {name: len(value) for name, value in fields.items()}


def _hop(row: PhoneRequest, number: int, *, started: float | None = None, **facts: Any) -> dict[str, Any]:
    """A line of the hop log: when it ended (from the journey's start) and how long it took, in milliseconds."""
    offset: datetime = timezone.now()
    return {
        "hop": number,
        "offset_ms": round((offset - row.created_at).total_seconds() * 1000),
        "took_ms": None if started is None else round((time.monotonic() - started) * 1000),
        **facts,
    }
