"""`manage.py load_crl`: the same judgement as for a fetched list, and a line in the trail."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from portal.audit.models import AuditEvent
from tests.pure.pki.forge import an_authority, rsa_key
from tests.verifier.bench import HELD, HOUR, NOW, Bench, a_bench, crl
from verifier import anchors, intake, sources
from verifier.models import CrlSnapshot, DistributionPoint
from verifier.pki.errors import RefusedCrl

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> None:
    settings.VERIFIER_LISTS_DIR = tmp_path / "lists"


def load(bench: Bench, path: Path, der: bytes, point: int | None = None) -> None:
    path.write_bytes(der)
    call_command("load_crl", str(path), "--point", str(point or bench.point.pk), "--by", "osamu", stdout=None)


def test_a_list_from_a_file_is_current_at_once_and_stands_in_the_trail(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bench = a_bench()
    path = tmp_path / "handed-in.crl"
    path.write_bytes(crl(bench.ca, (1001, HELD), number=8))
    call_command("load_crl", str(path), "--point", str(bench.point.pk), "--by", "osamu")

    assert "list 8" in capsys.readouterr().out
    assert CrlSnapshot.objects.get(is_current=True).loaded_by == "osamu"
    assert bench.post().json()["code"] == "cert.on_hold"
    event = AuditEvent.objects.get(action="distribution_point.list_loaded")
    assert (event.before["number"], event.after["number"], event.details) == ("7", "8", {"entries": 1})
    assert event.actor_label == "osamu"


REFUSED = {
    "an older list": (lambda b: crl(b.ca, number=6), "crl.older_number"),
    "another list of the same number": (lambda b: crl(b.ca, (5, HELD)), "crl.number_reused"),
    "a foreign signature": (lambda b: crl(b.ca, number=8, signer=rsa_key("impostor")), "crl.bad_signature"),
    "the card's list": (lambda b: crl(b.ca, number=8, group="card"), "crl.wrong_distribution_point"),
    "a stale list": (lambda b: crl(b.ca, number=8, next_update=NOW - HOUR / 2), "crl.stale"),
    "nothing": (lambda b: b"", "crl.malformed"),
    "a page": (lambda b: b"<html>", "crl.malformed"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_fetched_list_may_not_be_neither_may_this(name: str, tmp_path: Path) -> None:
    make, code = REFUSED[name]
    bench = a_bench()
    with pytest.raises(CommandError, match=code):
        load(bench, tmp_path / "list", make(bench))  # type: ignore[no-untyped-call]
    assert CrlSnapshot.objects.get(is_current=True).number == "7"
    assert not AuditEvent.objects.filter(action="distribution_point.list_loaded").exists()


def test_a_file_over_the_limit_is_refused_before_it_is_read_whole(tmp_path: Path, settings: Any) -> None:
    bench = a_bench()
    settings.VERIFIER_CRL_MAX_BYTES = 100
    with pytest.raises(CommandError, match="too_large"):
        load(bench, tmp_path / "list", crl(bench.ca, number=8))


def test_who_names_no_distribution_point_is_shown_them(tmp_path: Path) -> None:
    bench = a_bench()
    with pytest.raises(CommandError, match=bench.environment.public_id):
        load(bench, tmp_path / "list", b"", point=99999)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    bench = a_bench()
    with pytest.raises(CommandError, match="No such file"):
        call_command("load_crl", str(tmp_path / "nowhere"), "--point", str(bench.point.pk), "--by", "osamu")


def test_a_source_without_an_address_is_never_fetched() -> None:
    bench = a_bench()
    DistributionPoint.objects.update(url="", next_refresh_at=NOW)
    assert not DistributionPoint.objects.due(NOW).exists()
    assert sources.distribution_point(bench.point.pk) is not None


def test_a_list_of_the_other_generation_is_named() -> None:
    bench = a_bench()
    other = an_authority(
        "bench-next-generation",
        bench.ca.purpose,
        bench.ca.world,
        not_before=NOW - 40 * HOUR,
        not_after=NOW + 900 * HOUR,
    )
    anchor = anchors.trust(
        bench.environment, purpose="user_authentication", certificate_der=other.certificate_der, by="test"
    )
    with pytest.raises(RefusedCrl) as caught:
        intake.accept_crl(bench.point, crl(other, number=8))
    assert (caught.value.code, caught.value.detail) == ("crl.other_generation", anchor.public_id)
