"""What people and machines may want of a sandbox. The web writes intentions here; workers perform them (testenv.steps).

Moments that certificates feel (`at`) are the environment's own (portal.environments.services.now): aware UTC, whole
seconds. Everything else keeps real time.
"""

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.audit import services as audit
from portal.environments import services as environments
from portal.environments.models import Environment
from portal.jobs import services as jobs
from portal.providers import services as providers
from testenv.ca import revocation
from testenv.ca.revocation import Decision, Status
from testenv.models import (
    CertificateAuthority,
    DemonstrationAnswer,
    Device,
    IssuanceOrder,
    IssuedCertificate,
    Persona,
    Provisioning,
    PublishedCrl,
)
from testenv.personas import PERSONAS
from testenv.tsm import lifecycle
from testenv.tsm.secure_element import SecureElement
from verifier.pki.profiles import Medium, MediumGroup, Purpose
from verifier.pki.reasons import RevocationReason


class Refused(Exception):
    """A rule says no, nothing was changed. `code` is explained by `testenv.messages`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


# --- the environment ---


@transaction.atomic
def request_environment(provider: Any, *, by: Any) -> Environment:
    """The provider's sandbox. The first call has it made; every later one, a double press too, answers the same."""
    environment, made = environments.request_sandbox(provider)
    if made:
        audit.record("environment.requested", environment, by=by, provider=provider)
    start_provisioning(environment)
    return environment


@transaction.atomic
def start_provisioning(environment: Environment) -> Provisioning:
    """See that the sandbox is being made, from where an earlier attempt stopped."""
    provisioning, made = Provisioning.objects.get_or_create(
        environment=environment, defaults={"requested_at": timezone.now()}
    )
    stopped = Provisioning.objects.filter(pk=provisioning.pk).exclude(failure="").update(failure="")
    if stopped:
        environments.mark_requested(environment)
    if made or stopped:
        jobs.enqueue("testenv.provision", environment.pk, lane="ca", key=f"testenv.provision:{environment.pk}")
    return provisioning


def provisioning_of(environment: Environment) -> Provisioning | None:
    """How far the making of the sandbox has come; None when nobody asked for it."""
    return Provisioning.objects.filter(environment=environment).first()


@dataclass(frozen=True)
class ListState:
    """The latest list of one distribution point, None when there is none yet."""

    purpose: Purpose
    group: MediumGroup
    published: PublishedCrl | None


def list_states(environment: Environment) -> list[ListState]:
    """The four distribution points with their latest lists."""
    return [
        ListState(purpose, group, latest_list(environment, purpose, group)) for group in _GROUPS for purpose in Purpose
    ]


_GROUPS: tuple[MediumGroup, ...] = ("card", "phone")


def latest_list(environment: Environment, purpose: Purpose, group: MediumGroup) -> PublishedCrl | None:
    lists = PublishedCrl.objects.filter(
        authority__environment=environment, authority__purpose=purpose.value, medium_group=group
    )
    return lists.order_by("-number").first()


def authorities(environment: Environment) -> list[CertificateAuthority]:
    return list(CertificateAuthority.objects.filter(environment=environment).order_by("purpose"))


# --- personas and their phones ---


def persona_list(environment: Environment) -> list[Persona]:
    """The environment's personas in the order of their ids, with cards, phones and certificates at hand."""
    return list(
        Persona.objects.filter(environment=environment)
        .order_by("persona_id")
        .prefetch_related("devices", "certificates", "orders")
    )


def current_device(persona: Persona) -> Device | None:
    """The phone the persona uses: the newest."""
    return persona.devices.order_by("-id").first()


def current_certificates(device: Device) -> dict[Purpose, IssuedCertificate]:
    """The newest certificate of each purpose issued to the phone, whatever its standing."""
    return {Purpose(c.purpose): c for c in device.certificates.order_by("id")}


def card_certificates(persona: Persona) -> dict[Purpose, IssuedCertificate]:
    """The newest certificate of each purpose on the persona's card."""
    return {Purpose(c.purpose): c for c in persona.certificates.filter(medium=Medium.CARD.value).order_by("id")}


