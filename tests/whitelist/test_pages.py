"""The pages as people use them: forms sent, sent twice, sent after somebody else."""

import pytest
from django.test import Client
from django.urls import reverse

from portal import milestones
from tests.applications import proven
from tests.cast import browser_of, proof
from tests.whitelist.conftest import URL, approve, fill, look_first, verdict
from whitelist import applications, reviews, services
from whitelist.models import Application, Entry, Review
from whitelist.policy.criteria import CRITERIA
from whitelist.policy.second_look import CONFLICT_STATEMENT


@pytest.fixture
def hanako(cast):
    return browser_of(cast.hanako)


def reviewer(person, *, fresh=True):
    """A reviewer's browser; with `fresh`, what it decides carries both factors."""
    client = browser_of(person)
    client.person = person if fresh else None
    return client


def decision(application, **changes):
    shown = verdict(application)
    values = {
        "seen_version": shown.seen_version,
        "stage": shown.stage,
        "binding": shown.binding,
        "decision": "approve",
        "criteria": [criterion.number for criterion in CRITERIA],
        "no_conflict": CONFLICT_STATEMENT,
        "findings_seen": list(shown.findings_seen),
    }
    return values | changes


def decide(client, application, **changes):
    proven = proof(client.person) if client.person else {}
    address = reverse("review:application-decide", args=[application.public_id])
    return client.post(address, decision(application, **changes) | proven)


# Entries -------------------------------------------------------------------------------------------------------------


def entry_form(url, **more):
    return {"url": url, "purposes": ["signature"], "ways_in": ["qr"], **more}


def test_a_return_url_is_entered_on_the_page(hanako, sandbox):
    answer = hanako.post("/whitelist/add/", entry_form("http://localhost:8002/r"), follow=True)
    assert "http://localhost:8002/r" in answer.content.decode()
    assert Entry.objects.get().url_text == "http://localhost:8002/r"


def test_a_blocked_url_keeps_what_was_typed_and_shows_its_findings(hanako, sandbox):
    page = hanako.post("/whitelist/add/", entry_form("https://a.example.jp/#x")).content.decode()
    assert "https://a.example.jp/#x" in page
    assert "url.fragment" in page
    assert Entry.objects.count() == 0


def test_a_mend_button_works_without_script(hanako, sandbox):
    page = hanako.post("/whitelist/add/", entry_form(" https://a.example.jp/", mend="https://a.example.jp/"))
    assert page.context["form"]["url"].value() == "https://a.example.jp/"
    assert Entry.objects.count() == 0


def test_without_a_sandbox_there_is_a_way_on(hanako):
    assert hanako.get("/whitelist/").status_code == 200
    assert hanako.get("/whitelist/add/").status_code == 302


def test_an_entry_is_removed_after_a_question(hanako, cast, sandbox):
    entry = services.enter_in_sandbox(sandbox, url=URL, purposes=["signature"], ways_in=["qr"], by=cast.hanako)
    address = reverse("whitelist:entry-remove", args=[entry.public_id])
    assert hanako.get(address).status_code == 200
    assert services.lookup(sandbox, URL.encode()).entry is not None
    hanako.post(address)
    assert services.lookup(sandbox, URL.encode()).entry is None
    assert hanako.post(address).status_code == 302
    assert browser_of(cast.jiro).post(address).status_code == 404


@pytest.mark.django_db
def test_the_live_fragment_is_public_and_whole():
    page = Client().get(
        "/whitelist/check/", {"url": "https://a.example.jp/?x=1", "world": "production", "fragment": "1"}
    )
    assert page.content.decode().count("<h2") == 1
    assert "url.query" in page.content.decode()


def test_does_it_match_names_the_byte(hanako, cast, sandbox):
    services.enter_in_sandbox(sandbox, url=URL, purposes=["signature"], ways_in=["qr"], by=cast.hanako)
    assert hanako.get("/whitelist/match/", {"url": URL}).context["found"].state == "match"
    page = hanako.get("/whitelist/match/", {"url": URL + "/"})
    assert page.context["differences"][0].position == len(URL) + 1
    assert hanako.get("/whitelist/match/", {"url": URL, "world": "production"}).context["nearest"] is None


# Applications --------------------------------------------------------------------------------------------------------


