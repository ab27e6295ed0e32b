"""Home says what to do next: one highlighted step, one filled button."""

import pytest
from django.urls import reverse

from portal import milestones
from portal.milestones import Milestone
from portal.providers import members
from tests import cast, organisations

pytestmark = pytest.mark.django_db


def steps(user):
    return cast.browser_of(user).get("/home/").context["steps"]


def test_a_new_person_registers_first():
    page = cast.browser_of(cast.hanako()).get("/home/")
    now = [step for step in page.context["steps"] if step["state"] == "now"]
    assert [step["action_url"] for step in now] == [reverse("providers:provider-register")]
    assert page.content.decode().count('data-kind="main"') == 1


def test_a_second_owner_is_asked_for_awaited_and_done():
    provider = organisations.provider_of(cast.hanako())
    by_title = {str(step["title"]): step for step in steps(cast.hanako())}
    assert by_title["組織を登録する"]["state"] == "done"
    assert "審査担当者" in by_title["組織を登録する"]["detail"]
    assert by_title["2人目の管理者を招待する"]["state"] != "done"
    invitation = members.invite(provider, email=cast.taro().email, role="owner", by=cast.hanako())
    assert {str(step["title"]): step for step in steps(cast.hanako())}["2人目の管理者を招待する"]["state"] == "waiting"
    members.accept(invitation, by=cast.taro())
    assert {str(step["title"]): step for step in steps(cast.hanako())}["2人目の管理者を招待する"]["state"] == "done"


def test_only_one_step_is_the_next_one(monkeypatch):
    organisations.provider_of(cast.hanako())
    answers = {
        "organisation": lambda provider: Milestone(done=True),
        "environment": lambda provider: Milestone(done=False, waiting="being made", url_name="home"),
        "first_valid": lambda provider: Milestone(done=False),
        "entry": lambda provider: Milestone(done=False, url_name="home"),
        "second_owner": lambda provider: Milestone(done=False, url_name="home"),
    }
    monkeypatch.setattr(milestones, "_answers", answers)
    assert [step["state"] for step in steps(cast.hanako())] == ["done", "waiting", "to_come", "now", "to_come"]


def test_two_apps_cannot_answer_for_one_step():
    with pytest.raises(ValueError, match="no step"):
        milestones.register("lunch", lambda provider: Milestone(done=True))
    with pytest.raises(ValueError, match="already"):
        milestones.register("organisation", lambda provider: Milestone(done=True))


def test_staff_go_to_their_desk():
    assert cast.browser_of(cast.reiko()).get("/home/").status_code == 302
    assert cast.browser_of(cast.osamu()).get("/home/").url == reverse("providers:provider-directory")


def test_unknown_visitors_log_in_first():
    for name in ("home", "providers:provider-detail", "providers:member-list", "providers:client-list"):
        answer = cast.browser_of(None).get(reverse(name))
        assert answer.url == f"{reverse('account_login')}?next={reverse(name)}"
