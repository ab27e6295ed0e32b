"""The story that embedded mode starts with: an SP with a sandbox, an entry, a phone on hold, an application in review.

Part of the composition root. It speaks to the apps' services only, as their pages do; workers do the slow parts.
"""

import json
import os
import secrets
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.conf import settings
from django.utils import timezone

from portal.accounts import services as accounts
from portal.environments.models import Environment
from portal.providers import members
from portal.providers import services as providers
from portal.providers.models import Membership
from testenv import services as testenv
from testenv.internet import zone
from whitelist import applications, contacts, domains
from whitelist import services as whitelist
from whitelist.policy import domain_proof
from whitelist.policy.measures import MEASURES

_PEOPLE = {
    "hanako": ("申請 花子", "hanako@bank.example.jp", "member"),
    "taro": ("連携 太郎", "taro@bank.example.jp", "member"),
    "jiro": ("別所 次郎", "jiro@shop.example.jp", "member"),
    "reiko": ("審査 玲子", "reiko@j-lis.example.jp", "reviewer"),
    "renji": ("審査 蓮司", "renji@j-lis.example.jp", "reviewer"),
    "osamu": ("運用 修", "osamu@j-lis.example.jp", "operator"),
}
PATIENCE_SECONDS = 120


class StoryStuck(Exception):
    """A worker did not do its part in time."""


def people_file() -> Path:
    """Where the invented people's log-ins stand; the embedded log-in page shows them."""
    return Path(settings.VAR_DIR) / "demo_people.json"


def service_file() -> Path:
    """What the sample SP waits for: its environment and API key."""
    return Path(settings.VAR_DIR) / "sample_sp.json"


def tell() -> list[dict[str, str]]:
    """Write the whole story once; returns the people with their log-ins. A second call only reads them."""
    if people_file().exists():
        return list(json.loads(people_file().read_text()))
    people, log_ins = _people()
    bank = _bank(people)
    environment = testenv.request_environment(bank, by=people["hanako"])
    _wait_for(lambda: _state(environment) == Environment.State.READY, "the test environment")
    _sample_service(bank, environment, by=people["hanako"])
    _application(bank, by=people["hanako"])
    _write(people_file(), log_ins)
    return log_ins


def _people() -> tuple[dict[str, Any], list[dict[str, str]]]:
    """Passwords and TOTP secrets are random for each installation."""
    people, log_ins = {}, []
    for key, (name, email, role) in _PEOPLE.items():
        password, secret = secrets.token_urlsafe(12), generate_totp_secret()
        person = accounts.by_email(email)
        if person is None:
            person = accounts.create_person(email=email, name=name, password=password, role=role, by="demonstration")
        else:
            person.set_password(password)
            person.save(update_fields=["password"])
        accounts.set_up_second_factor(person, secret=secret, by="demonstration")
        people[key] = person
        log_ins.append({"name": name, "role": role, "email": email, "password": password, "totp_secret": secret})
    return people, log_ins


def _bank(people: dict[str, Any]) -> Any:
    """Hanako's bank with Taro as second owner, and Jiro's shop beside it."""
    seat = Membership.objects.filter(user=people["hanako"]).select_related("provider").first()
    if seat is not None:
        return seat.provider
    bank = providers.register(
        name="株式会社サンプル銀行",
        name_english="Sample Bank, Ltd.",
        corporate_number="9234567890123",
        legal_basis="administrative_body",
        by=people["hanako"],
    )
    invitation = members.invite(bank, email=people["taro"].email, role=Membership.Role.OWNER, by=people["hanako"])
    members.accept(invitation, by=people["taro"])
    providers.register(
        name="例示商店株式会社",
        name_english="Example Shop, Inc.",
        corporate_number="1345678901234",
        legal_basis="administrative_body",
        by=people["jiro"],
    )
    return bank


def _sample_service(bank: Any, environment: Environment, *, by: Any) -> None:
    whitelist.enter_in_sandbox(
        environment,
        url=f"{settings.SAMPLE_SP_URL}/return",
        purposes=["user_authentication", "signature"],
        ways_in=["app_link", "browser_link", "qr"],
        by=by,
    )
    if not service_file().exists():
        _, key = providers.issue_client(bank, environment=environment, name="見本サービス", by=by)
        _write(service_file(), {"environment": environment.public_id, "key": key})


def _application(bank: Any, *, by: Any) -> None:
    """An application that waits for a first reviewer; its contacts have answered, its domain is proven."""
    at = timezone.now()
    for email in ("security@bank.example.jp", "operations@bank.example.jp"):
        if contacts.confirmed(bank, email, at=at) is None:
            contacts.confirm(contacts.ask(bank, email=email, by=by, at=at), at=at)
    _domain(bank, "apply.bank.example.jp", by=by)
    application = applications.start_application(
        bank,
        form_key=uuid.uuid5(uuid.NAMESPACE_URL, f"demonstration:{bank.public_id}"),
        content={
            "url": "https://apply.bank.example.jp/jpki/return",
            "kind": "browser",
            "purposes": ["user_authentication", "signature"],
            "ways_in": ["app_link", "qr"],
            "purpose_of_use": "インターネットバンキングのログインと、口座開設の申込みに使います。",
            "contacts": {
                "security": {"email": "security@bank.example.jp", "phone": "03-0000-0001"},
                "operations": {"email": "operations@bank.example.jp", "phone": "03-0000-0002"},
            },
            "measures": {measure.code: {"status": "met"} for measure in MEASURES},
            "note": "",
        },
        by=by,
    )
    if applications.can_edit(application):
        applications.submit(application, seen_version=application.version, by=by, at=timezone.now())


def _domain(bank: Any, domain: str, *, by: Any) -> None:
    """The bank's administrators write the record into the stand-in internet; the prober finds it."""
    proof = domains.ask(bank, domain, by=by, at=timezone.now())
    if proof.state == "proven":
        return
    zone_file = zone.folder(Path(settings.VAR_DIR)) / "zone.json"
    zone.add_record(zone_file, domain_proof.record_name(proof.domain), "TXT", domain_proof.wanted_value(proof.token))
    domains.check_now(proof, by=by, at=timezone.now())

    def is_proven() -> bool:
        proof.refresh_from_db(fields=["state"])
        return bool(proof.state == "proven")

    _wait_for(is_proven, "the proof of the domain")


def _state(environment: Environment) -> str:
    environment.refresh_from_db(fields=["state"])
    if environment.state == Environment.State.FAILED:
        raise StoryStuck("the test environment could not be made")
    return environment.state


def _wait_for(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise StoryStuck(f"{what} is not there after {PATIENCE_SECONDS} s: is a worker running?")
        time.sleep(0.2)


def _write(path: Path, content: Any) -> None:
    """All at once, and for this user only: a reader never sees half a file."""
    unfinished = path.with_suffix(".part")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, indent=2)
    unfinished.replace(path)
