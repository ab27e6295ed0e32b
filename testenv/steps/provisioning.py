"""The making of a sandbox, one stage a job run: CAs, cards, phones, lists. Keys are made outside the transaction.

Phones are not made here but applied for, by the very order every tester can place (testenv.steps.issuing).
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, timedelta
from functools import partial

from cryptography.hazmat.primitives.asymmetric import rsa
from django.utils import timezone

from portal.environments import services as environments
from portal.environments.models import Environment
from portal.jobs import services as jobs
from portal.jobs.registry import Effect
from portal.providers import services as providers
from testenv import addresses, keystore, personas, services
from testenv.ca import authority as authorities
from testenv.ca import issuance_rules
from testenv.ca.revocation import RegistryEvent
from testenv.models import (
    CertificateAuthority,
    DemonstrationAnswer,
    Device,
    IssuanceOrder,
    Persona,
    Provisioning,
    TestCard,
)
from testenv.personas import PERSONAS
from testenv.steps import publishing, register
from testenv.tsm import lifecycle
from testenv.tsm import secure_element as carriers
from verifier import anchors
from verifier.pki import names
from verifier.pki.profiles import Medium, Purpose, World, crl_dp_name

ACTOR = "worker"
DEMONSTRATION_PERSONA = "P01"
DEMONSTRATION_PURPOSE = Purpose.USER_AUTHENTICATION
DEMONSTRATION_MESSAGE = b"Public demonstration of the sandbox: a fixed challenge, no secret."
DEMONSTRATION_RENEW_BEFORE = timedelta(days=30)

Stage = Provisioning.Stage
# What a stage's slow part answers: None while it has to wait for others, else the rows it wants to make.
Work = Callable[[], object]


def advance(environment_id: int) -> Effect | None:
    """Do the next stage; answers its database effect, None when there is nothing to do (yet)."""
    provisioning = Provisioning.objects.select_related("environment__provider").get(environment_id=environment_id)
    if provisioning.failure or provisioning.stage == Stage.READY:
        return None
    started = time.monotonic()
    work = _PERFORM[provisioning.stage](provisioning.environment)
    if work is None:
        return None
    return partial(_commit, provisioning.pk, provisioning.stage, work, round((time.monotonic() - started) * 1000))


def fail(environment_id: int, code: str) -> None:
    """Stop and say so; the provider may have it tried again (testenv.services.start_provisioning)."""
    provisioning = Provisioning.objects.select_related("environment").get(environment_id=environment_id)
    provisioning.failure = code
    provisioning.save(update_fields=["failure"])
    environments.mark_failed(provisioning.environment)


def _commit(pk: int, expected: str, work: Work, took: int) -> None:
    provisioning = Provisioning.objects.select_for_update(of=("self",)).select_related("environment").get(pk=pk)
    if provisioning.stage != expected:
        return  # another run was quicker
    work()
    stages = list(Stage)
    now = timezone.now()
    provisioning.log = [*provisioning.log, {"stage": expected, "at": now.isoformat(), "took_ms": took}]
    provisioning.stage = stages[stages.index(Stage(expected)) + 1]
    if provisioning.stage == Stage.READY:
        provisioning.finished_at = now
        environments.mark_ready(provisioning.environment)
    else:
        environment_id = provisioning.environment_id
        jobs.enqueue("testenv.provision", environment_id, lane="ca", key=f"testenv.provision:{environment_id}")
    provisioning.save(update_fields=["stage", "log", "finished_at"])


# --- 1. certification authorities, their first lists, and the verifier's trust in them ---


def _make_authorities(environment: Environment) -> Work:
    keys = {purpose: authorities.make_key() for purpose in Purpose}
    sealed = {purpose: keystore.seal(environment.pk, purpose.value, key) for purpose, key in keys.items()}
    return partial(_keep_authorities, environment, keys, sealed)


def _keep_authorities(
    environment: Environment, keys: dict[Purpose, rsa.RSAPrivateKey], sealed: dict[Purpose, bytes]
) -> None:
    validity = issuance_rules.ca_validity(environments.now(environment))
    serial = issuance_rules.next_serial(None)
    for purpose, key in keys.items():
        der = authorities.self_signed(purpose, key, serial=serial, validity=validity)
        row = CertificateAuthority.objects.create(
            environment=environment, purpose=purpose.value, der=der, not_after=validity.not_after, last_serial=serial
        )
        keystore.keep(row, sealed[purpose])
        _have_it_trusted(environment, purpose, der)
    publishing.publish(environment)


def _have_it_trusted(environment: Environment, purpose: Purpose, der: bytes) -> None:
    anchor = anchors.trust(environment, purpose=purpose.value, certificate_der=der, by=ACTOR)
    for group in publishing.GROUPS:
        name = names.normalised(crl_dp_name(purpose, group, World.SANDBOX))
        url = addresses.crl_url(environment, purpose, group)
        anchors.add_distribution_point(environment, anchor=anchor, dp_name=name, url=url, by=ACTOR)


# --- 2. personas and their cards ---


@dataclass(frozen=True)
class _NewCard:
    data: personas.Persona
    card: carriers.TestCard


def _make_cards(environment: Environment) -> Work:
    cards = [_NewCard(data, _card_with_keys(data)) for data in PERSONAS.values()]
    return partial(_keep_cards, environment, cards)


def _card_with_keys(data: personas.Persona) -> carriers.TestCard:
    card = carriers.TestCard.blank(f"card-{data.id}")
    for purpose in Purpose:
        card = card.make_key_pair(purpose).set_pin(purpose, data.pins.of(purpose))
    return card


def _keep_cards(environment: Environment, cards: list[_NewCard]) -> None:
    rows = register.lock_authorities(environment)
    signers = {purpose: keystore.open_authority(row) for purpose, row in rows.items()}
    at = environments.now(environment)
    for new in cards:
        persona = Persona.objects.create(environment=environment, persona_id=new.data.id)
        card = new.card
        for purpose, row in rows.items():
            if purpose is Purpose.SIGNATURE and issuance_rules.signature_refusal(new.data.birth_date, at):
                continue
            certificate = register.certify(
                row,
                signer=signers[purpose],
                persona=persona,
                medium=Medium.CARD,
                public_key=card.public_key(purpose),
                validity=issuance_rules.card_validity(new.data.birth_date, at),
            )
            card = card.personalise(purpose, bytes(certificate.der))
        TestCard.objects.create(persona=persona, state=card.to_state())
    for persona in services.persona_list(environment):
        if personas.Provisioning.ISSUE_PHONE in PERSONAS[persona.persona_id].steps:
            services.open_order(persona, purposes=tuple(Purpose), by=ACTOR)


# --- 3. phones: wait for the orders, then let happen what the persona stands for ---


def _finish_phones(environment: Environment) -> Work | None:
    orders = IssuanceOrder.objects.filter(persona__environment=environment)
    if orders.filter(finished_at=None).exists():
        return None  # the last order to end calls again
    if orders.exclude(state=lifecycle.State.STORED.value).exists():
        raise OrdersFailed
    return partial(_let_it_happen, environment)


class OrdersFailed(Exception):
    """An order that had to go through was refused or failed."""


def _let_it_happen(environment: Environment) -> None:
    for persona in services.persona_list(environment):
        for step in PERSONAS[persona.persona_id].steps:
            _HAPPENINGS.get(step, _nothing)(persona)


def _nothing(persona: Persona) -> None:
    """Cards and phones are there already."""


def _device(persona: Persona) -> Device:
    device = services.current_device(persona)
    assert device is not None
    return device


def _hold_phone(persona: Persona) -> None:
    services.hold(_device(persona), by=ACTOR)


def _revoke_phone(persona: Persona) -> None:
    certificates = list(services.current_certificates(_device(persona)).values())
    services.revoke_by(RegistryEvent.DEVICE_CHANGED, certificates, by=ACTOR)


def _move_house(persona: Persona) -> None:
    services.revoke_by(RegistryEvent.MOVED_HOUSE, list(services.card_certificates(persona).values()), by=ACTOR)


def _run_linked_revocation(persona: Persona) -> None:
    for certificate in services.current_certificates(_device(persona)).values():
        services.follow_card(certificate, lag=timedelta(0), by=ACTOR)


def _lock_pin(persona: Persona) -> None:
    """Wrong PINs until it locks, as a holder would do it."""
    device = _device(persona)
    element = carriers.SecureElement.from_state(bytes(device.state))
    wrong = "0000" if PERSONAS[persona.persona_id].pins.user_authentication != "0000" else "9999"
    while element.tries_left(Purpose.USER_AUTHENTICATION):
        _, element = element.verify_pin(Purpose.USER_AUTHENTICATION, wrong)
    device.state = element.to_state()
    device.save(update_fields=["state"])


_HAPPENINGS: Mapping[personas.Provisioning, Callable[[Persona], None]] = {
    personas.Provisioning.HOLD_PHONE: _hold_phone,
    personas.Provisioning.REVOKE_PHONE: _revoke_phone,
    personas.Provisioning.MOVE_HOUSE: _move_house,
    personas.Provisioning.RUN_LINKED_REVOCATION: _run_linked_revocation,
    personas.Provisioning.LOCK_USER_AUTHENTICATION_PIN: _lock_pin,
}


# --- 4. lists that tell of it; the public sandbox also keeps its demonstration ---


def _publish_lists(environment: Environment) -> Work:
    return partial(_publish_and_demonstrate, environment)


def _publish_and_demonstrate(environment: Environment) -> None:
    publishing.publish(environment)
    if environment.provider_id is None:
        keep_demonstration(environment)


def demonstration_is_due(environment: Environment) -> bool:
    """Whether the kept answer is missing or near the end of its certificate."""
    lasting = timezone.now() + DEMONSTRATION_RENEW_BEFORE
    return not DemonstrationAnswer.objects.filter(environment=environment, not_after__gt=lasting).exists()


def keep_demonstration(environment: Environment) -> None:
    """Have the public persona's phone sign the fixed message, and see that the public key exists."""
    persona = Persona.objects.get(environment=environment, persona_id=DEMONSTRATION_PERSONA)
    pin = PERSONAS[DEMONSTRATION_PERSONA].pins.of(DEMONSTRATION_PURPOSE)
    device = _device(persona)
    outcome, element = carriers.SecureElement.from_state(bytes(device.state)).verify_pin(DEMONSTRATION_PURPOSE, pin)
    assert outcome.is_accepted
    certificate = services.current_certificates(device)[DEMONSTRATION_PURPOSE]
    kept = DemonstrationAnswer.objects.filter(environment=environment).first()
    DemonstrationAnswer.objects.update_or_create(
        environment=environment,
        defaults={
            "purpose": DEMONSTRATION_PURPOSE.value,
            "medium": device.medium,
            "certificate": bytes(certificate.der),
            "signature": element.sign(DEMONSTRATION_PURPOSE, DEMONSTRATION_MESSAGE),
            "message": DEMONSTRATION_MESSAGE,
            "key_prefix": kept.key_prefix if kept else _public_key(environment),
            "not_after": certificate.not_after.astimezone(UTC),
        },
    )


def _public_key(environment: Environment) -> str:
    secret = providers.public_demonstration_secret()
    client, _ = providers.issue_client(
        None, environment=environment, name="public demonstration", by=ACTOR, secret=secret
    )
    return client.prefix


_PERFORM: Mapping[str, Callable[[Environment], Work | None]] = {
    Stage.AUTHORITIES: _make_authorities,
    Stage.CARDS: _make_cards,
    Stage.PHONES: _finish_phones,
    Stage.REVOCATION_LISTS: _publish_lists,
}
