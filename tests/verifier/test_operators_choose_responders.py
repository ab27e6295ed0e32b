"""`manage.py ocsp_responder`: who is asked about the certificates of a CA, and how, in a row and in the trail."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from portal.audit.models import AuditEvent
from tests.verifier.bench import Bench, a_bench
from verifier import anchors, evidence
from verifier.models import OcspResponder

pytestmark = pytest.mark.django_db
URL = "https://ocsp.example.jp/phone"


@pytest.fixture
def bench() -> Bench:
    return a_bench()


def told(*arguments: str, bench: Bench, **changes: Any) -> str:
    options = {"anchor": bench.point.anchor.public_id, "medium": "phone", "url": URL, "by": "運用 修", **changes}
    given = [f"--{name}={value}" for name, value in options.items() if value is not None]
    out = StringIO()
    call_command("ocsp_responder", *given, *arguments, stdout=out)
    return out.getvalue()


def listed() -> str:
    out = StringIO()
    call_command("ocsp_responder", stdout=out)
    return out.getvalue()


def test_a_responder_is_named_changed_and_listed(bench: Bench) -> None:
    assert listed() == ""
    assert "asked about phone certificates" in told(bench=bench)
    row = OcspResponder.objects.get()
    assert (row.url, row.cert_id_hash, row.nonce, row.method) == (URL, "sha1", "required", "post")
    assert (row.max_age_seconds, row.skew_seconds, row.delegate_life_days) == (900, 60, 7)
    known = evidence.for_environment(bench.environment.pk)
    assert known.answers.has_responder(bench.point.anchor.public_id, "phone")
    options = ("--hash=sha256", "--nonce=never", "--method=get", "--keep-answers", "--sign", "--skew=300")
    told(*options, "--max-age=60", "--delegate-life=30", bench=bench, label="見本の応答局", url=URL + "/")
    row = OcspResponder.objects.get()
    assert (row.cert_id_hash, row.nonce, row.method, row.keeps_answers) == ("sha256", "never", "get", True)
    assert (row.signs_requests, row.skew_seconds, row.max_age_seconds, row.delegate_life_days) == (True, 300, 60, 30)
    assert (row.url, row.label) == (URL, "見本の応答局")
    line = listed().strip()
    assert line.startswith(f"{bench.environment.public_id} {bench.point.anchor.public_id} phone {URL}")
    assert "hash=sha256 nonce=never method=get" in line


def test_each_change_is_one_line_in_the_trail_and_saying_it_again_is_none(bench: Bench) -> None:
    for _ in range(2):
        told(bench=bench)
    told("--keep-answers", bench=bench)
    first, second = AuditEvent.objects.filter(action="ocsp_responder.set").order_by("id")
    assert first.before["url"] is None
    assert (first.after["url"], first.after["keeps_answers"]) == (URL, False)
    assert (second.before["keeps_answers"], second.after["keeps_answers"]) == (False, True)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"anchor": "anc_nobody"}, "no trusted CA"),
        ({"medium": None}, "--medium"),
        ({"url": None}, "--url"),
        ({"by": None}, "--by"),
        ({"url": "ldap://ocsp.example.jp/"}, "--url"),
        ({"url": "https:///phone"}, "--url"),
        ({"url": "https://who@ocsp.example.jp/"}, "--url"),
        ({"url": "https://[::1/"}, "--url"),
        ({"url": "https://ocsp.example.jp:x/"}, "--url"),
        ({"url": "https://ocsp.example.jp/a b"}, "--url"),
        ({"url": "https://例え.jp/"}, "--url"),
        ({"url": URL + "a" * 500}, "--url"),
        ({"skew": 4}, "--skew"),
        ({"skew": 3601}, "--skew"),
        ({"max-age": -1}, "--max-age"),
        ({"max-age": 604801}, "--max-age"),
        ({"delegate-life": -1}, "--delegate-life"),
        ({"delegate-life": 3661}, "--delegate-life"),
        ({"medium": "paper"}, "medium"),
        ({"hash": "md5"}, "hash"),
    ],
)
def test_wrong_input_is_named_and_changes_nothing(bench: Bench, changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(CommandError, match=problem):
        told(bench=bench, **changes)
    assert not OcspResponder.objects.exists()


def test_a_ca_that_is_not_trusted_any_more_has_no_responder(bench: Bench) -> None:
    anchors.distrust(bench.point.anchor, by="test")
    with pytest.raises(CommandError, match="no trusted CA"):
        told(bench=bench)
