"""Reviewers are appointed by two operators, and come to the desk only with a second factor of their own."""

import re

import pytest

from tests.flows import browser as chromium
from tests.flows.journey import journey
from tests.flows.people import PASSWORD, Person

RIN = "rin@appointed.example.jp"
GROUNDS = "人事発令 2026年11月1日付"


@pytest.fixture
def operators(arrive):
    """Two who run the site, and each at a browser of their own."""
    return tuple(
        arrive(name=name, email=f"{short}@appointed.example.jp", role="operator")
        for name, short in (("運用 治", "osamu"), ("運用 早苗", "sanae"))
    )


@pytest.fixture
def newcomer(journey_site, chrome):
    """Somebody who has never been here."""
    return Person(chrome, journey_site, name="審査 凛", email=RIN)


def propose(walk, *, email, name, role):
    walk.open("/staff/")
    walk.click("main a[href='/staff/grants/propose/']")
    walk.fill("#id_email", email)
    walk.fill("#id_name", name)
    walk.tick(f"input[name=role][value={role}]")
    walk.fill("#id_reason", GROUNDS)
    walk.send()
    prove(walk)
    walk.page.wait_for_url(re.compile("/staff/grants/$"))


def prove(walk):
    """Both factors once more; waiting for the next code of the authenticator is no time of the machine's."""
    with walk.aside():
        code = walk.person.fresh_code()
    walk.fill("#id_fresh-password", PASSWORD)
    walk.fill("#id_fresh-code", code)
    walk.send()


def card(page, name):
    return page.locator("main article.card", has_text=name)


def both_widths(person, name):
    """A picture at each width: nothing for axe to find, nothing to scroll sideways."""
    chromium.shoot(person.page, f"{name}-1280")
    person.page.set_viewport_size(chromium.NARROW)
    assert not chromium.scrolls_sideways(person.page)
    chromium.shoot(person.page, f"{name}-390")
    person.page.set_viewport_size(chromium.WIDE)


def confirm_by_hand(page, grant):
    """What a form of one's own would send: the page offers the proposer no such button."""
    page.evaluate(
        """grant => {
            const form = document.createElement("form");
            form.method = "post";
            form.action = `/staff/grants/${grant}/confirm/`;
            form.append(document.querySelector("main [name=csrfmiddlewaretoken]").cloneNode());
            document.body.append(form);
            form.submit();
        }""",
        grant,
    )


def test_a_reviewer_is_appointed_by_two_and_comes_to_the_desk(journey_site, operators, newcomer):
    osamu, sanae = operators
    with journey("Staff: an operator proposes a reviewer", osamu) as walk:
        propose(walk, email=RIN, name="審査 凛", role="reviewer")
    assert (walk.pages, walk.fields, walk.clicks) == (4, 5, 4)
    assert "別の運用担当者" in card(osamu.page, RIN).inner_text()
    both_widths(osamu, "staff-proposed")

    (grant,) = journey_site.query(f"SELECT id FROM accounts_staffgrant WHERE email = '{RIN}'")[0]
    assert card(osamu.page, RIN).get_by_role("button", name=re.compile("確認")).count() == 0
    confirm_by_hand(osamu.page, grant)
    osamu.page.locator("#id_fresh-code").wait_for()
    osamu.prove_again()
    osamu.page.wait_for_url(re.compile("/staff/grants/$"))
    assert "別の運用担当者" in osamu.page.inner_text(".messages [data-meaning=error]")
    assert journey_site.query(f"SELECT confirmed_at FROM accounts_staffgrant WHERE id = {grant}") == [(None,)]
    both_widths(osamu, "staff-alone-refused")

    with journey("Staff: a second operator confirms", sanae) as walk:
        walk.open("/staff/grants/")
        walk.click(card(sanae.page, RIN).locator("button[data-kind=main]"))
        prove(walk)
        sanae.page.wait_for_url(re.compile("/staff/grants/$"))
    assert (walk.pages, walk.fields, walk.clicks) == (3, 2, 2)
    assert RIN in sanae.page.locator("main").inner_text()
    both_widths(sanae, "staff-confirmed")

    link = re.search(r"http://\S+(/staff/invitation/\S+/)", newcomer.latest_mail())[1]
    with journey("Staff: the reviewer takes the role up", newcomer) as walk:
        walk.open(link)
        walk.fill("#id_password", PASSWORD)
        walk.send()
        newcomer.page.wait_for_url(re.compile("/accounts/2fa/totp/activate/"))
        newcomer.secret = newcomer.page.locator("#authenticator_secret").input_value().replace(" ", "")
        walk.fill("#id_code", newcomer.fresh_code())
        walk.send()
        newcomer.page.wait_for_url(re.compile("recovery-codes"))
        assert newcomer.page.locator("main a[data-kind=main]").count() == 1
        both_widths(newcomer, "staff-recovery-codes")
        walk.click("main a[data-kind=main]")
        newcomer.page.wait_for_url(re.compile("/staff/invitation/"))
        walk.send()
        newcomer.page.wait_for_url(re.compile("/home/|/review/"))
        walk.open("/review/")
    assert walk.pages <= 8
    assert (walk.fields, walk.clicks) <= (2, 4)
    assert walk.seconds < 60
    both_widths(newcomer, "staff-at-the-desk")
    assert [person.complaints for person in (osamu, sanae, newcomer)] == [[], [], []]


def test_somebody_known_becomes_an_auditor_by_two(journey_site, arrive, operators, chrome):
    osamu, sanae = operators
    aoi = arrive(name="監査 葵", email="aoi@appointed.example.jp")
    assert aoi.page.goto(journey_site.site_url + "/audit/").url.endswith("/organisation/register/")
    with journey("Staff: a role for somebody who has an account", sanae) as walk:
        propose(walk, email=aoi.email, name=aoi.name, role="auditor")
    osamu.open("/staff/grants/")
    card(osamu.page, aoi.name).locator("button[data-kind=main]").click()
    osamu.prove_again()
    osamu.page.wait_for_url(re.compile("/staff/grants/$"))
    link = re.search(r"http://\S+(/staff/invitation/\S+/)", aoi.latest_mail())[1]
    osamu.page.goto(journey_site.site_url + link)
    assert osamu.page.locator("main form button", has_text="引き受ける").count() == 0  # the link alone is worth nothing
    aoi.open(link)
    both_widths(aoi, "staff-invitation")
    assert journey_site.query(f"SELECT role FROM accounts_user WHERE email = '{aoi.email}'") == [("member",)]
    aoi.send()
    aoi.page.wait_for_url(re.compile("/home/|/audit/"))
    aoi.open("/audit/")
    told = aoi.page.inner_text("main")
    assert "職員の役割" in told
    assert journey_site.query(f"SELECT role FROM accounts_user WHERE email = '{aoi.email}'") == [("auditor",)]
