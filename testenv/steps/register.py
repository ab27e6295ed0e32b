"""The CA's register at work: the next number, a certificate, its row. Call inside the transaction that keeps them.

The authority's row must be locked by the caller: numbers are given out under that lock, card and phone from one
sequence.
"""

import hashlib
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa

from portal.environments.models import Environment
from testenv import addresses
from testenv.ca import holder_names, issuance, issuance_rules
from testenv.ca.issuance_rules import Validity
from testenv.ca.signer import Signer
from testenv.ca.to_be_issued import ToBeIssued
from testenv.models import CertificateAuthority, IssuedCertificate, Persona
from testenv.personas import PERSONAS
from verifier.pki.profiles import Medium, Purpose, World, kind


def lock_authorities(environment: Environment) -> dict[Purpose, CertificateAuthority]:
    """Both CAs under their row locks, always in the same order."""
    rows = CertificateAuthority.objects.select_for_update().filter(environment=environment).order_by("id")
    return {Purpose(row.purpose): row for row in rows}


def take_serial(authority: CertificateAuthority) -> int:
    """The next number of the CA's one sequence."""
    authority.last_serial = issuance_rules.next_serial(authority.last_serial)
    authority.save(update_fields=["last_serial"])
    return authority.last_serial


def certify(
    authority: CertificateAuthority,
    *,
    signer: Signer,
    persona: Persona,
    medium: Medium,
    public_key: rsa.RSAPublicKey,
    validity: Validity,
    **links: Any,
) -> IssuedCertificate:
    """Issue one certificate (lint first, testenv.ca.issuance) and enter it in the register.

    `links`: device, order and linked_card_certificate of a phone certificate. Raises LintRefused.
    """
    purpose, environment, data = Purpose(authority.purpose), persona.environment, PERSONAS[persona.persona_id]
    serial = take_serial(authority)
    asked = ToBeIssued(
        kind=kind(purpose, medium, World.SANDBOX),
        subject=holder_names.subject(purpose, data.municipality, serial, validity.not_before),
        public_key=public_key,
        serial=serial,
        validity=validity,
        ocsp_url=addresses.ocsp_url(environment, purpose, medium.group),
        cps_uri=addresses.practice_statement_url(),
        attributes=data.attributes if purpose is Purpose.SIGNATURE else None,
    )
    return IssuedCertificate.objects.create(
        authority=authority,
        persona=persona,
        medium=medium.value,
        purpose=purpose.value,
        serial=serial,
        der=issuance.issue(asked, signer=signer),
        not_before=validity.not_before,
        not_after=validity.not_after,
        **links,
    )


def fingerprint(der: bytes) -> str:
    """SHA-256 of a certificate, lower-case hex: how logs name it."""
    return hashlib.sha256(der).hexdigest()
