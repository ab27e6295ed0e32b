"""One object of every kind that has an address, in the organisation of Hanako, made by the real verbs.

Hanako and Shiro own it, Taro is a member; it is a platform operator to whom Saburo's organisation asks to delegate.
Jiro owns another one with a sandbox of its own, so that he is refused for being a stranger and not for having none.
"""

import base64
import hashlib
import re
import urllib.parse
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from types import MappingProxyType
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from portal import http
from portal.accounts import recovery as account_recovery
from portal.accounts import recovery_mail, staff
from portal.accounts.models import StaffGrant
from portal.audit import services as audit
from portal.environments import services as environments
from portal.environments.models import Environment
from portal.evidence import services as evidence
from portal.mailbox.backend import MailboxBackend
from portal.mailbox.models import Message
from portal.providers import handover, members, recovery
from portal.providers import services as providers
from portal.signing import services as site_keys
from portal.trail import services as trail
from testenv import personas, simulator
from testenv import services as testenv
from testenv.models import Device, PhoneRequest
from testenv.steps import provisioning
from tests import cast, files, organisations
from tests.applications import answering, proven, seen
from tests.pure.pki.forge import an_authority
from tests.testenv.conftest import RETURN_URL, fetched_from_responders, persona, phone
from tests.verifier.bench import authority, believe
from tests.whitelist.conftest import approve, draft
from verifier import anchor_proposals, sources
from verifier import services as verifier
from verifier.pki.profiles import Purpose, World
from whitelist import applications, checks, consumers, contacts, domains, imports, publication, rule_changes
from whitelist import services as whitelist
from whitelist.models import Application
from whitelist.policy.finding import Severity

_get = http.get
Commit = Callable[[], AbstractContextManager[Any]]
MESSAGE = base64.urlsafe_b64encode(b"challenge of the service").decode().rstrip("=")


def _sandbox(monkeypatch: pytest.MonkeyPatch, provider: Any, names: tuple[str, ...], by: Any, commit: Commit) -> Any:
    few = {name: personas.PERSONAS[name] for name in names}
    monkeypatch.setattr(provisioning, "PERSONAS", MappingProxyType(few))
    with commit():
        environment = testenv.request_environment(provider, by=by)
    environment.refresh_from_db()
    assert environment.state == Environment.State.READY
    return environment


def phone_query(environment: Environment, request_id: str) -> str:
    """What a service's page adds to the address of the app."""
    asked = {
        "env": environment.public_id,
        "request_id": request_id,
        "purpose": "user_authentication",
        "message": MESSAGE,
        "return_url": RETURN_URL,
        "way": "app_link",
    }
    return urllib.parse.urlencode(asked)


def _phone_request(environment: Environment, request_id: str) -> PhoneRequest:
    return simulator.receive(environment, simulator.read(phone_query(environment, request_id)))


def _application(provider: Any, url: str) -> Application:
    return applications.start_application(provider, form_key=uuid.uuid4(), content=draft(url), by=cast.hanako())


def _submitted(provider: Any, url: str) -> Application:
    application = _application(provider, url)
    seen(url)
    applications.submit(application, seen_version=application.version, by=cast.hanako(), at=_now())
    application.refresh_from_db()
    return application


def _now() -> Any:
    return timezone.now().replace(microsecond=0)


def _verification(key: str, device: Device) -> str:
    certificate = testenv.current_certificates(device)[Purpose.USER_AUTHENTICATION]
    body = {
        "purpose": "user_authentication",
        "certificate": base64.b64encode(bytes(certificate.der)).decode(),
        "signature": base64.b64encode(b"\1" * 256).decode(),
        "message": base64.b64encode(b"another message").decode(),
    }
    principal = providers.authenticate(key)
    return verifier.verify(principal, verifier.question_from_json(body), request_id="request-0001").public_id


