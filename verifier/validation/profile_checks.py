"""The rules of the JPKI end-entity profile beyond RFC 5280 path validation: one function per rule, each with its
source.

A rule takes the certificate and its kind and returns the refusal's code, or None.  To add one: copy a sibling, cite,
add it to ``RULES`` (the order is the order of reporting), add a row to the table test.
"""

from collections.abc import Callable

from verifier.pki.certificate import Certificate
from verifier.pki.profiles import CertificateKind
from verifier.validation.signed_data import usable_rsa_key

Rule = Callable[[Certificate, CertificateKind], str | None]


def critical_extensions_are_understood(certificate: Certificate, kind: CertificateKind) -> str | None:
    """RFC 5280 section 4.2: a certificate with a critical extension that is not recognised must be rejected."""
    return "cert.unknown_critical_extension" if certificate.unknown_critical_extensions else None


def key_is_rsa_of_allowed_size(certificate: Certificate, kind: CertificateKind) -> str | None:
    """Technical standards under the JPKI Act: RSA of 2048 bits or more.  Elliptic curves are announced for the next
    card and have no published profile yet."""
    return "cert.weak_key" if usable_rsa_key(certificate.public_key) is None else None


def key_usage_is_exact_and_critical(certificate: Certificate, kind: CertificateKind) -> str | None:
    """Decoded certificates: critical, digitalSignature + nonRepudiation for signatures, digitalSignature alone for
    user authentication; the same on phones (Digital Agency briefing, June 2022).  Exactness keeps a
    user-authentication key from signing documents, and the other way round."""
    exact = certificate.key_usage == kind.key_usage
    return None if exact and certificate.key_usage_is_critical else "cert.key_usage"


def subject_is_an_end_entity(certificate: Certificate, kind: CertificateKind) -> str | None:
    """RFC 5280 section 4.2.1.9: a holder's certificate never carries the CA flag."""
    return "cert.key_usage" if certificate.is_ca else None


def policy_is_the_only_one(certificate: Certificate, kind: CertificateKind) -> str | None:
    """Decoded certificates: certificatePolicies holds one OID.  A second one would let a certificate claim two
    kinds.
    """
    return None if certificate.policies == (kind.policy_oid,) else "cert.policy"


RULES: tuple[Rule, ...] = (
    critical_extensions_are_understood,
    key_is_rsa_of_allowed_size,
    key_usage_is_exact_and_critical,
    subject_is_an_end_entity,
    policy_is_the_only_one,
)


def first_violation(certificate: Certificate, kind: CertificateKind) -> tuple[str, str] | None:
    """(code, name of the rule) of the first rule that refuses, or None."""
    for rule in RULES:
        code = rule(certificate, kind)
        if code is not None:
            return code, rule.__name__
    return None
