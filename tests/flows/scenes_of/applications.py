"""Applications at a wanted point of their way, made by the real verbs."""

import time
import uuid
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone

from portal.accounts import services as accounts
from portal.environments import services as environments
from portal.providers.permissions import provider_of
from tests.applications import answering, content, seen
from tests.flows.scenes_of import domains, people
from tests.whitelist.conftest import approve, verdict
from whitelist import applications, reviews, services
from whitelist.models import Application
from whitelist.policy.corrections import Request


def tried_in_sandbox(*, owner: str, url: str) -> dict:
    """`owner`'s organisation has a test environment in which `url` is entered."""
    by: Any = accounts.by_email(owner)
    sandbox, _ = environments.request_sandbox(provider_of(by))
    purposes, ways = ["user_authentication", "signature"], ["app_link", "browser_link", "qr"]
    services.enter_in_sandbox(sandbox, url=url, purposes=purposes, ways_in=ways, by=by)
    return {"environment": sandbox.public_id}


def submitted(*, owner: str, url: str, **changes: Any) -> dict:
    """`owner` has sent a whole application about `url`; `changes` replaces keys of its draft."""
    by: Any = accounts.by_email(owner)
    provider = provider_of(by)
    answering(provider, by=by)
    seen(url)
    domains.held(provider, urlsplit(url).hostname or "", by=by)
    made = applications.start_application(provider, form_key=uuid.uuid4(), content=content(url, **changes), by=by)
    applications.submit(made, seen_version=made.version, by=by, at=timezone.now().replace(microsecond=0))
    return {"number": made.public_id}


def contacts_answer(*, owner: str) -> dict:
    """The usual contacts of `owner`'s organisation have pressed their button."""
    by: Any = accounts.by_email(owner)
    answering(provider_of(by), by=by)
    return {}


def state_of(*, number: str) -> dict:
    application = Application.objects.get(public_id=number)
    entry = application.live_entry
    return {
        "state": application.state,
        "url": application.current_revision.content["url"] if application.current_revision else None,
        "revisions": application.revisions.count(),
        "live_url": entry.url_text if entry else None,
        "entry": entry.public_id if entry else None,
    }


def correction_asked(*, number: str, fields: dict[str, str]) -> dict:
    """A reviewer has asked for each of `fields` in words of their own."""
    application = Application.objects.get(public_id=number)
    requests = tuple(Request(field, text=text) for field, text in fields.items())
    asked = verdict(application, "request_changes", field_requests=requests)
    reviews.decide(application, verdict=asked, by=_reviewer("reiko"), at=_now())
    return {}


def published(*, owner: str, url: str, **changes: Any) -> dict:
    """`owner`'s application about `url` has been approved by two reviewers and is on the list."""
    made = submitted(owner=owner, url=url, **changes)
    application = Application.objects.get(public_id=made["number"])
    for name in ("reiko", "renji"):
        approve(application, _reviewer(name), _now())
    deadline = time.monotonic() + 60
    while Application.objects.get(pk=application.pk).state != "published":
        assert time.monotonic() < deadline, "the worker did not publish the list"
        time.sleep(0.2)
    return made


def _reviewer(name: str) -> Any:
    email = f"{name}@desk.j-lis.example.jp"
    people.person(email=email, name=name.title(), role="reviewer")
    return accounts.by_email(email)


def _now() -> Any:
    return timezone.now().replace(microsecond=0)