def make(monkeypatch: pytest.MonkeyPatch, commit: Commit) -> dict[str, Any]:
    """The path values by the table's names for them, and the keys and environments of both organisations."""
    site_keys._signers.clear()
    site_keys.rotate()
    monkeypatch.setattr(http, "get", _ask_own_responders)
    hanako, jiro, saburo, shiro = cast.hanako(), cast.jiro(), cast.person("Saburo"), cast.person("Shiro")

    bank = organisations.platform_operator(hanako)
    for user, role in ((shiro, "owner"), (cast.taro(), "member")):
        organisations.seat(user, bank, role=role)
    period = {"valid_from": date(2026, 1, 1), "valid_until": date(2099, 12, 31)}
    accreditation = providers.add_accreditation(bank, number="見本第001号", by=hanako, **period)
    document = evidence.keep(files.pdf(), name="notice.pdf", provider=bank, by=hanako)
    behind = organisations.provider_of(
        saburo, number=organisations.SECOND_NUMBER, basis="behind_platform_operator", name="見本商店"
    )
    delegation = providers.request_delegation(behind, operator=bank, valid_from=date(2026, 1, 1), by=saburo)
    offer = handover.offer(bank.memberships.get(user=cast.taro()), by=hanako)
    lost = recovery.ask(bank, email="taro@example.jp", reason="gone", by=cast.taro())
    mail.outbox.clear()
    invitation = members.invite(bank, email="new@example.jp", role="member", by=hanako)
    token = re.search(r"/invitations/accept/([^/\s]+)/", str(mail.outbox[0].body))
    assert token is not None
    MailboxBackend().send_messages([EmailMessage("s", "b", "from@example.jp", ["to@example.jp"])])

    waiting_grant, staff_token = _staff_grants()

    sandbox = _sandbox(monkeypatch, bank, ("P01", "P21"), hanako, commit)
    other = organisations.provider_of(jiro, name="見本市")
    # Persona ids repeat in every sandbox; P01 is not in Jiro's, so P01 is Hanako's alone.
    other_sandbox = _sandbox(monkeypatch, other, ("P21",), jiro, commit)
    purposes = ["user_authentication", "signature"]
    entry = whitelist.enter_in_sandbox(sandbox, url=RETURN_URL, purposes=purposes, ways_in=["app_link"], by=hanako)
    device = phone(sandbox)
    order = testenv.open_order(persona(sandbox, "P21"), purposes=tuple(Purpose), by=hanako)
    waiting, signed = _phone_request(sandbox, "request-0001"), _phone_request(sandbox, "request-0002")
    assert simulator.enter_pin(signed, personas.PERSONAS["P01"].pins.user_authentication).is_accepted

    table = imports.hand_in(bank, content=b"URL\n", name="table.csv", world="sandbox", form_key=uuid.uuid4(), by=hanako)
    client, key = providers.issue_client(bank, environment=sandbox, name="first", by=hanako)
    _, other_key = providers.issue_client(other, environment=other_sandbox, name="first", by=jiro)
    verification = _verification(key, device)

    rules = rule_changes.propose(
        {"url.port": (Severity.INFO, Severity.BLOCK)},
        note="Only 443 is reached from everywhere.",
        effective_from=_now(),
        notice_days=30,
        by=cast.osamu(),
        at=_now(),
    )
    check = checks.ask("https://checked.example.jp/", world="production", address="192.0.2.1", at=_now()).check
    answering(bank, by=hanako)
    for host in ("review.example.jp", "published.example.jp"):
        proven(bank, host, by=hanako)
    unsent = _application(bank, "https://draft.example.jp/jpki/return")
    in_review = _submitted(bank, "https://review.example.jp/jpki/return")
    published = _submitted(bank, "https://published.example.jp/jpki/return")
    with commit():
        approve(published, cast.reiko(), _now())
        approve(published, cast.renji(), _now())
    published.refresh_from_db()
    contact = contacts.ask(bank, email="new@bank.example.jp", by=hanako, at=_now())
    version = publication.current_version(published.published_in.environment)
    tsm, _ = consumers.enter(published.published_in.environment, name="TSM-X", by=cast.osamu(), at=_now())
    trail.seal_everything(at=_now())
    return {
        "values": {
            "verification": {"public_id": verification},
            "list_source": {"pk": _source_of_lists()},
            "delegation": {"pk": delegation.pk},
            "seat": {"pk": bank.memberships.get(user=shiro).pk},
            "invitation": {"pk": invitation.pk},
            "token": {"token": token.group(1)},
            "provider": {"public_id": bank.public_id},
            "accreditation": {"public_id": bank.public_id, "kind": "certification", "pk": accreditation.pk},
            "import": {"public_id": table.public_id},
            "ending": {"ending": "csv"},
            "offer": {"pk": offer.pk},
            "recovery": {"pk": lost.pk},
            "recovery_at_desk": {"public_id": bank.public_id, "pk": lost.pk},
            "evidence": {"public_id": document.public_id},
            "client": {"pk": client.pk},
            "persona": {"persona_id": "P01"},
            "order": {"public_id": order.public_id},
            "phone": {"public_id": device.public_id},
            "waiting": {"request_id": waiting.request_id},
            "signed": {"request_id": signed.request_id},
            "entry": {"public_id": entry.public_id},
            "listed": {"public_id": published.live_entry.public_id},
            "draft": {"public_id": unsent.public_id},
            "in_review": {"public_id": in_review.public_id},
            "domain": {"public_id": domains.ask(bank, "bank.example.jp", by=hanako, at=_now()).public_id},
            "step": {"public_id": unsent.public_id, "step": "purpose"},
            "published": {"public_id": published.public_id},
            "contact": {"token": contacts.token_of(contact)},
            "list": {"number": version.number},
            "consumer": {"public_id": tsm.public_id},
            "code": {"code": "tls.incomplete_chain"},
            "rules": {"number": rules.number},
            "check": {"public_id": check.public_id},
            "mail": {"pk": Message.objects.get().pk},
            "event": {"pk": audit.history(bank)[0].pk},
            "checkpoint": {"number": 1},
            "session": {"pk": _session_of(hanako)},
            "passkey": {
                "pk": hanako.authenticator_set.get(type="totp").pk
            },  # asked for a factor before it is looked for
            "grant": {"pk": waiting_grant.pk},
            "staff": {"pk": cast.reiko().pk},
            "staff_token": {"token": staff_token},
            **_account_recoveries(),
            **_anchors(),
        },
        "key": key,
        "other_key": other_key,
        "sandbox": sandbox,
    }


