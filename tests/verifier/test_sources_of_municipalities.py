"""A list per municipality: sources entered from a table, lists handed in by the folder, no list speaks for another."""

from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from django.core.management import CommandError, call_command

from portal.audit.models import AuditEvent
from tests.pure.pki.forge import rsa_key
from tests.verifier.bench import HELD, LIFE, Bench, a_bench, crl
from verifier import sources
from verifier.models import CrlSnapshot, DistributionPoint
from verifier.pki import names
from verifier.pki.profiles import Medium

pytestmark = pytest.mark.django_db
CA = "C=JP, O=JPKI-SANDBOX, OU=JPKI for user authentication"
TOWNS = {
    town: f"{CA}, OU=CRL Distribution Points, OU=Tokyo-to, CN={town} CRLDP"
    for town in ("Chiyoda-ku", "Chuo-ku", "Minato-ku")
}


@pytest.fixture
def bench(tmp_path: Path, settings: Any) -> Bench:
    settings.VERIFIER_LISTS_DIR = tmp_path / "lists"
    return a_bench()


def table(*rows: str, head: str = "name,url,series") -> str:
    return "\n".join((head, *rows)) + "\n"


def enter(bench: Bench, folder: Path, text: str, *options: str) -> None:
    path = folder / "sources.csv"
    path.write_text(text)
    call_command("crl_sources", "enter", str(path), "--anchor", bench.point.anchor.public_id, "--by", "osamu", *options)


def towns(folder: Path, bench: Bench) -> None:
    enter(bench, folder, table(*(f'"{name}",,' for name in TOWNS.values())))


def name_of(town: str) -> x509.Name:
    return names.written(TOWNS[town])


def load(bench: Bench, path: Path, *options: str) -> None:
    call_command("load_crl", str(path), "--environment", bench.environment.public_id, "--by", "osamu", *options)


def verdict(bench: Bench, town: str) -> str:
    certificate = bench.ca.issue(Medium.PHONE_ANDROID, dp=name_of(town), **LIFE)
    return str(bench.post(body=bench.body(der=certificate)).json()["code"])


def test_a_name_is_read_as_it_is_written() -> None:
    name = name_of("Chuo-ku")
    assert names.readable(name) == TOWNS["Chuo-ku"]
    assert [each.value for each in name][-2:] == ["Tokyo-to", "Chuo-ku CRLDP"]
    assert names.written("C=JP, O=a\\, b=c") == names.written("C=JP,O=a\\, b=c")


