"""Pages of the test environment. Each reads the request, calls one verb, and draws."""

import base64
import hashlib
import secrets
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal import identifiers, one_time
from portal.environments import services as environments
from portal.environments.models import Environment
from portal.providers.permissions import seat_required
from testenv import addresses, first_verification, inspector, messages, services, simulator
from testenv.forms import PhoneOrderForm
from testenv.models import Device, IssuanceOrder, IssuedCertificate, Persona, PhoneRequest, Provisioning
from testenv.permissions import sandbox_required
from testenv.personas import PERSONAS
from testenv.services import Refused
from testenv.simulator import MalformedRequest
from testenv.tsm import lifecycle
from testenv.tsm.pin import PinOutcome, PinResult
from verifier.pki.profiles import Purpose
from whitelist import services as whitelist


def _navigation(environment: Environment) -> dict[str, Any]:
    """What every page bound to the sandbox shows: its badge and the second navigation."""
    items = [
        (_("Overview"), "testenv:environment-detail"),
        (_("Virtual phone"), "testenv:request-list"),
        (_("Personas"), "testenv:persona-list"),
    ]
    links = [{"label": label, "url": reverse(name)} for label, name in items]
    return {"environment": environment, "second_navigation": links, "now": environments.now(environment)}


# --- the environment ---


@require_safe
@seat_required
def environment_detail(request: HttpRequest, seat: Any) -> HttpResponse:
    environment = environments.sandbox_of(seat.provider)
    if environment is None:
        return render(request, "testenv/environment_missing.html", {"seat_of_reader": seat})
    if environment.state != Environment.State.READY:
        return render(request, "testenv/environment_progress.html", _progress(environment))
    context = {
        **_navigation(environment),
        "personas": [_persona_card(persona) for persona in services.persona_list(environment)],
        "authorities": services.authorities(environment),
        "authority_urls": {p.value: addresses.authority_url(environment, p) for p in Purpose},
        "lists": [_list_line(environment, state) for state in services.list_states(environment)],
        "keys": seat.provider.api_clients.filter(environment=environment, revoked_at=None).order_by("-created_at"),
        "requests": [_request_line(row) for row in simulator.recent(environment, 5)],
        "api_url": f"{settings.SITE_URL}/api/v1/verifications",
        "first_key": one_time.take(request, _FIRST_KEY),
        "is_owner": seat.role == "owner",  # issuing keys is the owners' alone
    }
    return render(request, "testenv/environment_detail.html", context)


@require_POST
@seat_required
def environment_request(request: HttpRequest, seat: Any) -> HttpResponse:
    services.request_environment(seat.provider, by=request.user)
    return redirect("testenv:environment-detail")


@require_safe
@never_cache
@seat_required
def environment_progress(request: HttpRequest, seat: Any) -> HttpResponse:
    environment = environments.sandbox_of(seat.provider)
    if environment is None:
        raise Http404
    return render(request, "testenv/environment_progress_part.html", _progress(environment))


@require_POST
@sandbox_required
def list_publish(request: HttpRequest, environment: Environment) -> HttpResponse:
    services.request_publication(environment)
    notices.success(request, _("New lists are being signed; the verifier fetches them."))
    return redirect("testenv:environment-detail")


@require_POST
@sandbox_required
def first_verification_run(request: HttpRequest, environment: Environment) -> HttpResponse:
    try:
        verification, key = first_verification.run(environment, by=request.user)
    except Refused as refused:
        notices.error(request, messages.sentence(refused.code))
        return redirect("testenv:environment-detail")
    if key is not None:
        one_time.keep(request, _FIRST_KEY, key)
    return redirect("verifier:verification-detail", verification.public_id)


_FIRST_KEY = "first_key"
_STAGES = [stage for stage in Provisioning.Stage if stage != Provisioning.Stage.READY]


