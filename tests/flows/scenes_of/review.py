"""Cases before the reviewers, and people who act on one case in the same moment."""

import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from portal.accounts import services as accounts
from portal.providers import services as providers
from portal.providers.models import ServiceProvider
from tests import cast as everybody
from tests.applications import answering, seen
from tests.flows.scenes_of import domains, people
from tests.flows.scenes_of.at_once import LEADS, together
from tests.whitelist.conftest import draft, look_first, verdict
from whitelist import applications, claims, deadlines, probing, reopening, reviews
from whitelist.models import Application, Entry, Probe, Review
from whitelist.probes.look import look
from whitelist.refusals import Refused

Act = Callable[[Application], Any]


def case(*, owner: str, provider: str, url: str, **changes: Any) -> dict[str, str]:
    """A submitted application for `url`."""
    application = _submitted(ServiceProvider.objects.get(public_id=provider), owner, url, **changes)
    return {"case": application.public_id}


def first_approval(*, case: str, by: str) -> dict[str, str]:
    application = Application.objects.get(public_id=case)
    reviews.decide(application, verdict=verdict(application), by=accounts.by_email(by), at=_now())
    return {"state": Application.objects.get(public_id=case).state}


def published(*, case: str, first: str, second: str) -> dict[str, str]:
    """Both approvals; the site's own worker publishes."""
    first_approval(case=case, by=first)
    application, by = Application.objects.get(public_id=case), accounts.by_email(second)
    look_first(application, by, _now())
    reviews.decide(application, verdict=verdict(application), by=by, at=_now())
    deadline = time.monotonic() + 60
    while Application.objects.get(public_id=case).state != "published" and time.monotonic() < deadline:
        time.sleep(0.2)
    return {"state": Application.objects.get(public_id=case).state}


def confirmed_basis(*, provider: str, by: str) -> dict[str, str]:
    found = ServiceProvider.objects.get(public_id=provider)
    providers.confirm_basis(found, by=accounts.by_email(by))
    return {}


def state_of(*, case: str) -> dict[str, Any]:
    application = Application.objects.get(public_id=case)
    return {"state": application.state, "entries": Entry.objects.filter(revision__application=application).count()}


def _submitted(provider: ServiceProvider, owner: str, url: str, **changes: Any) -> Application:
    by = accounts.by_email(owner)
    answering(provider, by=by)
    seen(url)
    domains.held(provider, urlsplit(url).hostname or "", by=by)
    application = applications.start_application(provider, form_key=uuid.uuid4(), content=draft(url, **changes), by=by)
    applications.submit(application, seen_version=application.version, by=by, at=_now())
    application.refresh_from_db()
    return application


def _now() -> Any:
    return timezone.now().replace(microsecond=0)


# Races ---------------------------------------------------------------------------------------------------------------


def races(*, rounds: int) -> list[dict[str, Any]]:
    """Every race, with either side a little ahead and with neither; what each side got, and how the case stands."""
    cast = _cast()
    found = []
    for name, (prepare, one, other) in RACES.items():
        for turn in range(rounds):
            for lead in LEADS:
                url = f"https://race.example.jp/{name}/{turn}/{lead}"
                application = _submitted(cast["provider"], "hanako@race.example.jp", url)
                for step in prepare:
                    step(cast, application)
                    application.refresh_from_db()
                got = _together(application, (one(cast, application), other(cast, application)), lead)
                found.append({"race": name, "got": got, **_standing(application)})
    return found


def _cast() -> dict[str, Any]:
    cast: dict[str, Any] = {}
    for name, role in (
        ("hanako", "member"),
        ("taro", "member"),
        *((n, "reviewer") for n in ("reiko", "renji", "rumi")),
    ):
        email = f"{name}@race.example.jp"
        people.person(email=email, name=name.title(), role=role)
        cast[name] = accounts.by_email(email)
    made = people.organisation(
        owner="hanako@race.example.jp", number="1000012010003", name="競走省", second="taro@race.example.jp"
    )
    return cast | {"provider": ServiceProvider.objects.get(public_id=made["provider"])}


def _together(application: Application, acts: tuple[Act, Act], lead: float) -> list[str]:
    """Both act at once, each on the case as the database has it."""
    one, other = (partial(_on_fresh, act, application.pk) for act in acts)
    return together(one, other, lead, refused=Refused)


def _on_fresh(act: Act, pk: int) -> None:
    act(Application.objects.get(pk=pk))


def _standing(application: Application) -> dict[str, Any]:
    application.refresh_from_db()
    standing = Review.objects.filter(revision__application=application, voided_at=None)
    return {
        "state": application.state,
        "claimed_by": str(application.claimed_by or ""),
        "revisions": application.revisions.count(),
        "approvals": standing.filter(decision="approve").count(),
        "reviewers": standing.values("reviewer").distinct().count(),
        "decisions": standing.count(),
        "entries": Entry.objects.filter(revision__application=application).count(),
        "last_in_trail": application.transitions.order_by("-pk").values_list("state", flat=True)[0],
    }


def _decides(who: str, decision: str = "approve", **changes: Any) -> Any:
    """What the page showed before the race is what is sent: `verdict` is made beforehand."""

    def of(cast: dict[str, Any], application: Application) -> Act:
        sent = verdict(application, decision, message="見直してください", criterion="2-1", **changes)
        return lambda case: reviews.decide(case, verdict=sent, by=cast[who], at=_now())

    return of


def _withdraws(cast: dict[str, Any], application: Application) -> Act:
    return lambda case: applications.withdraw(case, by=cast["hanako"], at=_now())


