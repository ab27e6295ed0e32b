"""Filling in an application: step by step, by two people, with and without script, and nothing typed is lost."""

import json
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests import files
from tests.applications import OPERATIONS, SECURITY, content
from tests.cast import browser_of
from tests.whitelist.conftest import URL, fill, step_form
from whitelist import applications, contacts, drafts, services
from whitelist.models import Application, ContactConfirmation
from whitelist.refusals import Refused

NEW = "/whitelist/applications/new/"


@pytest.fixture
def hanako(cast):
    return browser_of(cast.hanako)


@pytest.fixture
def taro(cast):
    return browser_of(cast.taro)


def step(application, name):
    return reverse("whitelist:application-step", args=[application.public_id, name])


def shown(client, address):
    """The hidden fields of a page as a browser keeps them."""
    page = client.get(address)
    return {name: page.context["form"].initial[name] for name in ("seen_version", "base")}


# What is carried over -------------------------------------------------------------------------------------------------


def test_the_test_environment_fills_in_what_it_knows(hanako, cast, sandbox):
    ways = ["app_link", "qr"]
    services.enter_in_sandbox(sandbox, url=URL, purposes=["signature"], ways_in=ways, by=cast.hanako)
    form = hanako.get(NEW).context["form"]
    assert form["purposes"].value() == ["signature"]
    assert form["ways_in"].value() == ways
    fill(hanako, NEW, "purpose", purposes=["signature"])
    application = Application.objects.get()
    assert hanako.get(step(application, "server")).context["form"]["url"].value() == URL


def test_a_loopback_url_is_not_carried_over_but_its_purposes_are(hanako, cast, sandbox):
    services.enter_in_sandbox(
        sandbox, url="http://localhost:8002/r", purposes=["signature"], ways_in=["qr"], by=cast.hanako
    )
    begun = drafts.carried_over(cast.bank)
    assert "url" not in begun
    assert begun["ways_in"] == ["qr"]


def test_another_url_begins_from_the_last_application(hanako, cast, submitted):
    begun = drafts.carried_over(cast.bank)
    assert begun["contacts"]["security"]["email"] == SECURITY
    assert len(begun["measures"]) == 14
    assert "url" not in begun
    page = hanako.get(NEW, {"like": submitted.public_id})
    assert page.context["form"]["purpose_of_use"].value() == submitted.current_revision.content["purpose_of_use"]


def test_another_organisation_s_application_is_no_beginning(cast, submitted):
    assert browser_of(cast.jiro).get(NEW, {"like": submitted.public_id}).status_code == 404
    assert browser_of(cast.jiro).post(NEW, {"like": submitted.public_id}).status_code == 404


# Saving by itself -----------------------------------------------------------------------------------------------------


def test_a_draft_saves_itself_and_the_page_knows_what_it_shows(hanako, application):
    address = step(application, "server")
    sent = {**shown(hanako, address), "url": URL + "/v2"}
    answer = hanako.post(address, sent, headers={"X-Autosave": "1"})
    assert answer.status_code == 200
    assert "に自動保存" in answer.json()["words"]
    application.refresh_from_db()
    assert application.draft["url"] == URL + "/v2"
    assert answer.json()["version"] == application.version
    assert json.loads(answer.json()["base"])["url"] == URL + "/v2"


def test_nothing_changed_writes_nothing(hanako, application):
    address = step(application, "server")
    before = application.version
    hanako.post(address, {**shown(hanako, address), "url": URL}, headers={"X-Autosave": "1"})
    application.refresh_from_db()
    assert application.version == before


def test_the_first_page_of_a_new_application_saves_itself_once(hanako, cast):
    sent = {**shown(hanako, NEW), "form_key": str(uuid.uuid4()), "purpose_of_use": "Half a sent"}
    first = hanako.post(NEW, sent, headers={"X-Autosave": "1"}).json()
    again = {**sent, "purpose_of_use": "Half a sentence", "base": first["base"], "seen_version": first["version"]}
    hanako.post(NEW, again, headers={"X-Autosave": "1"})
    assert Application.objects.get().draft["purpose_of_use"] == "Half a sentence"
    assert hanako.get(first["url"]).context["form"]["purpose_of_use"].value() == "Half a sentence"


