"""What probes see of servers of every kind, against the stand-in internet: facts, never verdicts."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from testenv.internet import zone
from testenv.internet.standing_in import Internet
from whitelist.policy import server_facts
from whitelist.policy.server_facts import OpenRedirect, Outcome, ServerFacts, Trust
from whitelist.probes import look as looking
from whitelist.probes import names, tls, web

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(autouse=True)
def short_patience(monkeypatch: pytest.MonkeyPatch, internet: Internet) -> None:
    for name in ("_NAMES_SECONDS", "_TLS_SECONDS", "_WEB_SECONDS"):
        monkeypatch.setattr(looking, name, 1.0)


def look(host: str, **extras: object) -> ServerFacts:
    facts = looking.look(f"https://{host}.example.jp/jpki/return", extras, at=NOW)
    assert server_facts.from_json(facts.as_json()) == facts
    return facts


def test_a_good_server() -> None:
    facts = look("bank")
    assert facts.dns.outcome is Outcome.ANSWERED
    assert facts.dns.addresses == ("127.0.44.1",)
    assert [answer.role for answer in facts.dns.answers] == ["resolver"] * 2 + ["authority"] * 3
    assert (facts.dns.zone, facts.dns.ttl, facts.dns.is_signed, facts.dns.caa) == ("example.jp", 60, False, ())
    assert not facts.dns.answers_differ
    assert facts.tls is not None
    assert (facts.tls.outcome, facts.tls.trust, facts.tls.name_matches) == (Outcome.ANSWERED, Trust.TRUSTED, True)
    assert facts.tls.versions == ("TLSv1.2", "TLSv1.3")
    assert (facts.tls.version, facts.tls.key, facts.tls.key_bits, facts.tls.signature_hash) == (
        "TLSv1.3",
        "ec",
        256,
        "sha256",
    )
    assert facts.tls.not_after is not None
    assert facts.tls.not_after > NOW + timedelta(days=80)
    assert facts.web is not None
    assert (facts.web.status, facts.web.location, facts.web.body_kind) == (405, None, "json")
    assert facts.web.hsts == "max-age=31536000; includeSubDomains"
    assert (facts.web.cache_control, facts.web.frame_options) == ("no-store", "DENY")
    assert facts.web.open_redirect is OpenRedirect.NOT_ASKED
    assert not facts.is_inconclusive


CHAINS = {
    "incomplete": Trust.INCOMPLETE_CHAIN,
    "untrusted": Trust.UNTRUSTED,
    "self-signed": Trust.SELF_SIGNED,
    "expired": Trust.TRUSTED,
    "wrong-name": Trust.TRUSTED,
}


@pytest.mark.parametrize(("host", "trust"), CHAINS.items())
def test_what_is_wrong_with_a_chain_is_told_apart_and_no_http_is_spoken_over_it(
    internet: Internet, host: str, trust: Trust
) -> None:
    facts = look(host)
    assert facts.tls is not None
    assert facts.tls.trust is trust
    assert facts.tls.name_matches is (host != "wrong-name")
    assert facts.tls.not_after is not None
    assert (facts.tls.not_after < NOW) is (host == "expired")
    assert facts.web is None
    assert internet.web.requests == []
    assert not facts.is_inconclusive


def test_old_versions_of_tls_are_seen() -> None:
    facts = look("old-tls").tls
    assert facts is not None
    assert facts.versions == ("TLSv1", "TLSv1.1", "TLSv1.2")
    assert facts.trust is Trust.TRUSTED


def test_a_weak_key_is_seen() -> None:
    facts = look("weak-key").tls
    assert facts is not None
    assert (facts.key, facts.key_bits, facts.trust) == ("rsa", 1024, Trust.TRUSTED)


@pytest.mark.parametrize("host", ["slow", "silent", "dripping"])
def test_silence_is_inconclusive(host: str) -> None:
    facts = look(host)
    assert facts.is_inconclusive
    last = next(part for part in (facts.web, facts.tls, facts.dns) if part is not None)
    assert last.outcome is Outcome.TIMEOUT


def test_a_closed_port_is_a_fact() -> None:
    facts = look("closed")
    assert facts.tls is not None
    assert facts.tls.outcome is Outcome.REFUSED_CONNECTION
    assert not facts.is_inconclusive


def test_a_name_that_does_not_exist() -> None:
    facts = look("missing")
    assert (facts.dns.outcome, facts.tls, facts.dns.dangling_target) == (Outcome.NO_NAME, None, None)


def test_a_dangling_name() -> None:
    facts = look("dangling").dns
    assert facts.outcome is Outcome.NO_NAME
    assert facts.dangling_target == "released-application.cloud.example.net"
    assert facts.cname_chain == ("released-application.cloud.example.net",)


def test_an_inner_address_is_named_and_never_called() -> None:
    facts = look("private")
    assert facts.dns.not_public == ("10.0.0.5",)
    assert facts.tls is None


def test_an_alias_inside_is_followed(zone_file: Path) -> None:
    zone.add_record(zone_file, "apply.example.jp", "CNAME", "edge.example.net")
    facts = look("apply")
    assert facts.dns.cname_chain == ("edge.example.net",)
    assert facts.dns.dangling_target is None
    assert facts.tls is not None
    assert facts.tls.name_matches is True


def test_servers_that_disagree(zone_file: Path) -> None:
    zone.add_record(zone_file, "apply.example.jp", "A", "127.0.44.2", only_at=("ns3",))
    facts = look("apply").dns
    assert facts.answers_differ
    assert {answer.server: answer.addresses for answer in facts.answers}["ns3.example.jp"] == ("127.0.44.2",)


def test_name_servers_at_inner_addresses_are_not_asked(settings, zone_file: Path) -> None:
    """A zone may name any address for its name servers: those that lead inside get no packet."""
    settings.LOOPBACK_PORTS = {443: settings.LOOPBACK_PORTS[443]}
    answers = look("bank").dns.answers
    assert {answer.outcome for answer in answers if answer.role == "authority"} == {Outcome.REFUSED_ADDRESS}


def test_caa_and_signed_zones(zone_file: Path) -> None:
    zone.add_record(zone_file, "example.jp", "CAA", '0 issue "ca.example.net"')
    zone.add_record(zone_file, "example.jp", "DNSKEY", "257 3 13 " + "A" * 86 + "==")
    facts = names.look("apply.bank.example.jp", port=443, deadline=looking.time.monotonic() + 3)
    assert (facts.caa, facts.caa_at, facts.is_signed) == (('0 issue "ca.example.net"',), "example.jp", True)


def test_redirects_are_told_and_not_followed(internet: Internet) -> None:
    facts = look("redirecting").web
    assert facts is not None
    assert (facts.status, facts.location) == (302, "https://elsewhere.example.com/")
    assert all(asked.startswith("redirecting.example.jp/") for asked in internet.web.requests)


def test_open_redirects_are_asked_about_only_when_agreed(internet: Internet) -> None:
    silent = look("open-redirect").web
    assert silent is not None
    assert silent.open_redirect is OpenRedirect.NOT_ASKED
    assert internet.web.requests == ["open-redirect.example.jp/jpki/return"]
    asked = look("open-redirect", open_redirect=True).web
    assert asked is not None
    assert asked.open_redirect is OpenRedirect.FOUND
    assert [(r.parameter, r.location) for r in asked.redirects] == [("next", f"https://{web.MARKER}/next")]
    good = look("bank", open_redirect=True).web
    assert good is not None
    assert good.open_redirect is OpenRedirect.NONE


def test_a_stack_trace_and_a_page_are_seen() -> None:
    broken, page = look("broken").web, look("html").web
    assert broken is not None
    assert page is not None
    assert (broken.status, broken.shows_trace, broken.body_kind) == (500, True, "text")
    assert (page.status, page.shows_trace, page.body_kind) == (200, False, "html")


def test_the_asker_says_who_it_is(internet: Internet, settings, client) -> None:
    look("bank")
    assert set(internet.web.agents) == {settings.PROBE_USER_AGENT}
    page = client.get("/whitelist/probes/")
    assert settings.PROBE_USER_AGENT in page.content.decode()


ASSET_LINKS = """[{"relation": ["delegate_permission/common.handle_all_urls"], "target": {
 "namespace": "android_app", "package_name": "jp.example.bank", "sha256_cert_fingerprints": ["aa:bb"]}}]"""
AASA = '{"applinks": {"details": [{"appIDs": ["TEAM123456.jp.example.bank"], "components": []}]}}'


def test_association_files(zone_file: Path) -> None:
    host = "bank.example.jp"
    zone.put_file(zone_file, host, "/.well-known/assetlinks.json", ASSET_LINKS, content_type="application/json")
    zone.put_file(zone_file, host, "/.well-known/apple-app-site-association", AASA, content_type="application/json")
    android, ios = look("bank", android="jp.example.bank", ios="TEAM123456.jp.example.bank").app_links
    assert (android.is_json, android.names_app, android.fingerprints) == (True, True, ("AA:BB",))
    assert (ios.is_json, ios.names_app, ios.identifiers) == (True, True, ("TEAM123456.jp.example.bank",))


@pytest.mark.parametrize("body", ["<html>", "[1, 2]", "{}", '[{"relation": 1, "target": []}]', "[" * 5000, ""])
def test_association_files_that_are_none(zone_file: Path, body: str) -> None:
    zone.put_file(zone_file, "bank.example.jp", "/.well-known/assetlinks.json", body)
    zone.put_file(zone_file, "bank.example.jp", "/.well-known/apple-app-site-association", body)
    for file in look("bank", android="jp.example.bank", ios="T.jp.example.bank").app_links:
        assert (file.outcome, file.names_app, file.identifiers) == (Outcome.ANSWERED, False, ())


def test_a_missing_association_file() -> None:
    (file,) = look("bank", android="jp.example.bank").app_links
    assert (file.status, file.is_json, file.names_app) == (404, False, False)


@pytest.mark.parametrize(
    ("name", "host", "matches"),
    [
        ("bank.example.jp", "bank.example.jp", True),
        ("*.example.jp", "bank.example.jp", True),
        ("*.example.jp", "apply.bank.example.jp", False),
        ("*.example.jp", "example.jp", False),
        ("b*.example.jp", "bank.example.jp", False),
        ("*", "bank", False),
    ],
)
def test_names_of_certificates(name: str, host: str, matches: bool) -> None:
    assert tls._matches(name, host) is matches