def _staff_grants() -> tuple[StaffGrant, str]:
    """A role that waits for Osamu's confirmation, and the token of an invitation that is on its way."""
    sanae, osamu = cast.person("Sanae", "operator"), cast.osamu()
    asked = {"role": "reviewer", "reason": "appointed", "at": timezone.now()}
    waiting = staff.propose(email="rin@example.jp", name="Rin", by=sanae, **asked)
    invited = staff.propose(email="rui@example.jp", name="Rui", by=sanae, **asked)
    mail.outbox.clear()
    staff.confirm(invited, by=osamu, at=timezone.now())
    token = re.search(r"/staff/invitation/([^/\s]+)/", str(mail.outbox[0].body))
    assert token is not None
    return waiting, token.group(1)


def _account_recoveries() -> dict[str, dict[str, Any]]:
    """A recovery that waits for the operators, the link that stops it, and one whose address is not proven yet."""
    known, unknown = cast.person("Kenta"), cast.person("Kenji")
    asked = account_recovery.ask(known.email, at=_now())
    assert asked is not None
    token = recovery_mail.proof_token(asked)
    waiting = account_recovery.prove(token, lost="factors", contact="switchboard", at=_now())
    unproven = account_recovery.ask(unknown.email, at=_now())
    assert unproven is not None
    return {
        "account_recovery": {"pk": waiting.pk},
        "stop_token": {"token": recovery_mail.stop_token(waiting)},
        "proof_token": {"token": recovery_mail.proof_token(unproven)},
    }


def _anchors() -> dict[str, dict[str, Any]]:
    """A throw-away root that production believes, and another that waits for a second operator."""
    believed = believe(environments.production(), authority(world=World.PRODUCTION))
    waiting = an_authority("waiting-root", Purpose.SIGNATURE, World.PRODUCTION, serial=0x7002)
    proposal = anchor_proposals.propose(
        purpose="signature",
        certificate_der=waiting.certificate_der,
        fingerprint=hashlib.sha256(waiting.certificate_der).hexdigest(),
        lists={"card": "https://lists.example.jp/card.crl"},
        by=cast.person("Sanae", "operator"),
        at=_now(),
    )
    return {"anchor": {"public_id": believed.public_id}, "proposal": {"public_id": proposal.public_id}}


def _source_of_lists() -> int:
    """The source of a revocation list of some test environment."""
    return sources.with_lists("").values_list("pk", flat=True)[0]


def _session_of(user: Any) -> int:
    """One session of the person, at a browser of its own."""
    cast.browser_of(user).get("/accounts/sessions/")
    return UserSession.objects.get(user=user).pk


def _ask_own_responders(url: str, **limits: Any) -> http.Answer:
    """The verifier fetches lists from the responders' views without a socket between them; probes go where they go."""
    if not url.startswith(settings.RESPONDERS_URL):
        return _get(url, **limits)
    return fetched_from_responders(url, **limits)


def browsers() -> dict[str, Client]:
    """Each of the cast at a browser, with both factors; an error of the site is seen as 500."""
    people = {"nobody": None, "hanako": cast.hanako(), "taro": cast.taro(), "jiro": cast.jiro()}
    people |= {"reiko": cast.reiko(), "osamu": cast.osamu(), "aoi": cast.aoi()}
    found = {name: cast.browser_of(user) for name, user in people.items()}
    for browser in found.values():
        browser.raise_request_exception = False
    return found