def test_what_has_a_wrong_shape_is_left_out_and_the_rest_is_kept(hanako, application):
    address = step(application, "contacts")
    sent = {**shown(hanako, address), **step_form("contacts"), "security_email": "no address", "note": "A word"}
    assert hanako.post(address, sent, headers={"X-Autosave": "1"}).status_code == 200
    application.refresh_from_db()
    assert application.draft["note"] == "A word"
    assert application.draft["contacts"]["security"]["email"] == SECURITY


def test_a_wrong_shape_is_named_and_stays_in_the_form(hanako, application):
    answer = fill(hanako, step(application, "contacts"), "contacts", security_email="no address", security_phone="☎")
    page = answer.content.decode()
    assert "no address" in page
    assert "☎" in page
    assert set(answer.context["form"].errors) == {"security_email", "security_phone"}


# Two people -----------------------------------------------------------------------------------------------------------


def test_two_people_on_different_fields_both_keep_theirs(hanako, taro, application):
    address = step(application, "purpose")
    base = shown(hanako, address)
    taro.post(address, {**base, **step_form("purpose"), "ways_in": ["qr"]})
    hanako.post(address, {**base, **step_form("purpose"), "purpose_of_use": "Hanako's words"})
    application.refresh_from_db()
    assert application.draft["ways_in"] == ["qr"]
    assert application.draft["purpose_of_use"] == "Hanako's words"


def test_two_people_on_one_field_see_both_values(hanako, taro, application):
    address = step(application, "purpose")
    base = shown(taro, address)
    fill(hanako, address, "purpose", purpose_of_use="Hanako's words")
    sent = {**base, **step_form("purpose"), "purpose_of_use": "Taro's words"}
    by_itself = taro.post(address, sent, headers={"X-Autosave": "1"})
    assert by_itself.status_code == 409
    page = taro.post(address, sent)
    assert page.status_code == 409
    assert [(row["theirs"], row["mine"]) for row in page.context["conflicts"]] == [("Hanako's words", "Taro's words")]
    application.refresh_from_db()
    assert application.draft["purpose_of_use"] == "Hanako's words"
    hidden = {name: page.context["form"][name].value() for name in ("seen_version", "base")}
    assert taro.post(address, {**sent, **hidden}).status_code == 302
    application.refresh_from_db()
    assert application.draft["purpose_of_use"] == "Taro's words"


def test_a_forged_base_overwrites_nothing_in_silence(hanako, taro, application):
    fill(hanako, step(application, "purpose"), "purpose", purpose_of_use="Hanako's words")
    for base in ("", "nonsense", "[]", "{}", "null"):
        sent = {**step_form("purpose"), "purpose_of_use": "Taro's words", "seen_version": "1", "base": base}
        assert taro.post(step(application, "purpose"), sent).status_code == 409
    application.refresh_from_db()
    assert application.draft["purpose_of_use"] == "Hanako's words"


# Checked --------------------------------------------------------------------------------------------------------------


def test_an_edit_after_the_check_drops_back_to_draft(hanako, application):
    fill(hanako, step(application, "contacts"), "contacts")
    application.refresh_from_db()
    assert application.state == "checked"
    fill(hanako, step(application, "purpose"), "purpose", purpose_of_use="Something else")
    application.refresh_from_db()
    assert application.state == "draft"


def test_what_is_incomplete_is_not_checked_and_the_first_gap_is_where_one_goes_on(hanako, cast):
    fill(hanako, NEW, "purpose")
    application = Application.objects.get()
    edit = reverse("whitelist:application-edit", args=[application.public_id])
    assert hanako.get(edit).url == step(application, "server")
    answer = hanako.post(reverse("whitelist:application-submit", args=[application.public_id]), {"seen_version": "9"})
    assert answer.status_code == 302
    application.refresh_from_db()
    page = hanako.post(
        reverse("whitelist:application-submit", args=[application.public_id]), {"seen_version": application.version}
    )
    text = page.content.decode()
    assert text.count("autofocus") == 1
    assert f"{step(application, 'measures')}#field-measures-tls" in text
    application.refresh_from_db()
    assert application.state == "draft"


def test_only_an_owner_sends(cast, application, now):
    cast.bank.memberships.filter(user=cast.taro).update(role="member")
    with pytest.raises(Refused, match=r"application\.only_owner_sends"):
        applications.submit(application, seen_version=application.version, by=cast.taro, at=now)


# Contacts -------------------------------------------------------------------------------------------------------------