def _progress(environment: Environment) -> dict[str, Any]:
    provisioning = services.provisioning_of(environment)
    stage = Provisioning.Stage(provisioning.stage) if provisioning else Provisioning.Stage.AUTHORITIES
    reached = list(Provisioning.Stage).index(stage)
    took = {line["stage"]: line["took_ms"] for line in provisioning.log} if provisioning else {}
    failed = bool(provisioning and provisioning.failure)
    waited = (timezone.now() - provisioning.requested_at).total_seconds() if provisioning else 0
    return {
        "environment": environment,
        "lines": [
            {
                "title": messages.STAGES[line],
                "state": _line_state(index, reached, failed),
                "took_ms": took.get(line.value),
            }
            for index, line in enumerate(_STAGES)
        ],
        "failure": messages.sentence(provisioning.failure) if provisioning and failed else "",
        "is_ready": environment.state == Environment.State.READY,
        "is_slow": waited > 60,
    }


def _line_state(index: int, reached: int, failed: bool) -> str:
    if index < reached:
        return "done"
    if index > reached:
        return "to_come"
    return "stopped" if failed else "now"


def _list_line(environment: Environment, state: services.ListState) -> dict[str, Any]:
    return {
        "purpose": messages.PURPOSES[state.purpose.value],
        "group": state.group,
        "published": state.published,
        "url": addresses.crl_url(environment, state.purpose, state.group),
        "ocsp_url": addresses.ocsp_url(environment, state.purpose, state.group),
    }


# --- personas ---


@require_safe
@sandbox_required
def persona_list(request: HttpRequest, environment: Environment) -> HttpResponse:
    personas = [_persona_card(persona) for persona in services.persona_list(environment)]
    return render(request, "testenv/persona_list.html", {**_navigation(environment), "personas": personas})


def _persona_card(persona: Persona) -> dict[str, Any]:
    data = PERSONAS[persona.persona_id]
    return {
        "id": persona.persona_id,
        "title": messages.PERSONA_TITLES.get(persona.persona_id, data.name),
        "data": data,
        "medium": data.medium.value,
        "outcomes": [_outcome(purpose, data.foreseen.of(purpose)) for purpose in reversed(Purpose)],
        "device": services.current_device(persona),
    }


def _outcome(purpose: Purpose, code: str) -> dict[str, Any]:
    meaning, words = messages.outcome(code)
    return {"purpose": messages.PURPOSES[purpose.value], "meaning": meaning, "words": words, "code": code}


@require_safe
@sandbox_required
def persona_detail(request: HttpRequest, environment: Environment, persona_id: str) -> HttpResponse:
    persona = _persona(environment, persona_id)
    context = {
        **_navigation(environment),
        "persona": _persona_card(persona),
        "card": _certificates(services.card_certificates(persona)),
        "phone": _certificates(services.current_certificates(device)) if (device := _device_of(persona)) else [],
        "orders": persona.orders.order_by("-id")[:10],
        "order_states": messages.ORDER_STATES,
    }
    return render(request, "testenv/persona_detail.html", context)


def _persona(environment: Environment, persona_id: str) -> Persona:
    persona = (
        Persona.objects.select_related("environment").filter(environment=environment, persona_id=persona_id).first()
    )
    if persona is None:
        raise Http404
    return persona


def _device_of(persona: Persona) -> Device | None:
    return services.current_device(persona)


def _certificates(found: dict[Purpose, IssuedCertificate]) -> list[dict[str, Any]]:
    return [
        {
            "title": messages.CERTIFICATES[purpose.value],
            "row": row,
            "serial": f"{row.serial:08X}",
            "meaning": messages.STANDINGS[row.status][0],
            "words": messages.STANDINGS[row.status][1],
            "reason": messages.REASONS.get(row.reason) if row.reason is not None else "",
        }
        for purpose, row in found.items()
    ]


# --- phones and their certificates ---


@require_http_methods(["GET", "HEAD", "POST"])
@sandbox_required
def phone_order(request: HttpRequest, environment: Environment, persona_id: str) -> HttpResponse:
    persona = _persona(environment, persona_id)
    form = PhoneOrderForm(persona, request.POST or None)
    if form.is_valid():
        order = services.open_order(
            persona,
            purposes=form.chosen_purposes,
            device=form.chosen_device,
            agrees_to_replace=form.cleaned_data.get("agrees_to_replace", False),
            by=request.user,
        )
        return redirect("testenv:order-detail", order.public_id)
    context = {**_navigation(environment), "persona": _persona_card(persona), "form": form}
    return render(request, "testenv/phone_order.html", context)


