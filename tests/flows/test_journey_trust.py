"""What production believes: two operators and the full fingerprint, each from a source of their own."""

import hashlib
import re

import pytest

from tests.flows.journey import journey
from tests.flows.test_journey_staff import both_widths, card, prove
from tests.pure.pki.forge import an_authority
from verifier.pki.profiles import Purpose, World

PURPOSE = Purpose.USER_AUTHENTICATION
LIST = re.compile("/trust-anchors/$")


@pytest.fixture
def operators(arrive):
    """Two who run the site, and each at a browser of their own."""
    return tuple(
        arrive(name=name, email=f"{short}@trust.example.jp", role="operator")
        for name, short in (("運用 治", "osamu"), ("運用 早苗", "sanae"))
    )


def a_root(label):
    """A throw-away root in the shape of a real one, and its fingerprint as a publication prints it."""
    der = an_authority(label, PURPOSE, World.PRODUCTION, serial=0x7001).certificate_der
    told = hashlib.sha256(der).hexdigest().upper()
    return der, ":".join(told[i : i + 2] for i in range(0, 64, 2))


def propose(site, der, fingerprint, by):
    """On the machine, as the operations guide has it; gives the proposal's ID."""
    path = site.folder / f"{hashlib.sha256(der).hexdigest()[:8]}.der"
    path.write_bytes(der)
    said = site.manage(
        "trust_anchor", "propose", str(path), "--purpose", PURPOSE.value, "--fingerprint", fingerprint, "--by", by.email
    )
    return re.search(r"anp_\w+", said)[0]


def state_of(site, proposal):
    """(confirmed, withdrawn) as the database has it."""
    (row,) = site.query(
        f"SELECT confirmed_at IS NOT NULL, withdrawn_at IS NOT NULL FROM verifier_anchorproposal "
        f"WHERE public_id = '{proposal}'"
    )
    return row


def confirm_by_hand(page, proposal, fingerprint):
    """What a form of one's own would send: the page offers the proposer no such button."""
    page.evaluate(
        """([action, fingerprint]) => {
            const form = document.createElement("form");
            form.method = "post";
            form.action = action;
            const field = document.createElement("input");
            field.name = "fingerprint";
            field.value = fingerprint;
            form.append(document.querySelector("main [name=csrfmiddlewaretoken]").cloneNode(), field);
            document.body.append(form);
            form.submit();
        }""",
        [f"/trust-anchors/proposals/{proposal}/confirm/", fingerprint],
    )


def test_a_root_is_believed_by_two_stopped_by_one_and_a_proposal_is_withdrawn(journey_site, operators):
    osamu, sanae = operators
    der, printed = a_root("journey-root")
    _, of_another = a_root("journey-other-root")
    with pytest.raises(AssertionError, match=r"anchor\.fingerprint_differs"):
        propose(journey_site, der, of_another, osamu)
    proposal = propose(journey_site, der, printed, osamu)

    osamu.open("/trust-anchors/")
    assert card(osamu.page, proposal).locator("a[data-kind=main]").count() == 0
    assert "別の運用担当者" in card(osamu.page, proposal).inner_text()
    both_widths(osamu, "trust-1-proposed")
    confirm_by_hand(osamu.page, proposal, printed)
    osamu.page.locator("#id_fresh-code").wait_for()
    osamu.prove_again()
    osamu.page.wait_for_url(re.compile(f"{proposal}/confirm/"))
    assert "別の運用担当者" in osamu.page.inner_text("main")
    assert state_of(journey_site, proposal) == (False, False)
    both_widths(osamu, "trust-2-alone-refused")

    with journey("Trust: a second operator confirms, after a wrong fingerprint", sanae) as walk:
        walk.open("/trust-anchors/")
        walk.click(card(sanae.page, proposal).locator("a[data-kind=main]"))
        walk.fill("#id_fingerprint", of_another)
        walk.send()
        prove(walk)
        error = sanae.page.locator(".field [id$=error], .errorlist, [data-meaning=error]").first
        error.wait_for()
        assert "フィンガープリントが証明書のものと一致しません" in sanae.page.inner_text("main")
        assert sanae.page.locator("#id_fingerprint").input_value() == of_another
        assert state_of(journey_site, proposal) == (False, False)
        both_widths(sanae, "trust-3-wrong-fingerprint")
        walk.fill("#id_fingerprint", printed)
        walk.send()
        prove(walk)
        sanae.page.wait_for_url(LIST)
    assert (walk.pages, walk.fields, walk.clicks) == (6, 6, 5)
    assert state_of(journey_site, proposal) == (True, False)
    believed = card(sanae.page, hashlib.sha256(der).hexdigest())
    assert believed.count() == 1
    both_widths(sanae, "trust-4-believed")

    with journey("Trust: one operator stops it", osamu) as walk:
        walk.open("/trust-anchors/")
        walk.click(card(osamu.page, hashlib.sha256(der).hexdigest()).locator("button[data-kind=danger]"))
        prove(walk)
        osamu.page.wait_for_url(LIST)
    assert (walk.pages, walk.fields, walk.clicks) == (3, 2, 2)
    assert card(osamu.page, hashlib.sha256(der).hexdigest()).count() == 0

    der, printed = a_root("journey-withdrawn-root")
    proposal = propose(journey_site, der, printed, osamu)
    with journey("Trust: a proposal is withdrawn", osamu) as walk:
        walk.open("/trust-anchors/")
        walk.click(card(osamu.page, proposal).get_by_role("button", name=re.compile("取り消す")))
        osamu.page.locator(".messages").wait_for()
    assert (walk.pages, walk.fields, walk.clicks) == (2, 0, 1)
    assert state_of(journey_site, proposal) == (False, True)
    assert card(osamu.page, proposal).count() == 0
    both_widths(osamu, "trust-5-withdrawn")
    sanae.page.goto(f"{journey_site.site_url}/trust-anchors/proposals/{proposal}/confirm/")
    assert state_of(journey_site, proposal) == (False, True)
