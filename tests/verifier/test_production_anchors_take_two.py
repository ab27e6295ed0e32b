"""What production believes takes two operators; one stops it. The database holds the rule whoever writes the row."""

import hashlib
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import User
from portal.audit.models import AuditEvent
from portal.environments import services as environments
from tests import cast
from tests.pure.pki.forge import an_authority
from tests.verifier.bench import HOUR, LIFE, NOW, a_bench, a_provider, an_operator, authority, believe, crl
from verifier import anchor_proposals, anchors, evidence
from verifier.anchors import AnchorRefused
from verifier.messages import anchor_words
from verifier.models import AnchorProposal, TrustAnchor
from verifier.pki import certificate as certificate_format
from verifier.pki import published_roots
from verifier.pki.profiles import Medium, Purpose, World
from verifier.pki.published_roots import PublishedRoot, ShortForm, short_form

pytestmark = pytest.mark.django_db

ROOT = authority(world=World.PRODUCTION)
TOLD = hashlib.sha256(ROOT.certificate_der).hexdigest()
LISTS = {"card": "https://crl.example.jp/card"}


def proposed(by: User | None = None, **changes: Any) -> AnchorProposal:
    given = {
        "purpose": "user_authentication",
        "certificate_der": ROOT.certificate_der,
        "fingerprint": TOLD,
        "lists": LISTS,
        "by": by or an_operator("osamu"),
        "at": timezone.now(),
    }
    return anchor_proposals.propose(**{**given, **changes})


def confirmed(proposal: AnchorProposal, by: User | None = None, **changes: Any) -> TrustAnchor:
    given = {"fingerprint": TOLD, "by": by or an_operator("sanae"), "at": timezone.now()}
    return anchor_proposals.confirm(proposal, **{**given, **changes})


def refused(verb: Any, *args: Any, **given: Any) -> str:
    with pytest.raises(AnchorRefused) as caught, transaction.atomic():
        verb(*args, **given)
    assert caught.value.code in anchor_words.ANCHOR_REFUSALS
    return caught.value.code


def test_a_proposal_alone_is_worth_nothing_and_a_confirmed_one_is_believed() -> None:
    proposal = proposed()
    assert not TrustAnchor.objects.exists()
    assert refused(confirmed, proposal, an_operator("osamu")) == "anchor.same_person"
    anchor = confirmed(proposal)
    assert (anchor.world, anchor.fingerprint, anchor.environment) == ("production", TOLD, environments.production())
    assert [point.url for point in anchor.distribution_points.all()] == ["https://crl.example.jp/card"]
    assert refused(confirmed, proposal) == "anchor.proposal_over"
    assert refused(proposed) == "anchor.trusted_already"


def test_every_step_leaves_its_line_and_a_mail_to_the_others(django_capture_on_commit_callbacks: Any) -> None:
    osamu, sanae = an_operator("osamu"), an_operator("sanae")
    with django_capture_on_commit_callbacks(execute=True):
        anchor = confirmed(proposed(osamu), sanae)
        anchor_proposals.distrust(anchor, by=osamu)
    acts = AuditEvent.objects.filter(action__startswith="anchor.").order_by("id")
    assert [(each.action, each.actor) for each in acts] == [
        ("anchor.proposed", osamu),
        ("anchor.confirmed", sanae),
        ("anchor.trusted", sanae),
        ("anchor.distrusted", osamu),
    ]
    assert (acts[1].before, acts[1].after) == ({"state": "proposed"}, {"state": "confirmed"})
    assert acts[0].details == {"fingerprint": TOLD, "purpose": "user_authentication", "short_form": "not_known"}
    assert [message.to for message in mail.outbox] == [["sanae@example.jp"], ["osamu@example.jp"], ["sanae@example.jp"]]
    assert all(TOLD in message.body and "/trust-anchors/" in message.body for message in mail.outbox)


def test_who_may_not_and_what_may_not() -> None:
    reviewer = User.objects.create(email="r@example.jp", role="reviewer")
    assert refused(proposed, reviewer) == "anchor.not_an_operator"
    assert refused(proposed, fingerprint=TOLD[:8] + "…" + TOLD[-8:]) == "anchor.fingerprint_differs"
    assert refused(proposed, certificate_der=authority().certificate_der) == "anchor.wrong_name"
    assert refused(proposed, purpose="signature") == "anchor.wrong_name"
    proposal = proposed(fingerprint=":".join(TOLD[i : i + 2] for i in range(0, 64, 2)).upper())
    assert refused(proposed) == "anchor.proposed_already"
    assert refused(confirmed, proposal, reviewer) == "anchor.not_an_operator"
    assert refused(confirmed, proposal, fingerprint="0" * 64) == "anchor.fingerprint_differs"
    User.objects.filter(email="osamu@example.jp").update(role="member")
    assert refused(confirmed, proposal) == "anchor.proposer_left"
    assert not TrustAnchor.objects.exists()


