"""The harness itself: a person arrives logged in, and what they do is counted."""

from tests.flows.journey import journey
from tests.flows.scenes import scene


def test_what_a_person_does_is_counted(journey_site, arrive):
    hanako = arrive(name="申請 花子", email="home@counted.example.jp")
    scene(journey_site, "people:organisation", owner=hanako.email, number="1000012010003", name="数えられる省")
    with journey("J0 look at the organisation", hanako) as walk:
        walk.open("/home/")
        walk.click("nav a[href='/organisation/']")
        hanako.page.wait_for_load_state()
    assert (walk.pages, walk.fields, walk.clicks) == (2, 0, 1)
    assert "数えられる省" in hanako.page.inner_text("main")
