"""The cast: Hanako and Taro own the applicant, Jiro another provider; Reiko and Renji review, Osamu operates."""

import uuid
from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from portal.accounts.models import User
from portal.environments import services as environments
from portal.signing import services as site_keys
from tests import cast as everybody
from tests import organisations
from tests.applications import answering, content, proven, seen
from whitelist import applications, claims, reviews, second_look
from whitelist.models import Application
from whitelist.policy.criteria import CRITERIA
from whitelist.policy.measures import MEASURES
from whitelist.policy.second_look import CONFLICT_STATEMENT

URL = "https://bank.example.jp/jpki/return"


@pytest.fixture
def cast(db: None) -> SimpleNamespace:
    people = {name: getattr(everybody, name)() for name in ("hanako", "taro", "jiro", "reiko", "renji", "osamu")}
    bank = organisations.provider_of(people["hanako"], name="見本銀行")
    organisations.seat(people["taro"], bank, role="owner")
    other = organisations.provider_of(people["jiro"], number=organisations.SECOND_NUMBER, name="見本市")
    for provider, owner in ((bank, people["hanako"]), (other, people["jiro"])):
        answering(provider, by=owner)
    mail.outbox.clear()  # the invitation and what the contacts got
    return SimpleNamespace(**people, bank=bank, other=other)


@pytest.fixture
def now() -> datetime:
    return timezone.now().replace(microsecond=0)


@pytest.fixture
def sandbox(cast: SimpleNamespace) -> Any:
    return environments.request_sandbox(cast.bank)[0]


@pytest.fixture
def commit(django_capture_on_commit_callbacks: Callable[..., Any]) -> Callable[[], Any]:
    """`with commit():` runs what the block left for after its commit: in tests, the jobs."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def keys(db: None) -> None:
    site_keys._signers.clear()
    site_keys.rotate()


def draft(url: str = URL, **changes: Any) -> dict[str, Any]:
    """A draft that lacks nothing once the contacts have answered (tests.applications.answering)."""
    return content(url, **changes)


def step_form(step: str, url: str = URL, **changes: Any) -> dict[str, Any]:
    """What the browser sends from a step of the wizard for the draft above."""
    said = draft(url)
    forms = {
        "purpose": {key: said[key] for key in ("kind", "purposes", "ways_in", "purpose_of_use")},
        "server": {"url": url},
        "measures": {f"m_{measure.code}": "met" for measure in MEASURES},
        "contacts": {
            f"{role}_{part}": value for role, contact in said["contacts"].items() for part, value in contact.items()
        },
    }
    return {**forms[step], **changes}


def fill(client: Any, address: str, step: str, **changes: Any) -> Any:
    """Open the page of a step, type, send: the answer. Hidden fields are sent as the page has them."""
    page = client.get(address)
    hidden = {name: page.context["form"].initial[name] for name in ("seen_version", "base")}
    key = {"form_key": str(page.context["form_key"])} if "form_key" in page.context else {}
    return client.post(address, {**hidden, **key, **step_form(step), **changes})


@pytest.fixture
def application(cast: SimpleNamespace) -> Application:
    proven(cast.bank, "bank.example.jp", by=cast.hanako)
    return applications.start_application(cast.bank, form_key=uuid.uuid4(), content=draft(), by=cast.hanako)


@pytest.fixture
def submitted(application: Application, cast: SimpleNamespace, now: datetime) -> Application:
    seen(application.draft["url"])
    applications.submit(application, seen_version=application.version, by=cast.hanako, at=now)
    application.refresh_from_db()
    return application


def verdict(application: Application, decision: str = "approve", **changes: Any) -> reviews.Verdict:
    """What a reviewer who looked at everything sends."""
    report = application.current_revision.latest_report
    values = {
        "seen_version": application.version,
        "stage": claims.stage_of(application) or "none",
        "binding": report.binding,
        "decision": decision,
        "criteria": tuple(criterion.number for criterion in CRITERIA),
        "no_conflict": CONFLICT_STATEMENT,
        "findings_seen": tuple(f["code"] for f in report.report["findings"] if f["severity"] == "warn"),
    }
    return reviews.Verdict(**(values | changes))


def look_first(application: Application, by: User, at: datetime, decision: str = "approve") -> None:
    """The second reviewer's own opinion, where one is due."""
    if second_look.is_blind(application, by):
        binding = application.current_revision.latest_report.binding
        second_look.give(application, decision=decision, binding=binding, by=by, at=at)


def approve(application: Application, by: User, at: datetime) -> Application:
    application.refresh_from_db()
    look_first(application, by, at)
    reviews.decide(application, verdict=verdict(application), by=by, at=at)
    application.refresh_from_db()
    return application


@pytest.fixture
def published(submitted: Application, cast: SimpleNamespace, now: datetime, commit: Any, keys: None) -> Application:
    with commit():
        approve(submitted, cast.reiko, now)
        approve(submitted, cast.renji, now)
    submitted.refresh_from_db()
    return submitted