def test_entering_the_same_table_again_changes_nothing(
    bench: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [f'"{TOWNS["Chuo-ku"]}",https://lists.example.jp/chuo.crl,', f'"{TOWNS["Minato-ku"]}",,second']
    enter(bench, tmp_path, table(*rows))
    assert "2 added, 0 changed, 0 unchanged" in capsys.readouterr().out
    enter(bench, tmp_path, table(*rows))
    assert "0 added, 0 changed, 2 unchanged" in capsys.readouterr().out
    enter(bench, tmp_path, table(rows[0].replace("chuo.crl", "new.crl"), rows[1]))
    assert "0 added, 1 changed, 1 unchanged" in capsys.readouterr().out
    entered = AuditEvent.objects.filter(action="distribution_point.added", actor_label="osamu")
    assert entered.count() == 3


def test_a_dry_run_does_nothing(bench: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    enter(bench, tmp_path, table(f'"{TOWNS["Chuo-ku"]}",,'), "--dry-run")
    assert "1 added, 0 changed, 0 unchanged (nothing was done)" in capsys.readouterr().out
    assert DistributionPoint.objects.count() == 1


WRONG = {
    "another head": (table(head="dn,url"), "line 1"),
    "no name": (table(",https://lists.example.jp/,"), "line 2: the name is empty"),
    "not a name": (table("Chiyoda,,"), "line 2: not a directory name"),
    "not an address": (table(f'"{TOWNS["Chuo-ku"]}",ftp://lists.example.jp/,'), "line 2: not an http or https"),
    "a broken address": (table(f'"{TOWNS["Chuo-ku"]}",https://[::1/,'), "line 2: not an http or https"),
    "twice": (table(*[f'"{TOWNS["Chuo-ku"]}",,'] * 2), "line 3: the same name"),
    "a long series": (table(f'"{TOWNS["Chuo-ku"]}",,{"x" * 31}'), "line 2: the series"),
}


@pytest.mark.parametrize("case", WRONG)
def test_one_wrong_line_and_nothing_is_entered(case: str, bench: Bench, tmp_path: Path) -> None:
    text, told = WRONG[case]
    with pytest.raises(CommandError, match=told):
        enter(bench, tmp_path, text)
    assert DistributionPoint.objects.count() == 1


def test_the_list_of_one_town_says_nothing_about_another(bench: Bench, tmp_path: Path) -> None:
    towns(tmp_path, bench)
    path = tmp_path / "chuo.crl"
    path.write_bytes(crl(bench.ca, dp=name_of("Chuo-ku"), number=1))
    load(bench, path)
    assert verdict(bench, "Chuo-ku") == "ok"
    assert verdict(bench, "Chiyoda-ku") == "revocation.source_missing"


def test_a_folder_is_taken_in_and_what_is_wrong_in_it_named(
    bench: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    towns(tmp_path, bench)
    folder = tmp_path / "handed-in"
    folder.mkdir()
    (folder / "a.crl").write_bytes(crl(bench.ca, (1001, HELD), dp=name_of("Chuo-ku"), number=1))
    (folder / "b.crl").write_bytes(b"<html>")
    (folder / "c.crl").write_bytes(crl(bench.ca, dp=name_of("Minato-ku"), number=1, signer=rsa_key("impostor")))
    (folder / "d.crl").write_bytes(crl(bench.ca, dp=names.written(f"{CA}, CN=Nowhere CRLDP"), number=1))
    (folder / "e.crl").write_bytes(crl(bench.ca, dp=name_of("Chiyoda-ku"), number=1))
    with pytest.raises(CommandError, match="3 of 5 files"):
        load(bench, folder)
    told = capsys.readouterr().err
    assert "b.crl: crl.malformed" in told
    assert "c.crl: crl.no_source" in told
    assert "d.crl: crl.no_source" in told
    assert (verdict(bench, "Chuo-ku"), verdict(bench, "Chiyoda-ku")) == ("cert.on_hold", "ok")


def test_an_empty_folder_is_an_error(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    with pytest.raises(CommandError, match="0 of 0 files"):
        load(bench, tmp_path / "nothing")


def test_what_either_of_two_series_says_counts(bench: Bench, tmp_path: Path) -> None:
    towns(tmp_path, bench)
    enter(bench, tmp_path, table(f'"{TOWNS["Chuo-ku"]}",,second'))
    for series, entries, number in (("", (), 9), ("second", ((1001, HELD),), 1)):
        path = tmp_path / "list.crl"
        path.write_bytes(crl(bench.ca, *entries, dp=name_of("Chuo-ku"), number=number))
        load(bench, path, "--series", series)
    assert CrlSnapshot.objects.filter(is_current=True).count() == 3
    assert verdict(bench, "Chuo-ku") == "cert.on_hold"


def test_a_source_given_up_counts_no_more_until_it_is_entered_again(bench: Bench) -> None:
    assert bench.post().json()["code"] == "ok"
    call_command("crl_sources", "retire", "--point", str(bench.point.pk), "--by", "osamu")
    assert bench.post().json()["code"] == "revocation.source_missing"
    assert sources.distribution_point(bench.point.pk) is None
    event = AuditEvent.objects.get(action="distribution_point.retired")
    assert (event.before["retired"], event.after["retired"]) == (False, True)
    with pytest.raises(CommandError, match="no source"):
        call_command("crl_sources", "retire", "--point", str(bench.point.pk), "--by", "osamu")


def test_an_anchor_that_nobody_believes_takes_no_sources(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(table())
    with pytest.raises(CommandError, match="names 0 believed"):
        call_command("crl_sources", "enter", str(tmp_path / "t.csv"), "--anchor", "anc_NONE", "--by", "osamu")
