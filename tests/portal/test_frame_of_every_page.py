"""The frame: navigation by role, current item, language switch, and error pages that need no database."""

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse

from portal import context, error_pages, waiting
from portal.templatetags.parts import navigation_items


class Path:
    def __init__(self, path):
        self.path = path


ITEMS = [{"label": "Home", "url": "/"}, {"label": "Phone", "url": "/phone/"}, {"label": "Log", "url": "/phone/log/"}]


@pytest.mark.parametrize(
    ("path", "current"),
    [("/", "/"), ("/phone/", "/phone/"), ("/phone/7/", "/phone/"), ("/phone/log/3/", "/phone/log/"), ("/phones/", "")],
)
def test_the_item_this_page_stands_under_is_current(path, current):
    assert navigation_items({"request": Path(path)}, ITEMS)["current_url"] == current


def test_a_section_is_current_on_all_of_its_pages():
    items = [{"label": "Home", "url": "/"}, {"label": "Lists", "url": "/anchors/", "covers": ["/anchors/", "/lists/"]}]
    for path in ("/anchors/", "/lists/", "/lists/7/"):
        assert navigation_items({"request": Path(path)}, items)["current_url"] == "/anchors/"
    assert navigation_items({"request": Path("/lists-of-others/")}, items)["current_url"] == ""


def test_a_section_counts_what_waits_behind_any_of_its_items(monkeypatch):
    monkeypatch.setattr(
        waiting, "_COUNTS", {"sources:source-list": lambda user: 3, "anchors:anchor-list": lambda user: 2}
    )
    main = {item["url"]: item["count"] for item in context.links(context.OPERATOR, user=object())}
    assert main[reverse("anchors:anchor-list")] == 5
    second = context.section_links("operator", reverse("sources:source-list"), object())
    assert [item["count"] for item in second] == [2, 3]
    assert context.section_links("member", reverse("sources:source-list"), object()) == []
    assert context.section_links("", "/") == []


def test_error_pages_show_the_request_id_and_ask_no_database():
    request = RequestFactory().get("/")
    request.request_id = "req_TEST"
    for answer in (error_pages.server_error(request), error_pages.bad_request(request, Exception())):
        assert b"req_TEST" in answer.content
        assert b"<h1>" in answer.content


@pytest.mark.django_db
def test_a_form_without_its_token_gets_a_page_of_ours():
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "x"})
    assert answer.status_code == 403
    assert "フォームの有効期限が切れています" in answer.content.decode()


@pytest.mark.django_db
def test_the_language_switch_comes_back_to_the_same_page():
    client = Client()
    page = client.get("/accounts/login/?next=/home/").content.decode()
    assert '<html lang="ja">' in page
    assert 'name="next" value="/accounts/login/?next=/home/"' in page
    answer = client.post("/language/setlang/", {"language": "en", "next": "/accounts/login/?next=/home/"})
    assert answer["Location"] == "/accounts/login/?next=/home/"
    assert '<html lang="en">' in client.get(answer["Location"]).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"])
def test_account_pages_wear_the_frame_and_no_inline_style(path):
    html = Client().get(path).content.decode()
    assert html.count("<h1>") == 1
    assert 'class="site-header"' in html
    assert 'class="field"' in html
    assert "style=" not in html
    assert "<script>" not in html


def test_a_page_drawn_without_any_context_is_whole():
    assert "</html>" in render_to_string("500.html")
