"""A whole JPKI made by the openssl command (tests/outside) against the API: all of it is what its maker meant."""

import base64
from typing import Any

import pytest
from django.test import Client

from portal.environments import services as environments
from portal.providers import services as providers
from tests.outside import make
from tests.outside.make import MESSAGE, Generation, Holder, Outside
from tests.verifier.bench import a_provider
from verifier import anchors, intake
from verifier.models import DistributionPoint, TrustAnchor
from verifier.pki import certificate as certificate_format
from verifier.pki import names
from verifier.pki.errors import RefusedCrl
from verifier.pki.profiles import Purpose, World, crl_dp_name

pytestmark = pytest.mark.django_db

CODES = {"good": "ok", "revoked": "cert.revoked", "held": "cert.on_hold", "expired": "cert.expired"}
VERDICTS = {"ok": "valid"}
GROUPS = {"Card": "card", "Phone": "phone"}


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Outside:
    return make.make(tmp_path_factory.mktemp("outside"))


class Site:
    """A sandbox that trusts all four, and a key that asks."""

    def __init__(self, outside: Outside) -> None:
        provider = a_provider()
        self.environment = environments.request_sandbox(provider)[0]
        environments.mark_ready(self.environment)
        _, self.key = providers.issue_client(provider, environment=self.environment, name="outside", by="test")
        self.points: dict[tuple[Generation, str], DistributionPoint] = {}
        for generation in outside.generations:
            self._trust(generation)

    def _trust(self, of: Generation) -> None:
        anchor = anchors.trust(self.environment, purpose=of.purpose, certificate_der=of.root, by="test")
        for group, word in GROUPS.items():
            name = names.normalised(crl_dp_name(Purpose(of.purpose), word, World.SANDBOX))  # type: ignore[arg-type]
            point = anchors.add_distribution_point(self.environment, anchor=anchor, dp_name=name, url="", by="test")
            self.points[of, group] = point
            self.take_in(point, of.list_of(group))

    def take_in(self, point: DistributionPoint, der: bytes) -> None:
        intake.take_in(point, intake.accept_crl(point, der), der=der)

    def ask(self, holder: Holder, **changes: Any) -> dict[str, Any]:
        body = {
            "purpose": holder.purpose,
            "certificate": base64.b64encode(holder.certificate).decode(),
            "signature": base64.b64encode(holder.signature).decode(),
            "message": base64.b64encode(MESSAGE).decode(),
            "medium": holder.medium,
            **changes,
        }
        headers = {"Authorization": f"Bearer {self.key}"}
        answer = Client().post("/api/v1/verifications", body, content_type="application/json", headers=headers)
        assert answer.status_code == 200, answer.content
        return dict(answer.json())


@pytest.fixture
def site(outside: Outside) -> Site:
    return Site(outside)


def test_every_certificate_is_what_its_maker_meant(outside: Outside, site: Site) -> None:
    for holder in outside.holders:
        answer = site.ask(holder)
        code = CODES[holder.fate]
        seen = (answer["verdict"], answer["code"], answer["certificate"]["purpose"], answer["certificate"]["medium"])
        assert seen == (VERDICTS.get(code, "invalid"), code, holder.purpose, holder.medium), holder
        if code == "cert.revoked":
            assert answer["revocation"]["reason"] == "affiliation_changed"


def test_the_set_is_as_hard_as_it_should_be(outside: Outside) -> None:
    """Numbers collide across the generations, with another fate; names are alike; what is critical is so."""
    fates: dict[tuple[str, int], set[str]] = {}
    for holder in outside.holders:
        parsed = certificate_format.parse(holder.certificate)
        fates.setdefault((holder.purpose, parsed.serial), set()).add(holder.fate)
        assert (parsed.policies_are_critical, parsed.key_usage_is_critical) == (True, True)
        assert parsed.crl_dp_names
    assert sum(len(found) == 2 for found in fates.values()) >= 18
    kinds = {(holder.purpose, holder.medium, holder.generation) for holder in outside.holders}
    assert len(kinds) == 12
    roots = [certificate_format.parse(generation.root) for generation in outside.generations]
    assert len({root.subject_key for root in roots}) == 2
    assert len({root.key_id for root in roots}) == 4
    without = [h for h in outside.holders if certificate_format.parse(h.certificate).authority_key_id is None]
    assert len(without) == 8


def test_contradictions_with_what_is_asked_are_refused(outside: Outside, site: Site) -> None:
    good = [holder for holder in outside.holders if holder.fate == "good"]
    for holder in good[:3]:
        others = set(make.MEDIA) - {holder.medium}
        assert {site.ask(holder, medium=medium)["code"] for medium in others} == {"cert.medium_contradiction"}
    other_purpose = site.ask(good[0], purpose="user_authentication")
    assert other_purpose["code"] == "cert.wrong_kind"
    changed = base64.b64encode(MESSAGE + b".").decode()
    assert site.ask(good[0], message=changed)["code"] == "sig.mismatch"


def test_one_generation_that_is_no_longer_believed_takes_nothing_from_the_other(outside: Outside, site: Site) -> None:
    first = outside.generations[0]
    anchor = TrustAnchor.objects.get(fingerprint=certificate_format.parse(first.root).sha256.hex())
    anchors.distrust(anchor, by="test")
    of_purpose = [holder for holder in outside.holders if holder.purpose == first.purpose]
    for holder in of_purpose:
        code = site.ask(holder)["code"]
        if holder.generation == 2:
            assert code == CODES[holder.fate]
        else:
            assert code in {"cert.issuer_unknown", "cert.bad_signature"}  # the latter where it names no key


def test_a_list_of_the_other_generation_is_named_and_not_taken(outside: Outside, site: Site) -> None:
    first, second = outside.generations[:2]
    with pytest.raises(RefusedCrl, match=r"crl\.other_generation"):
        site.take_in(site.points[first, "Card"], second.list_of("Card"))