@transaction.atomic
def open_order(
    persona: Persona,
    *,
    purposes: tuple[Purpose, ...],
    by: Any,
    device: Device | None = None,
    agrees_to_replace: bool = False,
) -> IssuanceOrder:
    """Apply for phone certificates on `device`, or on a new phone of the persona's kind when it is None.

    While an order of the persona is open, it is answered instead of a second one. The rules are asked by the worker
    (testenv.tsm.eligibility); a refusal stands in the order.
    """
    Persona.objects.select_for_update().get(pk=persona.pk)
    if (waiting := IssuanceOrder.objects.filter(persona=persona, finished_at=None).first()) is not None:
        return waiting
    order = IssuanceOrder.objects.create(
        persona=persona,
        device=device or _new_device(persona),
        purposes=[purpose.value for purpose in purposes],
        agrees_to_replace=agrees_to_replace,
        created_at=timezone.now(),
    )
    _record("issuance_order.opened", order, persona.environment, by=by, details={"persona": persona.persona_id})
    enqueue_advance(order)
    return order


def enqueue_advance(order: IssuanceOrder, *, due: datetime | None = None) -> None:
    """Have a worker do the order's next step (at `due`, real time)."""
    jobs.enqueue("testenv.advance_order", order.pk, lane="ca", due=due)


def _new_device(persona: Persona) -> Device:
    data = PERSONAS[persona.persona_id]
    device = Device(persona=persona, medium=data.medium.value, os_major=data.os_version[0], os_minor=data.os_version[1])
    device.state = SecureElement(device.public_id).to_state()
    device.save()
    return device


# --- standing of certificates ---


@transaction.atomic
def hold(device: Device, *, by: Any) -> list[IssuedCertificate]:
    """The holder reports the phone lost: its good certificates go on hold. Raises Refused when none can."""
    at = environments.now(device.persona.environment)
    changed, refusal = [], "revocation.no_certificate"
    for certificate in _locked_certificates(device):
        decision = revocation.hold(certificate.standing, at=at)
        if decision.standing is None:
            refusal = decision.refusal or refusal
            continue
        _set_standing(certificate, decision, by=by, action="certificate.held")
        changed.append(certificate)
    if not changed:
        raise Refused(refusal)
    request_publication(device.persona.environment)
    return changed


@transaction.atomic
def release(device: Device, *, by: Any) -> IssuanceOrder | None:
    """The phone was found: the hold of its user authentication certificate ends, its signature certificate is revoked.

    A new signature certificate is then applied for; that order is answered, None where none is due (J-LIS, what to do
    after loss). Raises Refused when nothing is on hold.
    """
    environment = device.persona.environment
    at = environments.now(environment)
    again: list[Purpose] = []
    refusals: list[str] = []
    for certificate in _locked_certificates(device):
        purpose, medium = Purpose(certificate.purpose), Medium(certificate.medium)
        decision = revocation.release(purpose, medium, certificate.standing, at=at)
        if decision.standing is None:
            refusals.append(decision.refusal or "")
            continue
        released = decision.standing.status is Status.GOOD
        _set_standing(
            certificate, decision, by=by, action="certificate.released" if released else "certificate.revoked"
        )
        again += [purpose] if decision.must_reissue else []
    if len(refusals) == len(current_certificates(device)):
        raise Refused("revocation.not_on_hold")
    request_publication(environment)
    return open_order(device.persona, purposes=tuple(again), device=device, by=by) if again else None


@transaction.atomic
def revoke(certificates: list[IssuedCertificate], *, reason: RevocationReason, by: Any) -> list[IssuedCertificate]:
    """Revoke for good those not yet revoked. Raises Refused when there is none, or for a reason holders cannot give."""
    changed: list[IssuedCertificate] = []
    refusal = "revocation.no_certificate"
    for certificate in _lock(certificates):
        at = environments.now(certificate.persona.environment)
        decision = revocation.revoke(certificate.standing, reason, at=at)
        if decision.standing is None:
            refusal = decision.refusal or refusal
            continue
        _set_standing(certificate, decision, by=by, action="certificate.revoked")
        changed.append(certificate)
    if not changed:
        raise Refused(refusal)
    request_publication(changed[0].persona.environment)
    return changed


