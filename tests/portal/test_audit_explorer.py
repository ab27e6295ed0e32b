"""Who reads what of the trail, what the filters find, and what is handed out."""

import csv
import io
import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal import origin
from portal.audit import services as audit
from portal.audit.models import AuditEvent
from portal.providers import services as providers
from portal.trail import exporting
from portal.trail import services as trail
from tests import cast, organisations

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank():
    return organisations.provider_of(cast.hanako())


@pytest.fixture
def other():
    return organisations.provider_of(cast.jiro(), number=organisations.SECOND_NUMBER, name="見本市")


def page(person, query="") -> str:
    return cast.browser_of(person).get(f"/audit/?{query}").content.decode()


def confirm(bank) -> AuditEvent:
    with origin.of(origin.Origin("req_0123456789", "192.0.2.7")):
        providers.confirm_basis(bank, by=cast.reiko())
    return AuditEvent.objects.get(action="provider.basis_confirmed")


def test_an_organisation_sees_its_own_events_with_reviewers_by_role(bank, other):
    confirm(bank)
    mine = page(cast.hanako())
    assert "provider.basis_confirmed" in mine
    assert "J-LIS 審査担当者" in mine
    assert "Reiko" not in mine
    assert "Hanako" in mine
    assert "provider.basis_confirmed" not in page(cast.jiro())


def test_staff_see_names_and_only_an_auditor_sees_addresses(bank):
    event = confirm(bank)
    for person, has_address in ((cast.aoi(), True), (cast.osamu(), False), (cast.renji(), False)):
        shown = cast.browser_of(person).get(f"/audit/events/{event.pk}/").content.decode()
        assert "Reiko" in shown
        assert ("192.0.2.7" in shown) is has_address
    assert "192.0.2.7" not in cast.browser_of(cast.hanako()).get(f"/audit/events/{event.pk}/").content.decode()


def test_reviewers_do_not_read_how_people_are_appointed_and_operators_not_the_cases(bank):
    audit.record("person.appointed", cast.renji(), by="console")
    event = AuditEvent.objects.get(action="person.appointed")
    assert cast.browser_of(cast.reiko()).get(f"/audit/events/{event.pk}/").status_code == 404
    assert cast.browser_of(cast.osamu()).get(f"/audit/events/{event.pk}/").status_code == 200


FILTERS = [
    ("action=provider.", 1),
    ("action=provider.basis_confirmed", 1),
    ("action=application.", 0),
    ("search=req_0123456789", 1),
    ("search=nothing", 0),
    ("actor=Reiko", 1),
    ("actor=reiko@example.jp", 1),
    ("actor=Renji", 0),
    ("since=2000-01-01", 1),
    ("until=2001-01-01", 0),
    ("provider=サンプル", 1),
    ("provider=別の名前", 0),
    ("since=absurd&until=9999-99-99&before=x", 1),
    ("before=99999999999999999999999", 1),
    ("search=%00", 1),
]


@pytest.mark.parametrize(("query", "found"), FILTERS)
def test_filters(bank, query, found):
    confirm(bank)
    shown = page(cast.aoi(), query)
    assert ('<span class="sub mono">provider.basis_confirmed</span>' in shown) == bool(found)


def test_a_member_cannot_find_out_a_reviewer_by_searching_the_name(bank):
    confirm(bank)
    assert "provider.basis_confirmed</span>" not in page(cast.hanako(), "actor=Reiko")
    assert "provider.basis_confirmed</span>" not in page(cast.hanako(), "actor=reiko@example.jp")


def test_pages_follow_each_other_without_gap_or_overlap(bank):
    for number in range(120):
        audit.record("test.happened", bank, by="test", provider=bank, details={"n": number})
    browser, address, seen = cast.browser_of(cast.hanako()), "/audit/?action=test.happened", []
    while address:
        context = browser.get(address).context
        seen += [row["event"].details["n"] for row in context["rows"]]
        address = f"/audit/?{context['older_query']}" if context["older_query"] else ""
    assert seen == list(reversed(range(120)))


