"""A submission asks for a look at the server; what the look saw becomes the report that the decision rests on."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from testenv.internet import zone
from testenv.internet.standing_in import Internet
from tests.whitelist.conftest import URL, approve, verdict
from whitelist import applications, looks, probing, reviews
from whitelist.models import Application, Probe
from whitelist.refusals import Overtaken, Refused

pytestmark = pytest.mark.django_db
ASKED = URL.encode("ascii")


def submit(application: Application, cast: SimpleNamespace, now: datetime) -> Application:
    applications.submit(application, seen_version=application.version, by=cast.hanako, at=now)
    application.refresh_from_db()
    return application


def reports(application: Application) -> list[dict[str, Any]]:
    assert application.current_revision is not None
    return [report.report for report in application.current_revision.reports.order_by("number")]


def seen(commit: Any, now: datetime) -> None:
    with commit():
        probing.ask(ASKED, reason="draft", at=now)


def test_the_look_a_submission_asks_for_becomes_the_newest_report(
    application: Application, cast: SimpleNamespace, now: datetime, commit: Any, internet: Internet
) -> None:
    with commit():
        submit(application, cast, now)
    before, after = reports(application)
    assert "tls.chain" in before["waiting"]
    assert after["waiting"] == []
    assert "tls.chain" in {finding["code"] for finding in after["findings"]}


def test_fresh_facts_are_judged_and_nobody_looks_again(
    application: Application, cast: SimpleNamespace, now: datetime, commit: Any, internet: Internet
) -> None:
    seen(commit, now)
    with commit():
        submit(application, cast, now)
    (report,) = reports(application)
    assert report["waiting"] == []
    assert Probe.objects.count() == 1


def test_facts_older_than_three_days_are_looked_at_anew(
    application: Application, cast: SimpleNamespace, now: datetime, commit: Any, internet: Internet
) -> None:
    seen(commit, now)
    Probe.objects.update(looked_at=now - timedelta(hours=72))
    with commit():
        submit(application, cast, now)
    assert Probe.objects.count() == 2
    assert len(reports(application)) == 2


def test_a_first_approval_over_what_was_seen_before_is_void(
    application: Application, cast: SimpleNamespace, now: datetime, commit: Any, internet: Internet
) -> None:
    seen(commit, now)
    approve(submit(application, cast, now), cast.reiko, now)
    zone.set_host(internet.zone_file, "bank.example.jp", "expired")
    shown = verdict(application)
    seen(commit, now)
    application.refresh_from_db()
    assert application.state == "in_review"
    with pytest.raises(Overtaken):
        reviews.decide(application, verdict=shown, by=cast.renji, at=now)


def test_the_same_sight_renews_the_report_and_overtakes_nobody(
    application: Application, cast: SimpleNamespace, now: datetime, commit: Any, internet: Internet
) -> None:
    seen(commit, now)
    approve(submit(application, cast, now), cast.reiko, now)
    version = application.version
    seen(commit, now)
    application.refresh_from_db()
    assert (application.state, application.version) == ("first_approved", version)
    assert len(reports(application)) == 2


def test_an_app_is_looked_for_wherever_it_can_live(
    application: Application, cast: SimpleNamespace, now: datetime
) -> None:
    def extras(said: dict[str, Any]) -> dict[str, Any]:
        return looks.extras_of(ASKED, said, holder=cast.bank, at=now)

    app = {"identifier": "jp.example.bank", "fingerprint": ""}
    content = application.draft | {"kind": "app", "app": app}
    assert extras(content) == {"android": "jp.example.bank", "ios": "jp.example.bank"}
    printed = content | {"app": app | {"fingerprint": "AB:CD"}}
    assert extras(printed) == {"android": "jp.example.bank"}
    assert extras(content | {"app": app | {"identifier": "jp.ex-ample.bank"}}) == {"ios": "jp.ex-ample.bank"}
    assert extras(application.draft) == {}


def test_redirects_are_tried_with_the_tick_on_a_proven_domain_of_ones_own(
    application: Application, cast: SimpleNamespace, now: datetime
) -> None:
    ticked = application.draft | {"try_open_redirects": True}
    assert looks.extras_of(ASKED, ticked, holder=cast.bank, at=now) == {"open_redirect": True}
    assert looks.extras_of(ASKED, application.draft, holder=cast.bank, at=now) == {}
    assert looks.extras_of(ASKED, ticked, holder=cast.other, at=now) == {}
    assert looks.extras_of(b"https://bank.example.org/return", ticked, holder=cast.bank, at=now) == {}


def test_the_tick_has_the_report_say_whether_the_server_redirects_anywhere(
    application: Application, cast: SimpleNamespace, now: datetime, commit: Any, internet: Internet
) -> None:
    seen(commit, now)
    said = application.draft | {"try_open_redirects": True}
    changed = applications.save_draft(application, content=said, seen_version=application.version, by=cast.hanako)
    with commit():
        submit(changed, cast, now)
    before, after = (
        next(one["severity"] for one in report["findings"] if one["code"] == "http.open_redirect")
        for report in reports(changed)
    )
    assert (before, after) == ("not_run", "passed")


def test_a_look_that_left_the_app_out_is_asked_for_anew(
    application: Application, cast: SimpleNamespace, now: datetime, commit: Any, internet: Internet
) -> None:
    seen(commit, now)
    said = application.draft | {"kind": "app", "app": {"identifier": "jp.example.bank", "fingerprint": ""}}
    changed = applications.save_draft(application, content=said, seen_version=application.version, by=cast.hanako)
    with commit():
        submit(changed, cast, now)
    _, after = reports(changed)
    assert {"app.assetlinks", "app.aasa"} <= {finding["code"] for finding in after["findings"]}


def test_a_waiting_look_sees_to_what_is_asked_later(now: datetime) -> None:
    first = probing.ask(ASKED, reason="draft", at=now)
    again = probing.ask(ASKED, reason="submit", at=now, extras={"ios": "jp.example.bank"})
    assert again == first
    assert Probe.objects.get().extras == {"ios": "jp.example.bank"}


def test_nobody_approves_what_nobody_has_looked_at(application, cast, now):
    applications.submit(application, seen_version=application.version, by=cast.hanako, at=now)
    with pytest.raises(Refused, match=r"review\.facts_missing"):
        approve(application, cast.reiko, now)
    refusal = verdict(application, "refuse", criterion="2-1", message="The domain is not yours.")
    assert reviews.decide(application, verdict=refusal, by=cast.reiko, at=now).decision == "refuse"
