"""Proofs of domains against the stand-in internet: found at every server or waited for, told by mail, kept in sight."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from portal.audit import services as audit
from portal.jobs.models import Job
from testenv.internet import zone
from tests.domains import prove
from whitelist import domains, reporting
from whitelist.models import DomainProof
from whitelist.policy import domain_proof as policy
from whitelist.policy.domain_proof import Method, Seen
from whitelist.probes import proofs
from whitelist.refusals import Refused

DOMAIN = "bank.example.jp"


@pytest.fixture
def proof(cast: SimpleNamespace, now: datetime, zone_file: Path) -> DomainProof:
    return domains.ask(cast.bank, DOMAIN, by=cast.hanako, at=now)


def publish(zone_file: Path, proof: DomainProof, **where: Any) -> None:
    zone.add_record(zone_file, policy.record_name(proof.domain), "TXT", policy.wanted_value(proof.token), **where)


def look(proof: DomainProof) -> policy.Answers:
    return proofs.look(proof.domain, Method(proof.method), proof.token)


def check(proof: DomainProof, at: datetime) -> DomainProof:
    """What prober and worker do, one after the other."""
    domains.record_answers(proof.pk, look(proof), at=at)
    domains.judge(proof.pk, at=at)
    proof.refresh_from_db()
    return proof


def seen(answers: policy.Answers) -> list[tuple[str, Seen]]:
    return [(answer.server, answer.seen) for answer in answers.servers]


# What the servers say ------------------------------------------------------------------------------------------------


def test_every_name_server_and_every_resolver_is_asked(proof: DomainProof, zone_file: Path) -> None:
    publish(zone_file, proof)
    answers = look(proof)
    assert answers.asked == f"_jpki-sp.{DOMAIN}"
    assert [server for server, _ in seen(answers)][:3] == ["ns1.example.jp", "ns2.example.jp", "ns3.example.jp"]
    assert [answer.role for answer in answers.servers] == ["authority"] * 3 + ["resolver"] * 2
    assert answers.is_proof


def test_an_old_value_at_one_name_server(proof: DomainProof, zone_file: Path) -> None:
    publish(zone_file, proof, only_at=("ns1", "ns2", "resolver-a", "resolver-b"))
    zone.add_record(zone_file, policy.record_name(DOMAIN), "TXT", "jpki-sp=v1;Zp04", only_at=("ns3",))
    answers = look(proof)
    assert (answers.matching, answers.is_proof) == (4, False)
    assert dict(seen(answers))["ns3.example.jp"] is Seen.OLD_VALUE


def test_a_resolver_that_remembers_there_was_nothing(proof: DomainProof, zone_file: Path) -> None:
    publish(zone_file, proof, only_at=("ns1", "ns2", "ns3", "resolver-a"))
    last = look(proof).servers[-1]
    assert (last.seen, last.seconds) == (Seen.CACHED_NO_NAME, 240)


def test_nothing_there_yet(proof: DomainProof) -> None:
    assert {answer for _, answer in seen(look(proof))} == {Seen.NO_NAME}


def test_a_file(proof: DomainProof, zone_file: Path, cast: SimpleNamespace, now: datetime) -> None:
    domains.choose_method(proof, Method.FILE, by=cast.hanako, at=now)
    proof.refresh_from_db()
    assert seen(look(proof)) == [(DOMAIN, Seen.NOT_FOUND)]
    zone.put_file(zone_file, DOMAIN, policy.FILE_PATH, policy.wanted_value(proof.token) + "\n")
    assert look(proof).is_proof
    zone.put_file(zone_file, DOMAIN, policy.FILE_PATH, policy.wanted_value(proof.token) + "\n" + "x" * 5000)
    assert seen(look(proof)) == [(DOMAIN, Seen.TOO_LARGE)]


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("redirecting", Seen.REDIRECTED),
        ("expired", Seen.NOT_SECURE),
        ("private", Seen.INNER_ADDRESS),
        ("missing", Seen.NO_NAME),
        ("closed", Seen.SILENT),
        ("endless", Seen.TOO_LARGE),
    ],
)
def test_a_file_that_proves_nothing(zone_file: Path, host: str, expected: Seen) -> None:
    answers = proofs.look(f"{host}.example.jp", Method.FILE, "token")
    assert seen(answers) == [(f"{host}.example.jp", expected)]


# Verbs ---------------------------------------------------------------------------------------------------------------


def test_asking_twice_is_asking_once(proof: DomainProof, cast: SimpleNamespace, now: datetime) -> None:
    assert domains.ask(cast.bank, "Bank.Example.jp.", by=cast.taro, at=now) == proof
    other = domains.ask(cast.other, DOMAIN, by=cast.jiro, at=now)
    assert other.token != proof.token


@pytest.mark.parametrize("typed", ["co.jp", "localhost", "10.0.0.1", "https://bank.example.jp/x", ""])
def test_what_is_no_domain_is_refused(cast: SimpleNamespace, now: datetime, typed: str) -> None:
    with pytest.raises(Refused, match=r"domain\.not_provable"):
        domains.ask(cast.bank, typed, by=cast.hanako, at=now)


def test_another_organisations_record_proves_nothing(
    proof: DomainProof, cast: SimpleNamespace, now: datetime, zone_file: Path
) -> None:
    other = domains.ask(cast.other, DOMAIN, by=cast.jiro, at=now)
    publish(zone_file, other)
    assert check(proof, now).state == "waiting"
    assert check(other, now).state == "proven"


def test_the_background_finds_it_and_tells_the_owners(
    cast: SimpleNamespace, now: datetime, zone_file: Path, commit: Any
) -> None:
    with commit():
        proof = domains.ask(cast.bank, DOMAIN, by=cast.hanako, at=now)
    proof.refresh_from_db()
    assert (proof.state, proof.tries) == ("waiting", 1)
    assert Job.objects.filter(name="whitelist.check_domain", state="due").count() == 1

    publish(zone_file, proof)
    with commit():
        assert domains.check_now(proof, by=cast.hanako, at=now + timedelta(seconds=30))
    proof.refresh_from_db()
    assert (proof.state, proof.missing_since) == ("proven", None)
    assert proof.next_try_at is not None
    assert proof.next_try_at - now > timedelta(hours=23)
    assert [message.to for message in mail.outbox] == [[cast.hanako.email], [cast.taro.email]]
    assert "ドメインが証明されました / Your domain is proven" in mail.outbox[0].subject
    assert [event.action for event in audit.history(proof)] == ["domain.asked", "domain.proven"]
    assert Job.objects.filter(name="whitelist.check_domain", state="due").count() == 1


def test_fourteen_days_without_the_record_lapse_it_and_check_now_begins_anew(
    proof: DomainProof, cast: SimpleNamespace, now: datetime, commit: Any
) -> None:
    with commit():
        check(proof, now + timedelta(days=14))
    assert (proof.state, proof.next_try_at) == ("lapsed", None)
    assert "失効" in mail.outbox[0].subject
    assert domains.to_check(proof.pk) is None
    assert domains.check_now(proof, by=cast.hanako, at=now + timedelta(days=15))
    proof.refresh_from_db()
    assert (proof.state, proof.waited_until) == ("waiting", now + timedelta(days=29))


def test_a_proof_that_goes_warns_once_stays_for_a_while_and_comes_back(
    proof: DomainProof, now: datetime, zone_file: Path, commit: Any
) -> None:
    publish(zone_file, proof)
    check(proof, now)
    zone.remove(zone_file, "records", 0)
    with commit():
        for days in (1, 2, 3):
            check(proof, now + timedelta(days=days))
    assert (proof.state, proof.missing_since) == ("proven", now + timedelta(days=1))
    assert [message.subject for message in mail.outbox if "見つかりません" in message.subject] == [
        f"ドメインの証明が見つかりません / The proof of your domain is gone ({DOMAIN})"
    ] * 2  # two owners, one mail each
    publish(zone_file, proof)
    check(proof, now + timedelta(days=4))
    assert (proof.state, proof.missing_since, proof.proven_at) == ("proven", None, now)


def test_checking_now_is_limited(proof: DomainProof, cast: SimpleNamespace, now: datetime) -> None:
    assert domains.check_now(proof, by=cast.hanako, at=now)
    assert not domains.check_now(proof, by=cast.taro, at=now + timedelta(seconds=9))
    assert domains.check_now(proof, by=cast.taro, at=now + timedelta(seconds=10))


def test_answers_for_the_other_way_come_too_late(proof: DomainProof, cast: SimpleNamespace, now: datetime) -> None:
    answers = look(proof)
    domains.choose_method(proof, Method.FILE, by=cast.hanako, at=now)
    domains.record_answers(proof.pk, answers, at=now)
    proof.refresh_from_db()
    assert proof.answers_json is None


def test_a_proven_domain_does_not_change_its_way(
    proof: DomainProof, cast: SimpleNamespace, now: datetime, zone_file: Path
) -> None:
    publish(zone_file, proof)
    check(proof, now)
    with pytest.raises(Refused, match=r"domain\.already_proven"):
        domains.choose_method(proof, Method.FILE, by=cast.hanako, at=now)


def test_a_removed_proof_counts_no_more_and_a_new_one_has_a_new_value(
    proof: DomainProof, cast: SimpleNamespace, now: datetime, zone_file: Path
) -> None:
    publish(zone_file, proof)
    check(proof, now)
    domains.remove(proof, by=cast.hanako, at=now)
    assert domains.proof_of(cast.bank, DOMAIN, at=now) is None
    assert domains.to_check(proof.pk) is None
    again = domains.ask(cast.bank, DOMAIN, by=cast.hanako, at=now)
    assert again.token != proof.token
    assert check(again, now).state == "waiting"


def test_the_proof_that_counts_for_a_host(
    proof: DomainProof, cast: SimpleNamespace, now: datetime, zone_file: Path
) -> None:
    above = domains.ask(cast.bank, "example.jp", by=cast.hanako, at=now)
    assert domains.proof_of(cast.bank, "apply.bank.example.jp", at=now) == proof
    publish(zone_file, above)
    check(above, now)
    assert domains.proof_of(cast.bank, "apply.bank.example.jp", at=now) == above
    assert domains.proof_of(cast.bank, "another.example.com", at=now) is None
    assert domains.proof_of(cast.other, "apply.bank.example.jp", at=now) is None


def test_reports_know_how_far_the_proof_is(cast: SimpleNamespace, now: datetime, zone_file: Path) -> None:
    url = "https://apply.bank.example.jp/return"

    def finding() -> tuple[str, str]:
        report = reporting.report_for(url, provider=cast.bank, world="production", at=now)
        found = next(one for one in report.findings if one.code == "dns.txt_proof")
        return found.severity.value, found.variant

    assert finding() == ("block", "")
    domains.ask(cast.bank, DOMAIN, by=cast.hanako, at=now)
    assert finding() == ("block", "waiting")
    assert prove(cast.bank, DOMAIN, by=cast.hanako, at=now, zone_file=zone_file).state == "proven"
    assert finding() == ("passed", "")


# Pages ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def hanako(cast: SimpleNamespace, client: Client) -> Client:
    client.force_login(cast.hanako)
    return client


def test_from_the_form_to_the_proof(hanako: Client, zone_file: Path, commit: Any, cast: SimpleNamespace) -> None:
    with commit():
        answer = hanako.post(reverse("whitelist:domain-list"), {"domain": DOMAIN})
    proof = DomainProof.objects.get()
    assert answer.url == reverse("whitelist:domain-detail", args=[proof.public_id])
    page = hanako.get(answer.url).content.decode()
    assert f"_jpki-sp.{DOMAIN}" in page
    assert policy.wanted_value(proof.token) in page
    assert "待っています" in page
    assert page.count("NXDOMAIN") == 5

    publish(zone_file, proof)
    with commit():
        hanako.post(reverse("whitelist:domain-check", args=[proof.public_id]))
    part = hanako.get(reverse("whitelist:domain-progress", args=[proof.public_id])).content.decode()
    assert "証明済み" in part
    assert "5か所中 5か所で一致" in part


@pytest.mark.parametrize("typed", ["", "co.jp", "https://bank.example.jp/", "x" * 300, "bank.example.jp\x00"])
def test_a_bad_domain_is_named_and_kept_in_the_field(hanako: Client, typed: str) -> None:
    answer = hanako.post(reverse("whitelist:domain-list"), {"domain": typed}, headers={"accept-language": "ja"})
    assert answer.status_code == 200
    assert answer.context["form"].errors["domain"]
    assert DomainProof.objects.count() == 0


def test_the_file_way_and_back(hanako: Client, proof: DomainProof, commit: Any) -> None:
    way = reverse("whitelist:domain-method", args=[proof.public_id])
    with commit():
        hanako.post(way, {"method": "file"})
    page = hanako.get(reverse("whitelist:domain-detail", args=[proof.public_id])).content.decode()
    assert policy.file_url(DOMAIN) in page
    assert hanako.post(way, {"method": "carrier pigeon"}).status_code == 302
    proof.refresh_from_db()
    assert proof.method == "file"


def test_removing_asks_first(hanako: Client, proof: DomainProof) -> None:
    address = reverse("whitelist:domain-remove", args=[proof.public_id])
    assert hanako.get(address).status_code == 200
    proof.refresh_from_db()
    assert proof.removed_at is None
    assert hanako.post(address).url == reverse("whitelist:domain-list")
    assert hanako.get(address).status_code == 404


def test_what_a_zone_says_is_shown_as_text(hanako: Client, proof: DomainProof, zone_file: Path, now: datetime) -> None:
    zone.add_record(zone_file, policy.record_name(DOMAIN), "TXT", "<script>alert(1)</script>")
    check(proof, now)
    page = hanako.get(reverse("whitelist:domain-detail", args=[proof.public_id])).content.decode()
    assert "<script>alert(1)" not in page
    assert len(re.findall("&lt;script&gt;", page)) == 5