def test_from_the_form_to_the_desk(hanako, cast):
    proven(cast.bank, "bank.example.jp", by=cast.hanako)
    page = hanako.get("/whitelist/applications/new/")
    key = {"form_key": str(page.context["form_key"])}
    first = fill(hanako, "/whitelist/applications/new/", "purpose", **key)
    assert fill(hanako, "/whitelist/applications/new/", "purpose", **key).url == first.url
    application = Application.objects.get()
    for step in ("server", "measures", "contacts"):
        answer = fill(hanako, reverse("whitelist:application-step", args=[application.public_id, step]), step)
    application.refresh_from_db()
    assert application.state == "checked"
    summary = hanako.get(answer.url)
    assert summary.context["missing"] == []
    sent = hanako.post(answer.url, {"seen_version": application.version})
    again = hanako.post(answer.url, {"seen_version": application.version}, follow=True)
    assert sent.url == again.redirect_chain[-1][0]
    assert application.revisions.count() == 1
    assert hanako.get(sent.url).status_code == 200


def test_what_is_missing_is_listed_with_links(hanako, cast):
    cast.bank.memberships.filter(user=cast.taro).update(role="member")
    hanako.post("/whitelist/applications/new/", {"purpose_of_use": "x"})
    application = Application.objects.get()
    address = reverse("whitelist:application-submit", args=[application.public_id])
    page = hanako.post(address, {"seen_version": application.version}).content.decode()
    assert reverse("providers:member-list") in page
    application.refresh_from_db()
    assert application.state == "draft"


def test_others_do_not_see_it(cast, submitted):
    for name in ("application-detail", "application-edit", "application-submit", "application-withdraw"):
        address = reverse(f"whitelist:{name}", args=[submitted.public_id])
        for person, status in ((cast.jiro, 404), (cast.reiko, 404), (cast.osamu, 404), (None, 302)):
            assert browser_of(person).get(address).status_code == status, (name, person)


def test_the_desk_is_for_reviewers(cast, submitted):
    for address in ("/review/", f"/review/{submitted.public_id}/"):
        for person, status in ((cast.hanako, 404), (cast.osamu, 404), (cast.reiko, 200), (None, 302)):
            assert browser_of(person).get(address).status_code == status, (address, person)


def test_a_draft_is_not_on_the_desk(cast, application):
    assert browser_of(cast.reiko).get(f"/review/{application.public_id}/").status_code == 404


# Decisions -----------------------------------------------------------------------------------------------------------


def test_two_reviewers_publish_it(cast, submitted, keys, commit, hanako, now):
    with commit():
        assert decide(reviewer(cast.reiko), submitted).status_code == 302
        submitted.refresh_from_db()
        look_first(submitted, cast.renji, now)
        assert decide(reviewer(cast.renji), submitted).status_code == 302
    submitted.refresh_from_db()
    assert submitted.state == "published"
    assert "E-00001" in hanako.get(reverse("whitelist:application-detail", args=[submitted.public_id])).content.decode()
    page = Client().get("/whitelist/list/", {"url": URL})
    assert page.context["found"]["entry"].public_id == "E-00001"
    assert Client().get("/whitelist/list/1/signed/")["Content-Type"] == "application/jose"


def test_a_decision_asks_to_prove_again_who_decides(cast, submitted):
    answer = decide(reviewer(cast.reiko, fresh=False), submitted)
    assert answer.templates[0].name == "accounts/fresh_log_in.html"
    assert Review.objects.count() == 0


def test_the_decision_survives_proving_who_decides(cast, submitted):
    client = reviewer(cast.reiko, fresh=False)
    kept = dict(decide(client, submitted).context["kept"])
    answer = client.post(reverse("review:application-decide", args=[submitted.public_id]), kept | proof(cast.reiko))
    assert answer.status_code == 302
    assert Review.objects.get().reviewer == cast.reiko


def test_two_reviewers_in_the_same_second(cast, submitted):
    sent = decision(submitted)
    address = reverse("review:application-decide", args=[submitted.public_id])
    assert reviewer(cast.reiko).post(address, sent | proof(cast.reiko)).status_code == 302
    late = reviewer(cast.renji).post(address, sent | proof(cast.renji))
    assert late.status_code == 409
    assert late.context["not_recorded"]
    assert Review.objects.count() == 1


