"""An order for phone certificates, one state a job run.

The slow part of a step (keys, PINs, the card's signature) is done outside any transaction; what it changes is an
`Outcome`, applied together with the new state, the log line and the next job. A worker killed anywhere leaves either
the old state or the new one, and the order goes on from there.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.environments import services as environments
from portal.jobs import services as jobs
from portal.jobs.registry import Effect, RetryLater
from testenv import keystore, services
from testenv.ca import issuance_rules
from testenv.ca.issuance import LintRefused
from testenv.ca.issuance_rules import LinkedCard, Validity
from testenv.ca.revocation import RegistryEvent, Status
from testenv.models import Device, IssuanceOrder, IssuedCertificate, Provisioning, TestCard
from testenv.personas import PERSONAS
from testenv.steps import identity, register
from testenv.tsm import eligibility, lifecycle
from testenv.tsm.applet import AppletRefusal
from testenv.tsm.commands import CommandName, EraseApplet, InstallApplet, MakeKeyPair, Personalise
from testenv.tsm.lifecycle import Event, State
from testenv.tsm.secure_element import SecureElement
from verifier.pki.profiles import Medium, Purpose

ACTOR = "worker"
_WAIT = timedelta(seconds=2)
_LONGEST_WAIT = timedelta(minutes=10)


@dataclass(frozen=True)
class Outcome:
    """What a step found. `event` None means: not now, ask again. `apply` makes its rows and answers further facts."""

    event: Event | None
    facts: dict[str, Any] = field(default_factory=dict)
    commands: tuple[dict[str, str], ...] = ()
    refusals: tuple[str, ...] = ()
    apply: Callable[[], dict[str, Any]] | None = None


def advance(order_id: int) -> Effect | None:
    """Do the next step of the order; answers its database effect, None for an order that is at its end."""
    order = IssuanceOrder.objects.select_related("persona__environment__provider", "persona__card", "device").get(
        pk=order_id
    )
    command = lifecycle.next_command(State(order.state))
    if command is None:
        return None
    started = time.monotonic()
    outcome = _PERFORM[command](order)
    took = round((time.monotonic() - started) * 1000)
    return partial(_commit, order.pk, order.state, command, outcome, took)


def _commit(order_id: int, expected: str, command: CommandName, outcome: Outcome, took: int) -> None:
    order = IssuanceOrder.objects.select_for_update().get(pk=order_id)
    if order.state != expected:
        return  # another run was quicker
    if outcome.event is None and timezone.now() - order.created_at < _LONGEST_WAIT:
        services.enqueue_advance(order, due=timezone.now() + _WAIT)
        return
    outcome, further = _apply(outcome)
    order.state = lifecycle.next_state(State(order.state), outcome.event or Event.FAIL).value
    order.refusals = list(outcome.refusals)
    line = {"command": command.value, "state": order.state, "at": timezone.now().isoformat(), "took_ms": took}
    order.log = [*order.log, {**line, "facts": {**outcome.facts, **further}, "tsm": list(outcome.commands)}]
    if services.order_is_open(order):
        order.save(update_fields=["state", "log", "refusals"])
        services.enqueue_advance(order)
        return
    order.finished_at = timezone.now()
    order.save(update_fields=["state", "log", "refusals", "finished_at"])
    services.record_order_end(order, left=expected, by=ACTOR)
    _tell_provisioning(order)


def _apply(outcome: Outcome) -> tuple[Outcome, dict[str, Any]]:
    """Make the step's rows. A finding of the lint ends the order: trying again would find it again."""
    if outcome.apply is None:
        return outcome, {}
    try:
        with transaction.atomic():
            return outcome, outcome.apply()
    except LintRefused as refused:
        return Outcome(Event.FAIL, outcome.facts, refusals=refused.findings), {}


def _tell_provisioning(order: IssuanceOrder) -> None:
    environment_id = order.persona.environment_id
    if Provisioning.objects.filter(environment_id=environment_id, stage=Provisioning.Stage.PHONES).exists():
        jobs.enqueue("testenv.provision", environment_id, lane="ca", key=f"testenv.provision:{environment_id}")


# --- the steps ---