@transaction.atomic
def revoke_by(event: revocation.RegistryEvent, certificates: list[IssuedCertificate], *, by: Any) -> None:
    """What an event in a person's life revokes at once among `certificates`; nothing when it leaves them alone."""
    for certificate in certificates:
        reason = revocation.reason_for(event, Purpose(certificate.purpose), Medium(certificate.medium))
        if reason is not None and certificate.status != Status.REVOKED.value:
            revoke([certificate], reason=reason, by=by)


@transaction.atomic
def follow_card(certificate: IssuedCertificate, *, lag: Any, by: Any) -> bool:
    """Linked revocation: whether this phone certificate was revoked because its card's was, `lag` or longer ago."""
    (certificate,) = _lock([certificate])
    card = card_certificates(certificate.persona).get(Purpose(certificate.purpose))
    if card is None:
        return False
    at = environments.now(certificate.persona.environment)
    decision = revocation.linked_revocation(card.standing, certificate.standing, lag=lag, at=at)
    if decision is None or decision.standing is None:
        return False
    _set_standing(certificate, decision, by=by, action="certificate.revoked")
    request_publication(certificate.persona.environment)
    return True


def request_publication(environment: Environment) -> None:
    """Have a worker sign new lists."""
    jobs.enqueue("testenv.publish_crls", environment.pk, lane="ca", key=f"testenv.publish_crls:{environment.pk}")


def _locked_certificates(device: Device) -> list[IssuedCertificate]:
    return _lock(list(current_certificates(device).values()))


def _lock(certificates: list[IssuedCertificate]) -> list[IssuedCertificate]:
    keys = [certificate.pk for certificate in certificates]
    rows = IssuedCertificate.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("id")
    return list(rows.select_related("persona__environment"))


def _set_standing(certificate: IssuedCertificate, decision: Decision, *, by: Any, action: str) -> None:
    standing, before = decision.standing, _standing_told(certificate)
    assert standing is not None
    certificate.status = standing.status.value
    certificate.reason = None if standing.reason is None else standing.reason.value
    certificate.since = standing.since
    certificate.save(update_fields=["status", "reason", "since"])
    details = {
        "persona": certificate.persona.persona_id,
        "purpose": certificate.purpose,
        "medium": certificate.medium,
        "serial": f"{certificate.serial:08X}",
    }
    _record(
        action,
        certificate,
        certificate.persona.environment,
        by=by,
        reason=standing.reason.code if standing.reason else "",
        before=before,
        after=_standing_told(certificate),
        details=details,
    )


def _standing_told(certificate: IssuedCertificate) -> dict[str, Any]:
    return {"status": certificate.status, "reason": certificate.reason}


def _record(action: str, subject: Any, environment: Environment, *, by: Any, **told: Any) -> None:
    virtual_at = environments.now(environment) if environment.clock_offset else None
    audit.record(action, subject, by=by, provider=environment.provider, virtual_at=virtual_at, **told)


def order_is_open(order: IssuanceOrder) -> bool:
    return lifecycle.State(order.state) not in lifecycle.FINAL


def record_order_end(order: IssuanceOrder, *, left: str, by: Any) -> None:
    """The audit line of an order that has come from the state `left` to its end."""
    before, after = {"state": left}, {"state": order.state}
    details = {"persona": order.persona.persona_id, "refusals": order.refusals}
    environment = order.persona.environment
    _record("issuance_order.ended", order, environment, by=by, before=before, after=after, details=details)


# --- the public demonstration ---


def demonstration() -> dict[str, str] | None:
    """The body of a verification request by the public persona, ready to be sent; None while it is being made."""
    answer = _demonstration_answer()
    if answer is None:
        return None
    return {
        "purpose": answer.purpose,
        "certificate": base64.b64encode(bytes(answer.certificate)).decode(),
        "signature": base64.b64encode(bytes(answer.signature)).decode(),
        "message": base64.b64encode(bytes(answer.message)).decode(),
        "medium": answer.medium,
    }


def demonstration_key() -> str | None:
    """The public demonstration's API key: good for nothing but that sandbox, so it may be printed."""
    answer = _demonstration_answer()
    return None if answer is None else providers.public_demonstration_key(answer.key_prefix)


def _demonstration_answer() -> DemonstrationAnswer | None:
    ready = DemonstrationAnswer.objects.filter(environment__state=Environment.State.READY)
    return ready.filter(environment__provider=None, not_after__gt=timezone.now()).first()