def test_a_proposal_runs_out_and_can_be_withdrawn() -> None:
    first = proposed(at=timezone.now() - timedelta(days=anchor_proposals.PROPOSAL_DAYS, seconds=1))
    assert refused(confirmed, first) == "anchor.proposal_over"
    second = proposed()
    anchor_proposals.withdraw(second, by=an_operator("sanae"), at=timezone.now())
    assert refused(confirmed, second) == "anchor.proposal_over"
    assert refused(anchor_proposals.withdraw, second, by=an_operator("sanae"), at=timezone.now())
    assert not TrustAnchor.objects.exists()


def database_refuses(what: str, act: Any) -> None:
    with pytest.raises(DatabaseError, match=what), transaction.atomic():
        act()


def test_the_database_refuses_what_two_operators_did_not_do() -> None:
    osamu, sanae, now = an_operator("osamu"), an_operator("sanae"), timezone.now()
    two, fact = "proposed by one operator and confirmed by another", "a fact, and decided once"
    trust = {"purpose": "user_authentication", "certificate_der": ROOT.certificate_der, "by": osamu}
    database_refuses(two, lambda: anchors.trust(environments.production(), **trust))
    proposal = proposed(osamu)
    database_refuses(two, lambda: anchors.trust(environments.production(), **trust))
    row = AnchorProposal.objects.filter(pk=proposal.pk)
    database_refuses("anchor_takes_two_people", lambda: row.update(confirmed_by=osamu, confirmed_at=now))
    database_refuses("anchor_confirmed_in_time", lambda: row.update(confirmed_at=now))
    late = proposal.expires_at + HOUR
    database_refuses("anchor_confirmed_in_time", lambda: row.update(confirmed_by=sanae, confirmed_at=late))
    database_refuses(fact, lambda: row.update(proposed_by=sanae))
    database_refuses(fact, lambda: row.update(der=b"another", fingerprint="0" * 64))
    made = {"public_id": "anp_x", "purpose": "signature", "der": b"", "fingerprint": "1", "expires_at": late}
    people = {"proposed_by": osamu, "confirmed_by": sanae, "proposed_at": now, "confirmed_at": now}
    database_refuses(fact, lambda: AnchorProposal.objects.create(**made, **people))
    anchor = confirmed(proposal, sanae)
    database_refuses(fact, lambda: row.update(withdrawn_at=now))
    database_refuses(two, lambda: TrustAnchor.objects.filter(pk=anchor.pk).update(fingerprint="0" * 64))
    database_refuses(two, lambda: TrustAnchor.objects.filter(pk=anchor.pk).update(der=b"another"))


def test_one_stops_believing_at_once_and_believing_again_takes_two() -> None:
    anchor = confirmed(proposed())
    assert refused(anchors.distrust, anchor, by="a machine") == "anchor.not_an_operator"
    anchor_proposals.distrust(anchor, by=an_operator("osamu"))
    anchor.refresh_from_db()
    assert refused(anchor_proposals.distrust, anchor, by=an_operator("osamu")) == "anchor.distrusted_already"
    rows = TrustAnchor.objects.filter(pk=anchor.pk)
    database_refuses("confirmed by another", lambda: rows.update(distrusted_at=None))
    database_refuses("confirmed by another", lambda: rows.update(distrusted_at=NOW - 900 * HOUR))
    assert confirmed(proposed(an_operator("sanae")), an_operator("osamu")) == anchor
    assert rows.get().distrusted_at is None


def test_from_a_throw_away_root_to_a_verdict_over_the_api() -> None:
    hanako = a_provider()
    hanako.basis_confirmed_at = timezone.now()
    hanako.save()
    bench = a_bench(hanako, production=True)
    anchor = bench.point.anchor
    # The policy reported for phones is of signatures; user authentication in production is known for cards alone.
    card = {**LIFE, "policies": ("1.2.392.200149.8.5.1.3.30",), "serial": 77}
    point = anchors.add_distribution_point(
        bench.environment, anchor=anchor, dp_name=ROOT.dp_key("card"), url="", by="test"
    )
    bench.point = point
    bench.take_in(crl(ROOT, (78, None), group="card"))
    body = bench.body(der=ROOT.issue(Medium.CARD, **card))
    answer = bench.post(body=body).json()
    assert (answer["verdict"], answer["code"], answer["environment"]["kind"]) == ("valid", "ok", "production")
    assert (answer["certificate"]["medium"], answer["certificate"]["basis"]) == ("card", "public")
    revoked = bench.post(body=bench.body(der=ROOT.issue(Medium.CARD, **{**card, "serial": 78}))).json()
    assert revoked["code"] == "cert.revoked"
    anchor_proposals.distrust(anchor, by=an_operator("operator-one"))
    evidence.forget()
    assert bench.post(body=body).json()["code"] == "cert.issuer_unknown"


