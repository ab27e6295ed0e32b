"""Differences between two lists are told to those who verified the certificate, once, and to nobody else."""

from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509
from django.utils import timezone

from tests import cast
from tests.organisations import provider_of
from tests.pure.pki.forge import Authority
from tests.verifier.bench import HELD, LIFE, NOW, Bench, a_bench, a_provider, crl
from verifier import intake, status_changes
from verifier.models import CrlSnapshot, StatusChange, Verification
from verifier.pki.profiles import Medium

pytestmark = pytest.mark.django_db

GONE = x509.ReasonFlags.affiliation_changed


@pytest.fixture
def bench() -> Bench:
    return a_bench(provider_of(cast.hanako()))


def serial_of(ca: Authority) -> int:
    return x509.load_der_x509_certificate(ca.issue(Medium.PHONE_ANDROID, **LIFE)).serial_number


@pytest.fixture
def verified(bench: Bench) -> Verification:
    answer = bench.post()
    assert answer.json()["verdict"] == "valid"
    return Verification.objects.get(public_id=answer.json()["id"])


def became(record: Verification) -> list[str]:
    return [change.became for change in status_changes.since(record)]


def test_held_released_and_revoked_are_told_in_this_order(bench: Bench, verified: Verification) -> None:
    serial = serial_of(bench.ca)
    bench.take_in(crl(bench.ca, (serial, HELD), number=8))
    bench.take_in(crl(bench.ca, number=9))
    bench.take_in(crl(bench.ca, (serial, GONE), number=10))
    bench.take_in(crl(bench.ca, (serial, GONE), (77, HELD), number=11))
    assert became(verified) == ["held", "released", "revoked"]
    last = status_changes.since(verified).last()
    assert last is not None
    assert (last.reason, last.revoked_at) == ("affiliation_changed", NOW - timedelta(hours=2))
    assert last.snapshot.number == "10"


def test_a_revoked_certificate_that_leaves_the_list_did_not_come_back(bench: Bench, verified: Verification) -> None:
    bench.take_in(crl(bench.ca, (serial_of(bench.ca), GONE), number=8))
    bench.take_in(crl(bench.ca, number=9))
    assert became(verified) == ["revoked"]


def test_the_same_list_again_tells_nothing_twice(bench: Bench, verified: Verification) -> None:
    der = crl(bench.ca, (serial_of(bench.ca), GONE), number=8)
    bench.take_in(der)
    bench.take_in(der)
    assert became(verified) == ["revoked"]


def test_a_first_list_and_a_refused_one_tell_nothing(bench: Bench, verified: Verification) -> None:
    assert StatusChange.objects.count() == 0
    bench.take_in(crl(bench.ca, (serial_of(bench.ca), GONE), number=3))
    assert StatusChange.objects.count() == 0


def test_what_was_known_before_the_verification_is_not_news(bench: Bench) -> None:
    bench.take_in(crl(bench.ca, (serial_of(bench.ca), HELD), number=8))
    answer = bench.post().json()
    assert answer["code"] == "cert.on_hold"
    bench.take_in(crl(bench.ca, number=9))
    assert became(Verification.objects.get(public_id=answer["id"])) == ["released"]


def test_a_transaction_that_fails_tells_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    der = crl(bench.ca, (serial_of(bench.ca), GONE), number=8)
    accepted = intake.accept_crl(bench.point, der)
    monkeypatch.setattr("verifier.evidence.touch", lambda pk: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        intake.store_crl(bench.point, accepted, der=der)
    assert StatusChange.objects.count() == 0
    assert CrlSnapshot.objects.get(is_current=True).number == "7"


def test_of_a_huge_difference_a_part_is_kept_and_the_rest_told(bench: Bench, settings: Any, caplog: Any) -> None:
    settings.VERIFIER_STATUS_CHANGES_PER_LIST = 5
    bench.take_in(crl(bench.ca, *((serial, GONE) for serial in range(1, 21)), number=8))
    assert StatusChange.objects.count() == 5
    assert "15 changes of status beyond 5 are not kept" in caplog.text


def test_a_certificate_of_the_same_serial_under_another_key_is_another(verified: Verification) -> None:
    other = a_bench(a_provider("Jiro's bank", "2000012010019"))
    other.take_in(crl(other.ca, (serial_of(other.ca), GONE), number=8))
    assert StatusChange.objects.count() == 1
    assert became(verified) == []


def test_no_serial_stands_in_the_table(bench: Bench) -> None:
    serial = 0x1234567
    bench.take_in(crl(bench.ca, (serial, GONE), number=8))
    row = StatusChange.objects.values().get()
    assert serial not in row.values()
    assert str(serial) not in str(row)
    assert f"{serial:x}" not in str(row)


def test_old_changes_are_forgotten(bench: Bench) -> None:
    bench.take_in(crl(bench.ca, (5, GONE), number=8))
    assert status_changes.forget_old() == 0
    StatusChange.objects.update(seen_at=timezone.now() - timedelta(days=401))
    assert status_changes.forget_old() == 1


def test_the_log_tells_it_beside_the_verdict(bench: Bench, verified: Verification) -> None:
    client = cast.browser_of(cast.hanako())
    page = f"/verifications/{verified.public_id}/"
    assert 'id="since"' not in client.get(page).content.decode()
    bench.take_in(crl(bench.ca, (serial_of(bench.ca), GONE), number=8))
    told = client.get(page).content.decode()
    assert "この証明書は、その後失効しました。" in told
    assert "affiliation_changed" in told