def _check_eligibility(order: IssuanceOrder) -> Outcome:
    found = _eligibility(order)
    if not found.is_eligible:
        return Outcome(Event.REFUSE, refusals=found.refusals)
    return Outcome(Event.FIND_ELIGIBLE, {"replaced_devices": list(found.replaced_devices)})


def _eligibility(order: IssuanceOrder) -> eligibility.Eligibility:
    device = order.device
    return eligibility.check(
        card=_card_standing(order),
        device=eligibility.Device(
            device.public_id, Medium(device.medium), (device.os_major, device.os_minor), has_secure_element=True
        ),
        purposes=_purposes(order),
        phone_certificates=_phone_certificates(order),
        agrees_to_replace=order.agrees_to_replace,
        at=environments.now(order.persona.environment),
    )


def _card_standing(order: IssuanceOrder) -> eligibility.CardSignatureCertificate | None:
    row = services.card_certificates(order.persona).get(Purpose.SIGNATURE)
    if row is None:
        return None
    status = eligibility.CertificateStatus(row.status)
    return eligibility.CardSignatureCertificate(row.not_before, row.not_after, status)


def _phone_certificates(order: IssuanceOrder) -> list[eligibility.PhoneCertificate]:
    rows = order.persona.certificates.exclude(medium=Medium.CARD.value).select_related("device")
    return [
        eligibility.PhoneCertificate(
            Purpose(row.purpose),
            row.device.public_id if row.device else "",
            row.not_after,
            eligibility.CertificateStatus(row.status),
        )
        for row in rows
    ]


def _confirm_identity(order: IssuanceOrder) -> Outcome:
    environment = order.persona.environment
    try:
        proof = identity.prove(order)
    except identity.PinRefused:
        return Outcome(Event.REFUSE, refusals=("pin.locked",))
    verdict, code = identity.judge(environment, proof, environments.now(environment))
    if verdict == "indeterminate":
        return Outcome(None, {"verdict": verdict, "code": code})
    if verdict != "valid":
        return Outcome(Event.REFUSE, {"verdict": verdict, "code": code}, refusals=("order.identity_not_confirmed",))
    keep = partial(_keep_card, order.persona_id, proof.card_state)
    return Outcome(Event.CONFIRM_IDENTITY, {"verdict": verdict, "code": code}, apply=keep)


def _keep_card(persona_id: int, state: bytes) -> dict[str, Any]:
    TestCard.objects.filter(persona_id=persona_id).update(state=state)
    return {}


def _install_applet(order: IssuanceOrder) -> Outcome:
    element = SecureElement.from_state(bytes(order.device.state))
    command = InstallApplet(order.public_id, order.device.public_id)
    keep = partial(_keep_element, order.device, element.install_applet())
    return Outcome(Event.INSTALL_APPLET, {"aid": command.aid}, (command.as_record(),), apply=keep)


def _make_keys(order: IssuanceOrder) -> Outcome:
    element = SecureElement.from_state(bytes(order.device.state))
    pins = PERSONAS[order.persona.persona_id].pins
    commands = []
    for purpose in _purposes(order):
        element = element.make_key_pair(purpose)
        if not _has_pin(element, purpose):
            element = element.set_pin(purpose, pins.of(purpose))
        commands.append(MakeKeyPair(order.public_id, order.device.public_id, purpose).as_record())
    facts = {"key": "RSA-2048", "purposes": [purpose.value for purpose in _purposes(order)]}
    return Outcome(Event.MAKE_KEYS, facts, tuple(commands), apply=partial(_keep_element, order.device, element))


def _has_pin(element: SecureElement, purpose: Purpose) -> bool:
    """A PIN once chosen stays, with its counter: a new signature certificate does not reset a lock."""
    try:
        element.tries_left(purpose)
    except AppletRefusal:
        return False
    return True


def _issue_certificates(order: IssuanceOrder) -> Outcome:
    found = _eligibility(order)
    if not found.is_eligible:
        return Outcome(Event.REFUSE, refusals=found.refusals)
    at = environments.now(order.persona.environment)
    card = services.card_certificates(order.persona).get(Purpose.SIGNATURE)
    refusal = issuance_rules.phone_refusal(_linked(card), at)
    if card is None or refusal is not None:
        return Outcome(Event.REFUSE, refusals=(refusal or "issuance.no_card_signature_certificate",))
    return Outcome(Event.ISSUE_CERTIFICATES, apply=partial(_issue, order, card, found.replaced_devices))


