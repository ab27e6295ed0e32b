"""A certificate that signs lists in the CA's place: admitted by hand, and believed only while it is good itself."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.management import CommandError, call_command

from portal.audit.models import AuditEvent
from tests.pure.pki.forge import key_usage, rsa_key
from tests.verifier.bench import HELD, HOUR, NOW, Bench, a_bench, crl
from verifier import anchors, intake, sources
from verifier.models import CrlSnapshot, DistributionPoint, ListSigner
from verifier.pki import certificate as certificate_format
from verifier.pki.errors import RefusedCrl

pytestmark = pytest.mark.django_db

SERIAL, HOLDER = 4242, 1001
GONE = x509.ReasonFlags.key_compromise


def delegate(bench: Bench, *, signer: str = "", name: x509.Name | None = None, **changes: Any) -> bytes:
    """A certificate of the CA's own name for the key "delegate"; its status is told by the CA's list for cards."""
    issuer = x509.load_der_x509_certificate(bench.ca.certificate_der).subject
    usage = changes.get("usage", ("crl_sign",))
    point = x509.DistributionPoint([x509.DirectoryName(bench.ca.dp_name("card"))], None, None, None)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name or issuer)
        .issuer_name(issuer)
        .serial_number(SERIAL)
        .not_valid_before(NOW - 5 * HOUR)
        .not_valid_after(changes.get("not_after", NOW + 500 * HOUR))
        .public_key(rsa_key("delegate").public_key())
        .add_extension(key_usage(usage), True)
        .add_extension(x509.CRLDistributionPoints([point]), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(bench.ca.key.public_key()), False)
    )
    return builder.sign(rsa_key(signer) if signer else bench.ca.key, hashes.SHA256()).public_bytes(Encoding.DER)


def delegated(bench: Bench, *entries: tuple[int, Any], **changes: Any) -> bytes:
    return crl(bench.ca, *entries, signer=rsa_key("delegate"), with_aki=False, **changes)


def admit(bench: Bench, tmp_path: Path, der: bytes) -> None:
    path = tmp_path / "delegate.der"
    path.write_bytes(der)
    call_command("list_signer", "admit", str(path), "--anchor", bench.point.anchor.public_id, "--by", "osamu")


@pytest.fixture
def bench(tmp_path: Path, settings: Any) -> Bench:
    settings.VERIFIER_LISTS_DIR = tmp_path / "kept"
    return a_bench(with_list=False)


@pytest.fixture
def own(bench: Bench) -> DistributionPoint:
    """The source of the list by which the CA's own key tells the delegate's status."""
    dp_name = bench.ca.dp_key("card")
    point = anchors.add_distribution_point(
        bench.environment, anchor=bench.point.anchor, dp_name=dp_name, url="", by="test"
    )
    tell(point, bench)
    return point


def tell(point: DistributionPoint, bench: Bench, *entries: tuple[int, Any], **changes: Any) -> None:
    der = crl(bench.ca, *entries, group="card", **changes)
    intake.take_in(point, intake.accept_crl(point, der), der=der)


def code(bench: Bench) -> str:
    found: str = bench.post().json()["code"]
    return found


def refusal(bench: Bench, **changes: Any) -> str:
    with pytest.raises(RefusedCrl) as refused:
        intake.accept_crl(bench.point, delegated(bench, **changes))
    return refused.value.code


def test_nobody_signs_in_the_cas_place_unless_admitted(bench: Bench, own: DistributionPoint, tmp_path: Path) -> None:
    assert refusal(bench) == "crl.bad_signature"
    admit(bench, tmp_path, delegate(bench))
    bench.take_in(delegated(bench))
    assert code(bench) == "ok"
    bench.take_in(delegated(bench, (HOLDER, GONE), number=8))
    assert code(bench) == "cert.revoked"
    assert AuditEvent.objects.filter(action="list_signer.admitted").count() == 1


def test_its_list_is_not_believed_while_its_own_status_is_unknown(bench: Bench, tmp_path: Path) -> None:
    admit(bench, tmp_path, delegate(bench))
    assert refusal(bench) == "crl.signer_unknown"


@pytest.mark.parametrize("reason", [GONE, HELD])
def test_its_list_is_refused_once_it_is_revoked_or_held(
    reason: Any, bench: Bench, own: DistributionPoint, tmp_path: Path
) -> None:
    admit(bench, tmp_path, delegate(bench))
    tell(own, bench, (SERIAL, reason), number=8)
    assert refusal(bench) == "crl.signer_revoked"


def test_a_list_taken_in_before_counts_no_more_when_its_signer_is_revoked(
    bench: Bench, own: DistributionPoint, tmp_path: Path
) -> None:
    """Neither its good nor its revoked; and a list of the CA's own takes its place."""
    admit(bench, tmp_path, delegate(bench))
    bench.take_in(delegated(bench))
    assert code(bench) == "ok"
    tell(own, bench, (SERIAL, GONE), number=8)
    assert code(bench) == "revocation.source_missing"
    assert not intake.is_at_hand(bench.point)
    bench.take_in(crl(bench.ca, number=9))
    assert code(bench) == "ok"


def test_it_does_not_vouch_for_itself(bench: Bench, own: DistributionPoint, tmp_path: Path) -> None:
    """It tells its own status in the CA's place: that is no answer."""
    admit(bench, tmp_path, delegate(bench))
    CrlSnapshot.objects.filter(point=own).delete()
    with pytest.raises(RefusedCrl, match=r"crl\.signer_unknown"):
        intake.accept_crl(own, delegated(bench, group="card"))


def test_its_list_is_not_believed_after_its_own_end(bench: Bench, own: DistributionPoint, tmp_path: Path) -> None:
    admit(bench, tmp_path, delegate(bench, not_after=NOW + timedelta(seconds=600)))
    bench.take_in(delegated(bench))
    assert code(bench) == "ok"
    type(bench.environment).objects.filter(pk=bench.environment.pk).update(clock_offset=1200)
    bench.point = sources.distribution_point(bench.point.pk) or bench.point
    assert refusal(bench) == "crl.signer_unknown"


def test_a_dismissed_signer_is_believed_no_more(bench: Bench, own: DistributionPoint, tmp_path: Path) -> None:
    der = delegate(bench)
    admit(bench, tmp_path, der)
    bench.take_in(delegated(bench))
    told = certificate_format.parse(der).sha256.hex()
    call_command("list_signer", "dismiss", "--fingerprint", told, "--by", "osamu")
    assert code(bench) == "revocation.source_missing"
    assert refusal(bench, number=8) == "crl.bad_signature"


UNFIT = {
    "another name": {"name": x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Delegate")])},
    "no leave to sign lists": {"usage": ("digital_signature",)},
    "signed by a stranger": {"signer": "impostor"},
    "over": {"not_after": NOW - HOUR},
}


@pytest.mark.parametrize("name", UNFIT)
def test_what_may_not_sign_lists_is_not_admitted(name: str, bench: Bench, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"crl\.signer_unfit"):
        admit(bench, tmp_path, delegate(bench, **UNFIT[name]))  # type: ignore[arg-type]
    assert not ListSigner.objects.exists()