def _claims(who: str) -> Any:
    return lambda cast, application: lambda case: claims.claim(case, by=cast[who], at=_now())


def _hands_back(cast: dict[str, Any], application: Application) -> Act:
    return lambda case: claims.hand_back(case, by=cast["reiko"], at=_now())


def _rechecks(cast: dict[str, Any], application: Application) -> Act:
    return lambda case: reviews.look_again(case, by=cast["renji"], at=_now())


def _resubmits(who: str) -> Any:
    def of(cast: dict[str, Any], application: Application) -> Act:
        seen = application.version
        return lambda case: applications.submit(case, seen_version=seen, by=cast[who], at=_now())

    return of


def _edits(who: str) -> Any:
    def of(cast: dict[str, Any], application: Application) -> Act:
        seen, content = application.version, application.draft | {"note": who}
        return lambda case: applications.save_draft(case, content=content, seen_version=seen, by=cast[who])

    return of


def _was_approved(cast: dict[str, Any], application: Application) -> None:
    reviews.decide(application, verdict=verdict(application), by=cast["reiko"], at=_now())
    application.refresh_from_db()
    for name in ("renji", "rumi"):
        look_first(application, cast[name], _now())


def _was_sent_back(cast: dict[str, Any], application: Application) -> None:
    sent = verdict(application, "request_changes", message="見直してください")
    reviews.decide(application, verdict=sent, by=cast["reiko"], at=_now())


def _was_claimed(cast: dict[str, Any], application: Application) -> None:
    claims.claim(application, by=cast["reiko"], at=_now())


# name: (what has happened, one side, the other side)
RACES: dict[str, Any] = {
    "claim-claim": ((), _claims("reiko"), _claims("renji")),
    "first-first": ((), _decides("reiko"), _decides("renji")),
    "first-replayed": ((), _decides("reiko"), _decides("reiko")),
    "first-withdraw": ((), _decides("reiko"), _withdraws),
    "first-recheck": ((), _decides("reiko"), _rechecks),
    "first-hand_back": ((_was_claimed,), _decides("reiko"), _hands_back),
    "correction-withdraw": ((), _decides("reiko", "request_changes"), _withdraws),
    "second-second": ((_was_approved,), _decides("renji"), _decides("rumi")),
    "second-replayed": ((_was_approved,), _decides("renji"), _decides("renji")),
    "second-refusal": ((_was_approved,), _decides("renji"), _decides("rumi", "refuse")),
    "second-correction": ((_was_approved,), _decides("renji"), _decides("rumi", "request_changes")),
    "second-withdraw": ((_was_approved,), _decides("renji"), _withdraws),
    "resubmit-withdraw": ((_was_sent_back,), _resubmits("hanako"), _withdraws),
    "resubmit-resubmit": ((_was_sent_back,), _resubmits("hanako"), _resubmits("taro")),
    "resubmit-old_approval": ((_was_sent_back,), _resubmits("hanako"), _decides("renji", stage="first")),
    "edit-resubmit": ((_was_sent_back,), _edits("taro"), _resubmits("hanako")),
    "edit-edit": ((_was_sent_back,), _edits("hanako"), _edits("taro")),
}


def changed_path(*, case: str, url: str) -> dict[str, str]:
    """The published application reopened and sent again for another path."""
    application = Application.objects.get(public_id=case)
    by = application.created_by
    reopened = reopening.reopen(application, by=by)
    content = reopened.draft | {"url": url}
    changed = applications.save_draft(reopened, content=content, seen_version=reopened.version, by=by)
    seen(url)
    applications.submit(changed, seen_version=changed.version, by=by, at=_now())
    return {"state": Application.objects.get(public_id=case).state}


def cases_of_all_ages(*, owner: str, provider: str, host: str) -> dict[str, Any]:
    """Cases that were submitted today, two, four and seven weeks ago; one of them waits for its applicant."""
    found, by = ServiceProvider.objects.get(public_id=provider), accounts.by_email(owner)
    answering(found, by=by)
    domains.held(found, host, by=by)
    for number, days in enumerate((0, 0, 14, 14, 14, 27, 49)):
        url, at = f"https://{host}/return/{number}", _now() - timedelta(days=days)
        seen(url)
        case = applications.start_application(found, form_key=uuid.uuid4(), content=draft(url), by=by)
        deadlines.note(case, "submitted", at=at)  # the trail says so; server and rules are as they are today
        applications.submit(case, seen_version=case.version, by=by, at=_now())
        case.refresh_from_db()
        if number == 3:
            sent = verdict(case, "request_changes", message="見直してください")
            reviews.decide(case, verdict=sent, by=everybody.reiko(), at=_now())
    return {"case": case.public_id}


def look_waits(*, case: str) -> dict[str, Any]:
    """A look at the case's server has been asked for, and its turn comes in an hour."""
    url = _url_of(case)
    asked, due = _now(), _now() + timedelta(hours=1)
    Probe.objects.create(
        url=url.encode(), url_text=url, host=urlsplit(url).hostname, reason="review", asked_at=asked, due_at=due
    )
    return {}


def look_taken(*, case: str) -> dict[str, Any]:
    """The look that waited has been taken; the site's own worker reports on it."""
    probe = Probe.objects.get(url=_url_of(case).encode(), state="asked")
    with transaction.atomic():
        probing.record(probe.pk, look(probe.url_text, {}, at=_now()))
    return {}


def _url_of(case: str) -> str:
    revision = Application.objects.get(public_id=case).current_revision
    assert revision is not None
    return str(revision.content["url"])
