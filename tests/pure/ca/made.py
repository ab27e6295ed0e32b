"""Authorities and certificates made for these tests, their keys once a run."""

import subprocess
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding

from testenv.ca import authority, issuance
from testenv.ca.authority import Authority
from testenv.ca.holder_names import Municipality, subject
from testenv.ca.issuance_rules import Validity, ca_validity, card_validity
from testenv.ca.to_be_issued import ToBeIssued
from testenv.personas import PERSONAS
from verifier.pki.profiles import Medium, Purpose, World, kind

AT = datetime(2026, 4, 1, 0, 30, tzinfo=UTC)
HOLDER = PERSONAS["P12"]
SERIAL = 0x01000010
CPS = "http://127.0.0.1/cps"
OCSP = {"card": "http://127.0.0.1/ocsp/card", "phone": "http://127.0.0.1/ocsp/phone"}
EVERY_KIND = [(purpose, medium) for purpose in Purpose for medium in Medium]


@cache
def key(label: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@cache
def an_authority(purpose: Purpose, generation: int = 1) -> Authority:
    private_key = key(f"{purpose} {generation}")
    certificate = authority.self_signed(
        purpose, private_key, serial=0x01000000 + generation, validity=ca_validity(datetime(2026, 1, 5, tzinfo=UTC))
    )
    return authority.load(certificate, private_key)


def asked(purpose: Purpose, medium: Medium, **changes: Any) -> ToBeIssued:
    serial = changes.get("serial", SERIAL)
    parts: dict[str, Any] = {
        "kind": kind(purpose, medium, World.SANDBOX),
        "subject": subject(purpose, Municipality("99101", "Mihon-ken", "Kaku-shi"), serial, AT),
        "public_key": key("holder").public_key(),
        "serial": serial,
        "validity": card_validity(HOLDER.birth_date, AT),
        "ocsp_url": OCSP[medium.group],
        "cps_uri": CPS,
        "attributes": HOLDER.attributes if purpose is Purpose.SIGNATURE else None,
    }
    return ToBeIssued(**(parts | changes))


@cache
def a_certificate(purpose: Purpose, medium: Medium) -> bytes:
    return issuance.issue(asked(purpose, medium), signer=an_authority(purpose))


def until(moment: datetime) -> Validity:
    return Validity(AT, moment)


def pem(certificate: x509.Certificate | x509.CertificateRevocationList, path: Path) -> str:
    path.write_bytes(certificate.public_bytes(Encoding.PEM))
    return str(path)


def openssl(*arguments: str, data: bytes | None = None) -> str:
    """What OpenSSL's command says, both streams; raises when it says no."""
    done = subprocess.run(["openssl", *arguments], input=data, capture_output=True, check=False)
    said = (done.stdout + done.stderr).decode()
    if done.returncode:
        raise RuntimeError(said)
    return said
