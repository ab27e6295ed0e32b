"""An order goes on from the last state that was committed, and no step is done twice."""

from typing import Any

import pytest

from portal.environments.models import Environment
from portal.jobs.models import Job
from testenv import services
from testenv.models import IssuanceOrder, IssuedCertificate
from testenv.steps import issuing
from testenv.tsm import lifecycle
from tests import cast
from tests.testenv.conftest import persona
from verifier.pki.profiles import Purpose

pytestmark = pytest.mark.django_db


def test_killed_between_work_and_commit(sandbox: Environment) -> None:
    """At every state: the work is done, its worker dies before the commit, another worker does it again."""
    order = services.open_order(persona(sandbox, "P21"), purposes=tuple(Purpose), by=cast.hanako())
    for expected in lifecycle.PATH[1:]:
        lost = issuing.advance(order.pk)
        assert lost is not None
        order.refresh_from_db()
        assert order.state != expected.value
        effect = issuing.advance(order.pk)
        assert effect is not None
        effect()
        lost()  # the first worker was only slow: its late commit changes nothing
        order.refresh_from_db()
        assert order.state == expected.value
    assert issuing.advance(order.pk) is None
    assert IssuedCertificate.objects.filter(order=order).count() == 2
    assert [line["command"] for line in order.log] == [str(lifecycle.next_command(s)) for s in lifecycle.PATH[:-1]]


def test_the_next_job_stands_with_the_new_state(sandbox: Environment) -> None:
    order = services.open_order(persona(sandbox, "P21"), purposes=tuple(Purpose), by=cast.hanako())
    before = Job.objects.filter(name="testenv.advance_order", arguments=[order.pk]).count()
    effect = issuing.advance(order.pk)
    assert effect is not None
    effect()
    assert Job.objects.filter(name="testenv.advance_order", arguments=[order.pk]).count() == before + 1


def test_applying_twice_opens_one_order(sandbox: Environment) -> None:
    hanako = cast.browser_of(cast.hanako())
    form = {"device": "new", "purposes": ["signature", "user_authentication"]}
    answers = [hanako.post("/test-environment/personas/P21/apply/", form) for _ in range(2)]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert IssuanceOrder.objects.filter(persona__persona_id="P21").count() == 1


def test_each_step_is_shown(sandbox: Environment, commit: Any) -> None:
    hanako = cast.browser_of(cast.hanako())
    with commit():
        answer = hanako.post(
            "/test-environment/personas/P21/apply/", {"device": "new", "purposes": ["user_authentication"]}
        )
    page = hanako.get(answer["Location"])
    assert [step["state"] for step in page.context["steps"]] == ["done"] * 6
    assert "data-live" not in page.content.decode()
    assert hanako.post("/test-environment/personas/P21/apply/", {"device": "nobody's"}).status_code == 200
