import hashlib
import json

import pytest

from portal.audit import services as audit
from portal.providers.models import Membership
from tests.applications import OPERATIONS, SECURITY
from tests.whitelist.conftest import URL, draft
from whitelist import applications
from whitelist.refusals import Overtaken, Refused

MET = draft()["measures"]
SILENT = {"security": {"email": "silent@bank.example.jp"}, "operations": {"email": OPERATIONS}}


def test_a_submitted_draft_becomes_a_revision_with_its_report(application, cast, now):
    revision = applications.submit(application, seen_version=application.version, by=cast.hanako, at=now)
    application.refresh_from_db()
    assert (application.state, application.current_revision, revision.number) == ("submitted", revision, 1)
    assert revision.content["url"] == URL
    assert revision.digest == hashlib.sha256(revision.content_json.encode()).hexdigest()
    report = revision.latest_report
    assert report.digest == hashlib.sha256(report.report_json.encode()).hexdigest()
    assert json.loads(report.report_json)["rule_set"] == report.rule_set_version
    actions = [event.action for event in audit.history(application)]
    assert actions == ["application.started", "application.submitted"]


def test_the_same_draft_is_not_sent_twice(application, cast, now):
    seen = application.version
    applications.submit(application, seen_version=seen, by=cast.hanako, at=now)
    with pytest.raises(Overtaken):
        applications.submit(application, seen_version=seen, by=cast.hanako, at=now)
    assert application.revisions.count() == 1


def test_the_same_form_makes_one_application(application, cast):
    again = applications.start_application(cast.bank, form_key=application.form_key, content={}, by=cast.hanako)
    assert again == application


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (draft("https://bank.example.jp/return#here"), "application.url_blocked"),
        (draft("http://localhost:8002/return"), "application.url_blocked"),
        (draft(""), "application.url_blocked"),
        (draft("https://Bank.example.jp/return"), "application.canonical_not_accepted"),
        (draft("https://Bank.example.jp/return", accepts_canonical=URL), "application.canonical_not_accepted"),
        (draft(purposes=[]), "application.purposes_missing"),
        (draft(ways_in=[]), "application.ways_in_missing"),
        (draft(contacts={}), "application.security_contact_missing"),
        (draft(contacts={"security": {"email": SECURITY}}), "application.operations_contact_missing"),
        (draft(contacts=SILENT), "application.security_contact_unconfirmed"),
        (draft(measures={}), "measure.unanswered"),
        (draft(measures={**MET, "tls": {"status": "planned", "by": "2020-01-01"}}), "measure.date_past"),
        (draft(measures={**MET, "logs": {"status": "not_applicable"}}), "measure.reason_missing"),
        (draft(kind="app"), "app.identifier_missing"),
        (draft(kind="app", app={"identifier": "bank", "fingerprint": ""}), "app.identifier_malformed"),
        (draft(kind="app", app={"identifier": "jp.example", "fingerprint": "x"}), "app.fingerprint_malformed"),
    ],
)
def test_what_is_not_ready_is_not_sent(application, cast, now, content, code):
    changed = applications.save_draft(application, content=content, seen_version=application.version, by=cast.hanako)
    with pytest.raises(Refused) as refused:
        applications.submit(changed, seen_version=changed.version, by=cast.hanako, at=now)
    assert refused.value.code == code
    application.refresh_from_db()
    assert (application.state, application.draft) == ("draft", content)


def test_the_accepted_canonical_form_is_what_is_sent(application, cast, now):
    content = draft("https://Bank.example.jp:443/jpki/return", accepts_canonical=URL)
    changed = applications.save_draft(application, content=content, seen_version=application.version, by=cast.hanako)
    revision = applications.submit(changed, seen_version=changed.version, by=cast.hanako, at=now)
    assert revision.content["url"] == URL


def test_one_owner_is_not_enough(application, cast, now):
    Membership.objects.filter(user=cast.taro).update(role="member")
    with pytest.raises(Refused, match=r"application\.needs_two_owners"):
        applications.submit(application, seen_version=application.version, by=cast.hanako, at=now)


def test_two_team_mates_editing_at_once_lose_nothing_in_silence(application, cast):
    seen = application.version
    applications.save_draft(application, content=draft(note="Hanako"), seen_version=seen, by=cast.hanako)
    with pytest.raises(Overtaken):
        applications.save_draft(application, content=draft(note="Taro"), seen_version=seen, by=cast.taro)