def test_going_on_asks_each_contact_once(hanako, cast, application, now):
    ContactConfirmation.objects.all().delete()
    for _ in range(2):
        fill(hanako, step(application, "contacts"), "contacts")
    assert sorted(ContactConfirmation.objects.values_list("email", flat=True)) == [OPERATIONS, SECURITY]
    page = hanako.get(step(application, "contacts"))
    assert [contact["until"] for contact in page.context["contacts"]] == [None, None]
    assert all(contact["asked_at"] for contact in page.context["contacts"])


def test_a_mail_goes_to_no_address_but_those_of_the_draft(hanako, cast, application):
    answer = fill(hanako, step(application, "contacts"), "contacts", ask="stranger@example.com")
    assert answer.status_code == 404
    assert not ContactConfirmation.objects.filter(email="stranger@example.com").exists()


def test_a_contact_that_stopped_answering_is_asked_again(cast, application, now):
    later = now + contacts.VALID_FOR
    codes = [gap.code for gap in applications.gaps(application, at=later)]
    assert codes == ["application.security_contact_unconfirmed", "application.operations_contact_unconfirmed"]


# Papers ---------------------------------------------------------------------------------------------------------------


def test_a_paper_is_attached_to_a_measure_and_taken_out_again(hanako, application):
    paper = SimpleUploadedFile("tls.pdf", files.pdf())
    answer = fill(hanako, step(application, "measures"), "measures", attach="1", paper=paper, paper_for="tls")
    assert answer.url == step(application, "measures")
    application.refresh_from_db()
    (kept,) = application.draft["evidence"]
    assert (kept["name"], kept["media_type"]) == ("tls.pdf", "application/pdf")
    assert application.draft["measures"]["tls"]["evidence"] == [kept["sha256"]]
    fill(hanako, step(application, "measures"), "measures", detach=kept["sha256"])
    application.refresh_from_db()
    assert application.draft["evidence"] == application.draft["measures"]["tls"]["evidence"] == []


@pytest.mark.parametrize(("name", "data"), [("a.pdf", b"<html>"), ("a.exe", b"MZ"), ("a.pdf", b"")])
def test_what_is_no_paper_is_refused_by_name_and_nothing_else_is_lost(hanako, application, name, data):
    paper = SimpleUploadedFile(name, data)
    changed = {"m_logs": "planned", "m_logs_by": "2099-01-01"}
    answer = fill(hanako, step(application, "measures"), "measures", attach="1", paper=paper, **changed)
    assert "banner" in hanako.get(answer.url).content.decode()
    application.refresh_from_db()
    assert application.draft["evidence"] == []
    assert application.draft["measures"]["logs"]["by"] == "2099-01-01"


# Apps -----------------------------------------------------------------------------------------------------------------


def test_an_app_is_asked_for_its_name_and_one_measure_more(hanako, cast):
    fill(hanako, NEW, "purpose", kind="app")
    application = Application.objects.get()
    assert len(hanako.get(step(application, "measures")).context["rows"]) == 15
    page = fill(hanako, step(application, "server"), "server", app_identifier="jp.other.app", app_fingerprint="ab" * 32)
    assert page.status_code == 302
    application.refresh_from_db()
    assert application.draft["app"] == {"identifier": "jp.other.app", "fingerprint": ":".join(["AB"] * 32)}
    assert hanako.get(step(application, "server")).context["is_identifier_elsewhere"]


def test_a_browser_s_revision_says_nothing_about_an_app(cast, application, now):
    app = {"identifier": "jp.example", "fingerprint": ""}
    saved = applications.save_draft(
        application, content=content(URL, app=app), seen_version=application.version, by=cast.hanako
    )
    revision = applications.submit(saved, seen_version=saved.version, by=cast.hanako, at=now)
    assert revision.content["app"] is None
    assert "app_distribution" not in revision.content["measures"]


# Strangers ------------------------------------------------------------------------------------------------------------


def test_an_unknown_step_does_not_exist_and_a_sent_application_is_not_edited(hanako, application, submitted):
    assert hanako.get(step(application, "nonsense")).status_code == 404
    assert hanako.get(step(submitted, "purpose")).status_code == 302
    answer = hanako.post(step(submitted, "purpose"), step_form("purpose"), headers={"X-Autosave": "1"})
    assert answer.status_code == 409
