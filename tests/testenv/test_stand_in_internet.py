"""The console writes what the stand-in's servers answer; what is malformed is refused or passed over."""

from pathlib import Path

import dns.message
import dns.query
import pytest
from django.test import Client
from django.urls import reverse

from testenv.internet import answers, zone
from testenv.internet.behaviour import Behaviour
from testenv.internet.standing_in import Internet

CONSOLE = "internet:console"


@pytest.fixture
def written(settings, internet: Internet) -> Path:
    settings.VAR_DIR = internet.folder.parent
    assert zone.folder(settings.VAR_DIR).name == "internet"
    path = zone.folder(settings.VAR_DIR) / "zone.json"
    path.unlink(missing_ok=True)
    return path


def ask(internet: Internet, name: str, kind: str, server: str = "resolver-a", tcp: bool = False) -> dns.message.Message:
    query = dns.message.make_query(name, kind)
    send = dns.query.tcp if tcp else dns.query.udp
    return send(query, answers.SERVERS[server], port=internet.dns.port, timeout=2)


@pytest.mark.django_db
def test_a_record_a_file_and_a_behaviour_are_written_and_removed(client: Client, written: Path) -> None:
    where = reverse(CONSOLE)
    record = {"act": "record", "name": "_x.bank.example.jp", "type": "TXT", "value": "v", "only_at": ["ns3"]}
    assert client.post(where, record).status_code == 302
    assert client.post(where, {"act": "file", "host": "bank.example.jp", "path": "/a", "body": "b"}).status_code == 302
    assert client.post(where, {"act": "host", "host": "bank.example.jp", "behaviour": "slow"}).status_code == 302
    found = zone.read(written)
    assert found.records_of("_x.bank.example.jp", "ns3")[0].value == "v"
    assert found.records_of("_x.bank.example.jp", "ns1") == []
    assert found.file_at("bank.example.jp", "/a") is not None
    assert found.hosts == {"bank.example.jp": "slow"}
    assert "_x.bank.example.jp" in client.get(where).content.decode()
    client.post(where, {"act": "remove", "part": "records", "place": "0"})
    client.post(where, {"act": "remove", "part": "files", "place": "77"})
    client.post(where, {"act": "remove", "part": "hosts", "place": "-1"})
    assert (zone.read(written).records, len(zone.read(written).files)) == ((), 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "posted",
    [
        {"act": "record", "name": "www.real.jp", "type": "TXT", "value": "v"},
        {"act": "record", "name": "x.example.jp", "type": "MX", "value": "v"},
        {"act": "record", "name": "x.example.jp", "type": "TXT", "value": ""},
        {"act": "file", "host": "www.real.jp", "path": "/a", "body": "b"},
        {"act": "file", "host": "a.example.jp", "path": "a", "body": "b"},
        {"act": "host", "host": "www.real.jp", "behaviour": "slow"},
        {"act": "host", "host": "a.example.jp", "behaviour": "kind"},
        {"act": "nothing"},
    ],
)
def test_what_cannot_be_written_is_named(client: Client, written: Path, posted: dict[str, str]) -> None:
    assert client.post(reverse(CONSOLE), posted).status_code == 200
    assert not written.exists()


def test_long_answers_come_over_tcp_and_strangers_are_unknown(internet: Internet) -> None:
    zone.add_record(internet.zone_file, "long.example.jp", "TXT", "x" * 2000)
    assert ask(internet, "long.example.jp", "TXT").flags & dns.flags.TC
    whole = ask(internet, "long.example.jp", "TXT", tcp=True).answer[0][0]
    assert b"".join(whole.strings) == b"x" * 2000
    assert ask(internet, "www.real.jp", "A").rcode() == dns.rcode.NXDOMAIN
    assert ask(internet, "www.real.jp", "A", server="ns1").rcode() == dns.rcode.REFUSED


@pytest.mark.parametrize("kind", ["A", "AAAA", "CAA", "DNSKEY", "CNAME"])
def test_a_record_written_badly_is_passed_over(internet: Internet, kind: str) -> None:
    zone.add_record(internet.zone_file, "odd.example.jp", kind, "not a value of this kind …")
    assert ask(internet, "odd.example.jp", kind).rcode() in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN)


def test_a_broken_zone_file_leaves_the_last_one_standing(internet: Internet) -> None:
    zone.set_host(internet.zone_file, "bank.example.jp", "missing")
    assert ask(internet, "bank.example.jp", "A").rcode() == dns.rcode.NXDOMAIN
    internet.zone_file.write_text("{ half")
    assert ask(internet, "bank.example.jp", "A").rcode() == dns.rcode.NXDOMAIN


@pytest.mark.parametrize("kind", [kind for kind in Behaviour if kind is not Behaviour.SILENT])
def test_every_behaviour_has_a_name_that_is_answered(internet: Internet, kind: Behaviour) -> None:
    reply = ask(internet, f"{kind.value}.example.jp", "A")
    exists = kind not in (Behaviour.MISSING, Behaviour.DANGLING)
    assert (reply.rcode() == dns.rcode.NOERROR) is exists