def _linked(card: IssuedCertificate | None) -> LinkedCard | None:
    if card is None:
        return None
    return LinkedCard(Validity(card.not_before, card.not_after), card.status == Status.GOOD.value)


def _issue(order: IssuanceOrder, card: IssuedCertificate, replaced: tuple[str, ...]) -> dict[str, Any]:
    """Revoke what the new phone replaces and issue, in one movement (Digital Agency briefing, June 2022)."""
    environment = order.persona.environment
    at = environments.now(environment)
    for old in Device.objects.filter(persona=order.persona, public_id__in=replaced):
        old_certificates = list(services.current_certificates(old).values())
        services.revoke_by(RegistryEvent.DEVICE_CHANGED, old_certificates, by=ACTOR)
    element = SecureElement.from_state(bytes(order.device.state))
    validity = issuance_rules.phone_validity(Validity(card.not_before, card.not_after), at)
    authorities = register.lock_authorities(environment)
    issued = [
        register.certify(
            authorities[purpose],
            signer=keystore.open_authority(authorities[purpose]),
            persona=order.persona,
            medium=Medium(order.device.medium),
            public_key=element.public_key(purpose),
            validity=validity,
            device=order.device,
            order=order,
            linked_card_certificate=card,
        )
        for purpose in _purposes(order)
    ]
    serials = {certificate.purpose: f"{certificate.serial:08X}" for certificate in issued}
    return {"serials": serials, "not_after": validity.not_after.isoformat(), "replaced_devices": list(replaced)}


def _store_certificates(order: IssuanceOrder) -> Outcome:
    element = SecureElement.from_state(bytes(order.device.state))
    commands = []
    for certificate in IssuedCertificate.objects.filter(order=order).order_by("id"):
        purpose, der = Purpose(certificate.purpose), bytes(certificate.der)
        element = element.personalise(purpose, der)
        commands.append(_personalise(order, purpose, der))
    for old in _replaced_devices(order):
        commands.append(EraseApplet(order.public_id, old.public_id).as_record())
    keep = partial(_store, order, element)
    return Outcome(Event.STORE_CERTIFICATES, {}, tuple(commands), apply=keep)


def _personalise(order: IssuanceOrder, purpose: Purpose, der: bytes) -> dict[str, str]:
    fingerprint = register.fingerprint(der)
    return Personalise(order.public_id, order.device.public_id, purpose, fingerprint).as_record()


def _replaced_devices(order: IssuanceOrder) -> list[Device]:
    """The phones whose certificates the issuing step revoked: deleted from afar once the new ones are stored."""
    names = [name for line in order.log for name in line["facts"].get("replaced_devices", [])]
    return list(Device.objects.filter(persona=order.persona, public_id__in=names).order_by("id"))


def _store(order: IssuanceOrder, element: SecureElement) -> dict[str, Any]:
    for old in _replaced_devices(order):
        old.state = SecureElement.from_state(bytes(old.state)).erase().to_state()
        old.save(update_fields=["state"])
    return _keep_element(order.device, element)


def _keep_element(device: Device, element: SecureElement) -> dict[str, Any]:
    """Store the Secure Element unless it changed meanwhile (a PIN was tried): then the step is done anew."""
    now = Device.objects.select_for_update().get(pk=device.pk)
    if bytes(now.state) != bytes(device.state):
        raise RetryLater(1, "the Secure Element changed meanwhile")
    Device.objects.filter(pk=device.pk).update(state=element.to_state())
    return {}


def _purposes(order: IssuanceOrder) -> tuple[Purpose, ...]:
    return tuple(Purpose(value) for value in order.purposes)


_PERFORM: Mapping[CommandName, Callable[[IssuanceOrder], Outcome]] = {
    CommandName.CHECK_ELIGIBILITY: _check_eligibility,
    CommandName.CONFIRM_IDENTITY: _confirm_identity,
    CommandName.INSTALL_APPLET: _install_applet,
    CommandName.MAKE_KEYS: _make_keys,
    CommandName.ISSUE_CERTIFICATES: _issue_certificates,
    CommandName.STORE_CERTIFICATES: _store_certificates,
}
