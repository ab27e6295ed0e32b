"""The rules of the JPKI end-entity profile beyond RFC 5280 path validation: one function per rule, each with its
source.

A rule takes the certificate and its kind and returns the refusal, or None.  To add one: copy a sibling, cite, add it
to ``RULES`` (the order is the order of reporting), add a row to the table test.
"""

from collections.abc import Callable

from cryptography import x509
from cryptography.x509.oid import NameOID

from verifier.pki import oids
from verifier.pki.certificate import Certificate
from verifier.pki.profiles import CertificateKind, Purpose
from verifier.validation.paths.refusal import Refusal

Rule = Callable[[Certificate, CertificateKind], Refusal | None]

# What an extendedKeyUsage has to allow, where there is one (RFC 5280 section 4.2.1.12 and RFC 9336); any one will do.
# Decoded certificates bear none.
KEY_PURPOSES: dict[Purpose, frozenset[str]] = {
    Purpose.SIGNATURE: frozenset((oids.EMAIL_PROTECTION, oids.DOCUMENT_SIGNING)),
    Purpose.USER_AUTHENTICATION: frozenset((oids.CLIENT_AUTH,)),
}


def critical_extensions_are_understood(certificate: Certificate, kind: CertificateKind) -> Refusal | None:
    """RFC 5280 section 4.2: a certificate with a critical extension that is not recognised must be rejected.  Those
    that only a CA may bear are not recognised in a holder's."""
    unknown = certificate.unknown_critical_extensions
    return Refusal("cert.unknown_critical_extension", 0, unknown[0]) if unknown else None


def key_is_of_an_allowed_algorithm(certificate: Certificate, kind: CertificateKind) -> Refusal | None:
    """Technical standards under the JPKI Act: RSA of 2048 bits or more.  Elliptic curves are announced for the next
    card and have no published profile yet: only the sandbox's kinds allow them."""
    return Refusal("cert.weak_key", 0) if certificate.key_algorithm not in kind.algorithms else None


def key_usage_is_exact_and_critical(certificate: Certificate, kind: CertificateKind) -> Refusal | None:
    """Decoded certificates: critical, digitalSignature + nonRepudiation for signatures, digitalSignature alone for
    user authentication; the same on phones (Digital Agency briefing, June 2022).  Exactness keeps a
    user-authentication key from signing documents, and the other way round."""
    exact = certificate.key_usage == kind.key_usage
    return None if exact and certificate.key_usage_is_critical else Refusal("cert.key_usage", 0, oids.KEY_USAGE)


def subject_is_an_end_entity(certificate: Certificate, kind: CertificateKind) -> Refusal | None:
    """RFC 5280 section 4.2.1.9: a holder's certificate never carries the CA flag."""
    return Refusal("cert.key_usage", 0, oids.BASIC_CONSTRAINTS) if certificate.is_ca else None


def policy_is_the_only_one(certificate: Certificate, kind: CertificateKind) -> Refusal | None:
    """Decoded certificates: certificatePolicies holds one OID.  A second one would let a certificate claim two
    kinds.
    """
    only = certificate.policies == (kind.policy_oid,)
    return None if only else Refusal("cert.policy", 0, oids.CERTIFICATE_POLICIES)


def distribution_point_is_of_the_published_form(certificate: Certificate, kind: CertificateKind) -> Refusal | None:
    """Decoded signature certificates: one directory name, closed by OU=CRL Distribution Points, OU=<prefecture> and
    CN=<municipality> CRLDP.  Demanded where the table has the form as public; an assumed form describes and no more
    (see there why)."""
    if kind.crl_dp_form != "municipality" or kind.mark("crl_dp_form").basis != "public":
        return None
    points = certificate.crl_dp_names
    fits = len(points) == 1 and _names_a_municipality(points[0])
    return None if fits else Refusal("cert.distribution_point", 0, oids.CRL_DISTRIBUTION_POINTS)


def _names_a_municipality(name: x509.Name) -> bool:
    *_, unit, prefecture, town = [None] * 3 + list(name)
    if unit is None or prefecture is None or town is None:
        return False
    forms = [unit.oid, prefecture.oid, town.oid]
    return (
        forms == [NameOID.ORGANIZATIONAL_UNIT_NAME, NameOID.ORGANIZATIONAL_UNIT_NAME, NameOID.COMMON_NAME]
        and unit.value == "CRL Distribution Points"
        and str(town.value).endswith(" CRLDP")
    )


RULES: tuple[Rule, ...] = (
    critical_extensions_are_understood,
    key_is_of_an_allowed_algorithm,
    key_usage_is_exact_and_critical,
    subject_is_an_end_entity,
    policy_is_the_only_one,
    distribution_point_is_of_the_published_form,
)


def first_violation(certificate: Certificate, kind: CertificateKind) -> tuple[Refusal, str] | None:
    """The first rule that refuses: what it says, and its name."""
    for rule in RULES:
        refusal = rule(certificate, kind)
        if refusal is not None:
            return refusal, rule.__name__
    return None
