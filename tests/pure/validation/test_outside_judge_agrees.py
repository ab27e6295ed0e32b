"""The `openssl` command as an outside judge of chain and revocation, on the same bytes at the same moment."""

import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tests.pure.pki.forge import DAY, NOW, Authority, an_authority, rsa_key, unknown_extension
from verifier.pki.profiles import World
from verifier.validation.crl_index import CrlIndex
from verifier.validation.signature import inspect
from verifier.validation.trust import TrustStore

CA = an_authority("sign-1")
HOLD = [(1001, x509.ReasonFlags.certificate_hold)]


def openssl_accepts(tmp_path: Path, certificate: bytes, revocation_list: bytes | None, anchor: Authority) -> bool:
    ca, leaf, crl = tmp_path / "ca.pem", tmp_path / "leaf.pem", tmp_path / "crl.pem"
    ca.write_bytes(x509.load_der_x509_certificate(anchor.certificate_der).public_bytes(Encoding.PEM))
    leaf.write_bytes(x509.load_der_x509_certificate(certificate).public_bytes(Encoding.PEM))
    command = ["openssl", "verify", "-crl_check", "-extended_crl"]
    command += ["-attime", str(int(NOW.timestamp())), "-CAfile", str(ca)]
    if revocation_list is not None:
        crl.write_bytes(x509.load_der_x509_crl(revocation_list).public_bytes(Encoding.PEM))
        command += ["-CRLfile", str(crl)]
    return subprocess.run([*command, str(leaf)], capture_output=True, check=False).returncode == 0


def stale_list() -> bytes:
    return CA.crl(this_update=NOW - 3 * DAY, next_update=NOW - 2 * DAY)


CASES = {
    "good": (lambda: CA.issue(), lambda: CA.crl(), "ok"),
    "good among others": (lambda: CA.issue(), lambda: CA.crl([(7, None), (1002, None)]), "ok"),
    "revoked": (lambda: CA.issue(), lambda: CA.crl([(1001, x509.ReasonFlags.superseded)]), "cert.revoked"),
    "on hold": (lambda: CA.issue(), lambda: CA.crl(HOLD), "cert.on_hold"),
    "no list": (lambda: CA.issue(), lambda: None, "revocation.source_missing"),
    "stale list": (lambda: CA.issue(), stale_list, "revocation.source_stale"),
    "the phone's list": (lambda: CA.issue(), lambda: CA.crl(group="phone"), "revocation.source_missing"),
    "expired": (lambda: CA.issue(not_after=NOW - DAY), lambda: CA.crl(), "cert.expired"),
    "not yet valid": (lambda: CA.issue(not_before=NOW + DAY), lambda: CA.crl(), "cert.not_yet_valid"),
    "impostor": (lambda: CA.issue(signer=rsa_key("impostor")), lambda: CA.crl(), "cert.bad_signature"),
    "unknown critical extension": (
        lambda: CA.issue(extra=((unknown_extension(), True),)),
        lambda: CA.crl(),
        "cert.unknown_critical_extension",
    ),
    "another environment": (lambda: an_authority("sign-2").issue(), lambda: CA.crl(), "cert.issuer_unknown"),
}


@pytest.mark.parametrize("name", CASES)
def test_openssl_agrees(name: str, tmp_path: Path) -> None:
    make_certificate, make_list, code = CASES[name]
    certificate, revocation_list = make_certificate(), make_list()
    index = CrlIndex()
    if revocation_list is not None and name != "the phone's list":
        index = CA.index(revocation_list, at=NOW if name != "stale list" else NOW - 2 * DAY)

    verdict = inspect(certificate, trust=TrustStore((CA.anchor,)), crls=index, world=World.SANDBOX, at=NOW)

    assert verdict.code == code
    assert openssl_accepts(tmp_path, certificate, revocation_list, CA) is (code == "ok")