def test_back_button_after_a_decision(cast, submitted):
    """The old page is still in the browser: sending it again, or loading its address, changes nothing."""
    client, sent = reviewer(cast.reiko), decision(submitted)
    address = reverse("review:application-decide", args=[submitted.public_id])
    client.post(address, sent | proof(cast.reiko))
    assert client.get(address).status_code == 302
    assert client.post(address, sent | proof(cast.reiko)).status_code == 409
    assert Review.objects.count() == 1


def test_an_incomplete_decision_keeps_what_was_ticked(cast, submitted):
    page = decide(reviewer(cast.reiko), submitted, criteria=["1-1"], note="looks fine")
    assert page.status_code == 422
    assert page.context["missing"]
    assert page.context["ticked"] == ["1-1"]
    assert "looks fine" in page.content.decode()


@pytest.mark.parametrize(
    "changes", [{"seen_version": "x"}, {"binding": ""}, {"criteria": ["9-9"]}, {"decision": "shrug"}]
)
def test_a_forged_decision_is_no_error_page(cast, submitted, changes):
    assert decide(reviewer(cast.reiko), submitted, **changes).status_code == 422
    assert Review.objects.count() == 0


def test_who_gave_the_first_approval_sees_why_not_the_second(cast, submitted, now):
    approve(submitted, cast.reiko, now)
    page = browser_of(cast.reiko).get(f"/review/{submitted.public_id}/")
    assert page.context["refusal"]
    assert 'id="decision"' not in page.content.decode()


def test_the_first_note_is_not_shown_to_the_second(cast, submitted, now):
    reviews.decide(submitted, verdict=verdict(submitted, note="secret thought"), by=cast.reiko, at=now)
    page = browser_of(cast.renji).get(f"/review/{submitted.public_id}/").content.decode()
    assert "secret thought" not in page


def test_claim_and_hand_back(cast, submitted):
    client = browser_of(cast.reiko)
    client.post(f"/review/{submitted.public_id}/claim/")
    assert [row["application"] for row in client.get("/review/").context["mine"]] == [submitted]
    other = browser_of(cast.renji).get("/review/", {"view": "first"})
    assert other.context["free"][0]["is_others"] is True
    client.post(f"/review/{submitted.public_id}/hand-back/")
    assert client.get("/review/").context["mine"] == []


def test_the_applicant_sees_reviewers_by_role(cast, submitted, now, hanako):
    reviews.decide(
        submitted, verdict=verdict(submitted, "refuse", criterion="2-3", message="似た名前"), by=cast.reiko, at=now
    )
    page = hanako.get(reverse("whitelist:application-detail", args=[submitted.public_id])).content.decode()
    assert "2-3" in page
    assert "似た名前" in page
    assert cast.reiko.name not in page


def test_a_correction_is_shown_answered_and_compared(cast, submitted, now, hanako):
    reviews.decide(submitted, verdict=verdict(submitted, "request_changes", message="直して"), by=cast.reiko, at=now)
    edit = reverse("whitelist:application-edit", args=[submitted.public_id])
    assert "直して" in hanako.get(edit, follow=True).content.decode()
    server = reverse("whitelist:application-step", args=[submitted.public_id, "server"])
    fill(hanako, server, "server", url=URL + "/v2")
    submitted.refresh_from_db()
    applications.submit(submitted, seen_version=submitted.version, by=cast.hanako, at=now)
    page = browser_of(cast.reiko).get(f"/review/{submitted.public_id}/")
    assert [change.after for change in page.context["changes"]] == [URL + "/v2"]


# Public --------------------------------------------------------------------------------------------------------------


def test_public_pages_answer_everybody(db):
    for address in ("/whitelist/check/", "/whitelist/check/?url=%00", "/whitelist/criteria/", "/whitelist/list/"):
        assert Client().get(address).status_code == 200, address
    assert Client().get("/whitelist/list/7/").status_code == 404


def test_the_home_page_knows_how_far_it_is(cast, sandbox, published):
    found = {step.key: milestone for step, milestone in milestones.of(cast.bank)}
    assert [found[key].done for key in ("entry", "application", "live")] == [False, True, True]


def test_the_home_page_says_whose_turn_it_is(cast, submitted):
    found = {step.key: milestone for step, milestone in milestones.of(cast.bank)}
    assert found["application"].done
    assert found["live"].waiting