@require_safe
@sandbox_required
def order_detail(request: HttpRequest, environment: Environment, public_id: str) -> HttpResponse:
    order = _order(environment, public_id)
    return render(request, "testenv/order_detail.html", {**_navigation(environment), **_order_context(order)})


@require_safe
@never_cache
@sandbox_required
def order_progress(request: HttpRequest, environment: Environment, public_id: str) -> HttpResponse:
    return render(request, "testenv/order_progress_part.html", _order_context(_order(environment, public_id)))


def _order(environment: Environment, public_id: str) -> IssuanceOrder:
    rows = IssuanceOrder.objects.select_related("persona", "device")
    order = rows.filter(persona__environment=environment, public_id=public_id).first()
    if order is None:
        raise Http404
    return order


def _order_context(order: IssuanceOrder) -> dict[str, Any]:
    log = {line["command"]: line for line in order.log}
    commands = [lifecycle.next_command(state) for state in lifecycle.PATH]
    steps = [_order_step(order, command.value, log) for command in commands if command is not None]
    current = next((step for step in steps if step["state"] == "to_come"), None)
    if current is not None and services.order_is_open(order):
        current["state"] = "now"
    return {
        "order": order,
        "persona": _persona_card(order.persona),
        "steps": steps,
        "is_open": services.order_is_open(order),
        "standing": messages.ORDER_STATES.get(order.state, ("waiting", _("Under way"))),
        "refusals": [(code, messages.sentence(code)) for code in order.refusals],
        "device_name": _device_name(order.device),
    }


def _order_step(order: IssuanceOrder, command: str, log: dict[str, Any]) -> dict[str, Any]:
    title, route = messages.ORDER_STEPS[command]
    line = log.get(command)
    state = "to_come" if line is None else "stopped" if line["state"] in {"refused", "failed"} else "done"
    at = None if line is None else datetime.fromisoformat(line["at"])
    return {"title": title, "route": route, "state": state, "line": line, "at": at, "command": command}


def _device_name(device: Device) -> str:
    return messages.device_name(device.medium, device.os_major, device.os_minor)


@require_safe
@sandbox_required
def phone_detail(request: HttpRequest, environment: Environment, public_id: str) -> HttpResponse:
    device = _phone(environment, public_id)
    return render(request, "testenv/phone_detail.html", {**_navigation(environment), **_phone_context(device)})


def _phone(environment: Environment, public_id: str) -> Device:
    rows = Device.objects.select_related("persona__environment__provider")
    device = rows.filter(persona__environment=environment, public_id=public_id).first()
    if device is None:
        raise Http404
    return device


def _phone_context(device: Device) -> dict[str, Any]:
    found = services.current_certificates(device)
    return {
        "device": device,
        "device_name": _device_name(device),
        "screen_lock": messages.SCREEN_LOCKS.get(device.screen_lock, device.screen_lock),
        "persona": _persona_card(device.persona),
        "certificates": _certificates(found),
        "can_hold": any(row.status == "good" for row in found.values()),
        "can_release": any(row.status == "on_hold" for row in found.values()),
        "requests": [_request_line(row) for row in device.requests.order_by("-id")[:5]],
    }