def told_by_command(*given: str) -> str:
    out = StringIO()
    call_command("trust_anchor", *given, stdout=out)
    return out.getvalue()


def test_the_command_proposes_withdraws_distrusts_and_lists(tmp_path: Path) -> None:
    an_operator("osamu")
    file = tmp_path / "root.der"
    file.write_bytes(ROOT.certificate_der)
    given = ["propose", str(file), "--purpose", "user_authentication", "--by", "osamu@example.jp", "--fingerprint"]
    with pytest.raises(CommandError, match=r"anchor\.fingerprint_differs"):
        told_by_command(*given, "00" * 32)
    with pytest.raises(CommandError, match="Nobody"):
        told_by_command(*[each.replace("osamu@", "nobody@") for each in given], TOLD)
    said = told_by_command(*given, TOLD, "--card-crl", "https://crl.example.jp/card")
    assert f"{TOLD}: {anchor_words.SHORT_FORMS['not_known']}" in said
    first = AnchorProposal.objects.get()
    assert first.public_id in told_by_command("list")
    told_by_command("withdraw", first.public_id, "--by", "osamu@example.jp")
    told_by_command(*given, TOLD)
    assert not TrustAnchor.objects.exists()
    confirmed(AnchorProposal.objects.get(withdrawn_at=None))
    assert told_by_command("list").startswith("believed")
    told_by_command("distrust", "--fingerprint", TOLD.upper(), "--by", "osamu@example.jp")
    assert TrustAnchor.objects.get().distrusted_at is not None
    with pytest.raises(CommandError, match="no certificate"):
        told_by_command("distrust", "--fingerprint", TOLD, "--by", "osamu@example.jp")
    with pytest.raises(CommandError):
        told_by_command(*[each.replace("root.der", "nothing") for each in given], TOLD)


def test_the_short_forms_are_a_cross_check(monkeypatch: pytest.MonkeyPatch) -> None:
    root = certificate_format.parse(ROOT.certificate_der)
    assert short_form(root, ROOT.purpose) is ShortForm.NOT_KNOWN
    imposter = an_authority("imposter", Purpose.SIGNATURE, World.PRODUCTION, serial=0x067C6A21)
    told = hashlib.sha256(imposter.certificate_der).hexdigest()
    changes = {"purpose": "signature", "certificate_der": imposter.certificate_der, "fingerprint": told}
    assert refused(proposed, **changes) == "anchor.contradicts_published"
    real = PublishedRoot(ROOT.purpose, "09", 0x7001, (TOLD[:8], TOLD[-8:]))
    monkeypatch.setattr(published_roots, "PUBLISHED_ROOTS", (real,))
    assert short_form(root, ROOT.purpose) is ShortForm.AGREES
    assert short_form(root, Purpose.SIGNATURE) is ShortForm.CONTRADICTS


def test_the_second_operator_confirms_on_the_page_with_a_second_factor() -> None:
    sanae = cast.person("Sanae", "operator")
    proposal = proposed(cast.osamu())
    page = reverse("anchors:proposal-confirm", args=[proposal.public_id])
    browser: Client = cast.browser_of(sanae)
    assert TOLD not in browser.get(page).content.decode()  # to be found out, not to be copied
    assert browser.post(page, {"fingerprint": "12"}).status_code == 200
    assert b"fresh-password" in browser.post(page, {"fingerprint": TOLD}).content
    wrong = browser.post(page, {"fingerprint": "0" * 64, **cast.proof(sanae)})
    assert wrong.status_code == 200
    assert not TrustAnchor.objects.exists()
    osamu = cast.osamu()
    own = cast.browser_of(osamu).post(page, {"fingerprint": TOLD, **cast.proof(osamu)})
    assert own.status_code == 200
    assert not TrustAnchor.objects.exists()
    assert browser.post(page, {"fingerprint": TOLD, **cast.proof(sanae)}).status_code == 302
    anchor = TrustAnchor.objects.get()
    assert TOLD in browser.get(reverse("anchors:anchor-list")).content.decode()
    stop = reverse("anchors:anchor-distrust", args=[anchor.public_id])
    assert browser.post(stop, cast.proof(sanae)).status_code == 302
    anchor.refresh_from_db()
    assert anchor.distrusted_at is not None
    assert browser.post(stop, cast.proof(sanae)).status_code == 404


def test_believing_in_a_sandbox_writes_no_production_row() -> None:
    bench = a_bench()
    assert set(TrustAnchor.objects.values_list("world", flat=True)) == {"sandbox"}
    given = {"purpose": "user_authentication", "certificate_der": ROOT.certificate_der, "by": "test"}
    assert refused(anchors.trust, bench.environment, **given) == "anchor.wrong_name"
    assert believe(bench.environment, authority()) == bench.point.anchor