def test_a_page_costs_the_same_number_of_queries_however_long_it_is(bank, django_assert_num_queries):
    browser = cast.browser_of(cast.aoi())
    browser.get("/audit/")
    with CaptureQueriesContext(connection) as of_few:
        browser.get("/audit/")
    count = len(of_few)
    for _ in range(60):
        audit.record("test.happened", bank, by=cast.hanako(), provider=bank)
    with django_assert_num_queries(count):
        browser.get("/audit/")


def export(person, **asked) -> list[dict]:
    answer = cast.browser_of(person).post("/audit/export/", asked)
    assert answer.status_code == 200, answer
    return [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]


def test_what_is_handed_out_is_itself_recorded_without_what_was_typed(bank):
    confirm(bank)
    trail.seal_everything(at=timezone.now())
    export(cast.aoi(), actor="Reiko", format="jsonl")
    event = AuditEvent.objects.get(action="audit.exported")
    assert event.actor == cast.aoi()
    assert event.details["filters"] == ["actor"]
    assert "Reiko" not in json.dumps(event.details)


def test_an_organisation_takes_its_own_rows_and_others_stay_digests(bank, other):
    confirm(bank)
    trail.seal_everything(at=timezone.now())
    lines = export(cast.hanako(), format="jsonl")
    told = [line for line in lines if line["type"] == "event"]
    assert {line["row"]["provider"] for line in told} == {bank.public_id}
    reviewers = next(line for line in told if line["row"]["action"] == "provider.basis_confirmed")
    assert "actor" not in reviewers
    assert reviewers["row"]["actor"]["label"] == "reviewer"
    assert any(line["type"] == "digests" for line in lines)
    text = json.dumps(lines, ensure_ascii=False)
    assert "Reiko" not in text
    assert "192.0.2.7" not in text
    assert other.public_id not in text


def test_before_the_first_signature_nothing_is_handed_out(bank):
    answer = cast.browser_of(cast.hanako()).post("/audit/export/", {"format": "jsonl"})
    assert (answer.status_code, answer["Location"]) == (302, "/audit/")


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\r=1", "＝1"])
def test_no_cell_of_the_csv_is_a_formula(bank, cell):
    audit.record("test.happened", bank, by=cell, provider=bank, reason=cell)
    trail.seal_everything(at=timezone.now())
    answer = cast.browser_of(cast.aoi()).post("/audit/export/", {"format": "csv", "action": "test.happened"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    head, row = csv.reader(io.StringIO(text, newline=""))
    assert tuple(head) == exporting.COLUMNS
    assert not [value for value in row if value.startswith(("=", "+", "-", "@", "\t", "\r", "＝"))]
    assert dict(zip(head, row, strict=True))["actor"] == f"'{cell}"


def test_checkpoints_are_open_to_everybody_and_say_no_more_than_they_must(bank):
    assert Client().get("/audit/checkpoints/latest/").status_code == 404
    trail.seal_everything(at=timezone.now())
    latest = Client().get("/audit/checkpoints/latest/").json()
    assert set(latest) == {"number", "size", "head", "signed_at", "statement"}
    assert Client().get("/audit/checkpoints/1/").json() == latest
    assert Client().get("/audit/checkpoints/").json() == {"checkpoints": [latest], "next": None}
    assert Client().get("/audit/checkpoints/99999999999999999999/").status_code == 404


def test_a_broken_chain_is_told_in_red(bank):
    from tests.portal.test_audit_sealing import tables_without_refusals

    trail.seal_everything(at=timezone.now())
    trail.inspect_trail(at=timezone.now())()
    assert "すべて整合しています" in page(cast.hanako())
    tables_without_refusals()
    event = AuditEvent.objects.order_by("id").first()
    AuditEvent.objects.filter(pk=event.pk).update(reason="changed")
    trail.inspect_trail(at=timezone.now())()
    assert "row_changed" in page(cast.aoi())
    assert "封印と異なります" in cast.browser_of(cast.aoi()).get(f"/audit/events/{event.pk}/").content.decode()