@require_http_methods(["GET", "HEAD", "POST"])
@sandbox_required
def phone_hold(request: HttpRequest, environment: Environment, public_id: str) -> HttpResponse:
    """The holder reports the phone lost; asked for confirmation first."""
    device = _phone(environment, public_id)
    if request.method != "POST":
        return render(request, "testenv/phone_hold.html", {**_navigation(environment), **_phone_context(device)})
    try:
        services.hold(device, by=request.user)
        notices.success(request, _("The phone's certificates are on hold. New lists are being signed."))
    except Refused as refused:
        notices.warning(request, messages.sentence(refused.code))
    return redirect("testenv:phone-detail", device.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@sandbox_required
def phone_release(request: HttpRequest, environment: Environment, public_id: str) -> HttpResponse:
    """The phone was found; asked for confirmation first."""
    device = _phone(environment, public_id)
    if request.method != "POST":
        return render(request, "testenv/phone_release.html", {**_navigation(environment), **_phone_context(device)})
    try:
        order = services.release(device, by=request.user)
    except Refused as refused:
        notices.warning(request, messages.sentence(refused.code))
        return redirect("testenv:phone-detail", device.public_id)
    notices.success(request, _("The hold has ended. New lists are being signed."))
    if order is not None:
        return redirect("testenv:order-detail", order.public_id)
    return redirect("testenv:phone-detail", device.public_id)


# --- the app simulator ---


@require_safe
@never_cache
@seat_required
def request_open(request: HttpRequest, seat: Any) -> HttpResponse:
    """Where a service sends the browser. What it asks is read from the raw query: bytes are compared, not texts."""
    environment = environments.sandbox_of(seat.provider)
    asked_environment = request.GET.get("env", "")
    if environment is None or environment.public_id != asked_environment:
        raise Http404
    if environment.state != Environment.State.READY:
        return redirect("testenv:environment-detail")
    try:
        asked = simulator.read(request.META.get("QUERY_STRING", ""))
    except MalformedRequest as malformed:
        errors = [
            {
                "parameter": name,
                "label": messages.PARAMETERS.get(name, name),
                "code": code,
                "words": messages.sentence(code),
            }
            for name, code in malformed.errors
        ]
        context = {**_navigation(environment), "errors": errors}
        return render(request, "testenv/request_malformed.html", context, status=400)
    try:
        row = simulator.receive(environment, asked)
    except Refused as refused:
        line = {"parameter": "request_id", "label": messages.PARAMETERS["request_id"], "code": refused.code}
        context = {**_navigation(environment), "errors": [{**line, "words": messages.sentence(refused.code)}]}
        return render(request, "testenv/request_malformed.html", context, status=409)
    return redirect("testenv:request-detail", row.request_id)


@require_safe
@sandbox_required
def request_list(request: HttpRequest, environment: Environment) -> HttpResponse:
    """Recent journeys, and a way to begin one without a service of one's own."""
    context = {
        **_navigation(environment),
        "requests": [_request_line(row) for row in simulator.recent(environment, 20)],
        "entries": list(whitelist.live_entries(environment)[:20]),
        "app_url": settings.SITE_URL + reverse("testenv:request-open"),
        "request_id": identifiers.new("try", 12),
        "message": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("="),
        "purposes": list(messages.PURPOSES.items()),
        "ways": list(messages.WAYS.items()),
    }
    return render(request, "testenv/request_list.html", context)


@require_safe
@never_cache
@sandbox_required
def request_detail(request: HttpRequest, environment: Environment, request_id: str) -> HttpResponse:
    row = _request(environment, request_id)
    return render(request, "testenv/request_detail.html", _request_context(row))


@require_safe
@never_cache
@sandbox_required
def request_progress(request: HttpRequest, environment: Environment, request_id: str) -> HttpResponse:
    return render(request, "testenv/inspector_part.html", _request_context(_request(environment, request_id)))


@require_POST
@sandbox_required
def request_persona(request: HttpRequest, environment: Environment, request_id: str) -> HttpResponse:
    row = _request(environment, request_id)
    persona = _persona(environment, request.POST.get("persona", "").replace("\x00", ""))
    try:
        simulator.choose_persona(row, persona)
    except Refused as refused:
        notices.warning(request, messages.sentence(refused.code))
    return redirect("testenv:request-detail", row.request_id)


@require_POST
@sandbox_required
def request_pin(request: HttpRequest, environment: Environment, request_id: str) -> HttpResponse:
    row = _request(environment, request_id)
    try:
        outcome = simulator.enter_pin(row, request.POST.get("pin", ""))
    except Refused as refused:
        notices.warning(request, messages.sentence(refused.code))
        return redirect("testenv:request-detail", row.request_id)
    if outcome.is_accepted:
        return redirect("testenv:request-deliver", row.request_id)
    notices.error(request, _pin_words(outcome))
    return redirect("testenv:request-detail", row.request_id)


def _pin_words(outcome: PinOutcome) -> str:
    sentence = messages.sentence(f"pin.{outcome.result.value}")
    if outcome.result is PinResult.REFUSED:
        return sentence + " " + _("Tries left: %(n)d.") % {"n": outcome.tries_left}
    return sentence


@require_POST
@sandbox_required
def request_cancel(request: HttpRequest, environment: Environment, request_id: str) -> HttpResponse:
    row = _request(environment, request_id)
    try:
        simulator.cancel(row)
    except Refused as refused:
        notices.warning(request, messages.sentence(refused.code))
        return redirect("testenv:request-detail", row.request_id)
    return redirect("testenv:request-deliver", row.request_id)


@require_safe
@never_cache
@sandbox_required
def request_deliver(request: HttpRequest, environment: Environment, request_id: str) -> HttpResponse:
    """The phone's browser posts the answer to the return server; the page lets it go there and nowhere else."""
    row = _request(environment, request_id)
    try:
        delivery = simulator.deliver(row)
    except Refused as refused:
        notices.warning(request, messages.sentence(refused.code))
        return redirect("testenv:request-detail", row.request_id)
    context = {**_navigation(environment), "row": row, "delivery": delivery, "result": delivery.fields["result"]}
    response = render(request, "testenv/request_deliver.html", context)
    response.csp_form_action = [delivery.origin]  # type: ignore[attr-defined]
    return response


def _request(environment: Environment, request_id: str) -> PhoneRequest:
    row = simulator.find(environment, request_id)
    if row is None:
        raise Http404
    return row


def _request_context(row: PhoneRequest) -> dict[str, Any]:
    purpose = Purpose(row.purpose)
    journey = inspector.journey(row)
    persona = _persona_card(row.persona) if row.persona else None
    near = inspector.nearest_entry(row) if row.state == PhoneRequest.State.REFUSED else None
    difference = near.candidate.differences[0] if near is not None and near.candidate.differences else None
    return {
        **_navigation(row.environment),
        "row": row,
        "journey": journey,
        "step_marks": inspector.step_marks(journey.verification),
        "list_times": inspector.list_times(journey.verification),
        "purpose_words": messages.PURPOSES[row.purpose],
        "certificate_words": messages.CERTIFICATES[row.purpose],
        "ways": list(messages.WAYS.items()),
        "persona": persona,
        "personas": [_persona_card(each) for each in services.persona_list(row.environment)],
        "tries_left": simulator.tries_left(row),
        "tries": simulator.tries_at_start(purpose),
        "pin_length": simulator.pin_length(purpose),
        "test_pin": PERSONAS[row.persona.persona_id].pins.of(purpose) if row.persona else "",
        "return_url": bytes(row.return_url),
        "message_size": len(bytes(row.message)),
        "message_digest": hashlib.sha256(bytes(row.message)).hexdigest(),
        "signature_size": len(bytes(row.signature)) if row.signature is not None else 0,
        "signature_start": bytes(row.signature)[:8].hex(" ", 2) if row.signature is not None else "",
        "certificate_size": len(bytes(row.certificate)) if row.certificate is not None else 0,
        "return_url_text": inspector.readable(bytes(row.return_url)),
        "near": near,
        "near_text": inspector.readable(near.entry.url) if near is not None else "",
        "difference": difference,
        "difference_words": inspector.difference_words(difference) if difference else "",
        "refusal": messages.sentence(row.refusal) if row.refusal else "",
        "device_name": _device_name(row.device) if row.device else "",
        "certificates": _certificates(services.current_certificates(row.device)) if row.device else [],
        "seconds_left": max(0, int((row.expires_at - timezone.now()).total_seconds())),
        "can_return": row.delivered_at is None and row.state in simulator.RESULTS,
    }


def _request_line(row: PhoneRequest) -> dict[str, Any]:
    meanings = {
        "refused": ("error", _("Refused by the whitelist")),
        "waiting_pin": ("turn", _("Waiting for the holder")),
        "signed": ("turn", _("Ready to be handed over")),
        "delivered": ("ok", _("Handed over")),
        "cancelled": ("not_run", _("Cancelled")),
        "pin_locked": ("error", _("Locked")),
        "expired": ("not_run", _("Timed out")),
    }
    meaning, words = meanings[row.state]
    return {"row": row, "meaning": meaning, "words": words, "purpose": messages.PURPOSES[row.purpose]}
