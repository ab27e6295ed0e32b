"""A last look at the to-be-signed bytes before the CA's key is used.

One function a rule, each with its source; a rule answers True when it is kept. The rules read the finished certificate
(the twin under a throw-away key) and share no code with the verifier's judgement: a misreading made twice in the same
way would be issued and then accepted.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtensionOID, NameOID

from testenv.ca.to_be_issued import ToBeIssued
from verifier.pki.profiles import Purpose, crl_dp_name


@dataclass(frozen=True)
class Sight:
    """What a rule may look at: the twin, what was asked for, and the CA that is to sign."""

    twin: x509.Certificate
    asked: ToBeIssued
    issuer: x509.Certificate

    @property
    def is_signature(self) -> bool:
        return self.asked.kind.purpose is Purpose.SIGNATURE


def _version(sight: Sight) -> bool:
    """v3, since there are extensions (RFC 5280, 4.1.2.1)."""
    return sight.twin.version is x509.Version.v3


def _serial(sight: Sight) -> bool:
    """Positive and at most four octets (RFC 5280, 4.1.2.2; length seen in published certificates)."""
    return 0 < sight.twin.serial_number < 2**31 and sight.twin.serial_number == sight.asked.serial


def _algorithm(sight: Sight) -> bool:
    """sha256WithRSAEncryption (technical standard for JPKI; published certificates)."""
    return sight.twin.signature_algorithm_oid.dotted_string == "1.2.840.113549.1.1.11"


def _issuer(sight: Sight) -> bool:
    """The issuer is the CA to the last byte, and a CA of the sandbox."""
    organisation = sight.twin.issuer.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    same: bool = sight.twin.issuer.public_bytes() == sight.issuer.subject.public_bytes()
    return same and [item.value for item in organisation] == ["JPKI-SANDBOX"]


_SUBJECT_FORMS: Mapping[bool, list[x509.ObjectIdentifier]] = MappingProxyType(
    {
        True: [NameOID.COUNTRY_NAME, NameOID.LOCALITY_NAME, NameOID.LOCALITY_NAME, NameOID.COMMON_NAME],
        False: [NameOID.COUNTRY_NAME, NameOID.COMMON_NAME],
    }
)


def _subject(sight: Sight) -> bool:
    """C, L, L, CN for signatures, C, CN for user authentication; pure ASCII, so no name of a person (decoded)."""
    form = [attribute.oid for attribute in sight.twin.subject]
    return form == _SUBJECT_FORMS[sight.is_signature] and sight.twin.subject.rfc4514_string().isascii()


def _validity(sight: Sight) -> bool:
    """As asked, and inside the CA's own window (shell model; an end-entity never outlives its CA here)."""
    window = (sight.twin.not_valid_before_utc, sight.twin.not_valid_after_utc)
    asked = (sight.asked.validity.not_before, sight.asked.validity.not_after)
    inside = sight.issuer.not_valid_before_utc <= window[0] and window[1] <= sight.issuer.not_valid_after_utc
    return window == asked and inside


def _end_of_day(sight: Sight) -> bool:
    """Ends at 14:59:59 UTC, the end of a Japanese day (every published certificate)."""
    return f"{sight.twin.not_valid_after_utc:%H%M%S}" == "145959"


def _public_key(sight: Sight) -> bool:
    """RSA of 2048 bits or more with e = 65537 (technical standard for JPKI), and not the CA's own key."""
    key = sight.twin.public_key()
    if not isinstance(key, rsa.RSAPublicKey) or key == sight.issuer.public_key():
        return False
    return key.key_size >= 2048 and key.public_numbers().e == 65537


_REQUIRED = (
    ExtensionOID.KEY_USAGE,
    ExtensionOID.CERTIFICATE_POLICIES,
    ExtensionOID.ISSUER_ALTERNATIVE_NAME,
    ExtensionOID.CRL_DISTRIBUTION_POINTS,
    ExtensionOID.AUTHORITY_KEY_IDENTIFIER,
    ExtensionOID.AUTHORITY_INFORMATION_ACCESS,
    ExtensionOID.SUBJECT_KEY_IDENTIFIER,
)
_CRITICAL = (ExtensionOID.KEY_USAGE, ExtensionOID.CERTIFICATE_POLICIES)


def _extension_set(sight: Sight) -> bool:
    """Exactly the extensions of the profile; personal data in signature certificates only (decoded)."""
    expected = {*_REQUIRED, ExtensionOID.SUBJECT_ALTERNATIVE_NAME} if sight.is_signature else {*_REQUIRED}
    return {extension.oid for extension in sight.twin.extensions} == expected


def _criticality(sight: Sight) -> bool:
    """Key usage and policies are critical, nothing else (decoded; verifiers have stumbled over critical policies)."""
    return all(extension.critical is (extension.oid in _CRITICAL) for extension in sight.twin.extensions)


def _key_usage(sight: Sight) -> bool:
    """digitalSignature, with nonRepudiation exactly in signature certificates (decoded; same on the phone)."""
    usage = sight.twin.extensions.get_extension_for_class(x509.KeyUsage).value
    others = (usage.key_encipherment, usage.data_encipherment, usage.key_agreement, usage.key_cert_sign, usage.crl_sign)
    return usage.digital_signature and usage.content_commitment is sight.is_signature and not any(others)


def _policies(sight: Sight) -> bool:
    """One policy, the kind's, with one CPS URI (decoded from a real signature certificate)."""
    policies = list(sight.twin.extensions.get_extension_for_class(x509.CertificatePolicies).value)
    if [policy.policy_identifier.dotted_string for policy in policies] != [sight.asked.kind.policy_oid]:
        return False
    qualifiers = policies[0].policy_qualifiers
    return qualifiers is not None and list(qualifiers) == [sight.asked.cps_uri]


_ATTRIBUTE_ORDER = [f"1.2.392.200149.8.5.5.{item}" for item in (1, 4, 3, 5, 2, 6)]


def _attributes(sight: Sight) -> bool:
    """The basic four attributes as otherNames in the order 1, 4, 3, 5, 2, 6 (decoded from a test card)."""
    if not sight.is_signature:
        return True
    names = sight.twin.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    order = [name.type_id.dotted_string for name in names if isinstance(name, x509.OtherName)]
    return order[:6] == _ATTRIBUTE_ORDER and len(order) == len(list(names))


def _directory_names(names: list[x509.GeneralName] | x509.IssuerAlternativeName) -> list[x509.Name]:
    return [name.value for name in names if isinstance(name, x509.DirectoryName)]


def _issuer_in_japanese(sight: Sight) -> bool:
    """issuerAltName is the CA's own subjectAltName, one directory name (decoded)."""
    theirs = sight.twin.extensions.get_extension_for_class(x509.IssuerAlternativeName).value
    own = sight.issuer.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return len(list(theirs)) == 1 and _directory_names(theirs) == _directory_names(list(own))


def _distribution_point(sight: Sight) -> bool:
    """One distribution point, a directory name, the card's or the phone's (decoded; briefing of June 2022)."""
    points = list(sight.twin.extensions.get_extension_for_class(x509.CRLDistributionPoints).value)
    kind = sight.asked.kind
    if len(points) != 1 or points[0].reasons or points[0].crl_issuer or not points[0].full_name:
        return False
    return _directory_names(points[0].full_name) == [crl_dp_name(kind.purpose, kind.medium.group, kind.world)]


def _key_identifiers(sight: Sight) -> bool:
    """AKI names the CA's SKI; SKI is the SHA-1 of the key (RFC 5280, 4.2.1.1 and 4.2.1.2, method 1)."""
    extensions = sight.twin.extensions
    authority = extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
    own = extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    issuer = sight.issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    expected = x509.SubjectKeyIdentifier.from_public_key(sight.asked.public_key)
    return authority.key_identifier == issuer.digest and own == expected


def _ocsp(sight: Sight) -> bool:
    """One OCSP location and no other access (RFC 5280, 4.2.2.1; separate URLs for card and phone)."""
    access = list(sight.twin.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value)
    if [item.access_method for item in access] != [AuthorityInformationAccessOID.OCSP]:
        return False
    return bool(access[0].access_location == x509.UniformResourceIdentifier(sight.asked.ocsp_url))


Rule = Callable[[Sight], bool]

_SHAPE: Mapping[str, Rule] = MappingProxyType(
    {
        "lint.version": _version,
        "lint.serial": _serial,
        "lint.algorithm": _algorithm,
        "lint.issuer": _issuer,
        "lint.subject": _subject,
        "lint.validity": _validity,
        "lint.end_of_day": _end_of_day,
        "lint.public_key": _public_key,
        "lint.extension_set": _extension_set,
        "lint.criticality": _criticality,
    }
)
# These read an extension each, so they make sense only once the set is right.
_CONTENT: Mapping[str, Rule] = MappingProxyType(
    {
        "lint.key_usage": _key_usage,
        "lint.policies": _policies,
        "lint.attributes": _attributes,
        "lint.issuer_in_japanese": _issuer_in_japanese,
        "lint.distribution_point": _distribution_point,
        "lint.key_identifiers": _key_identifiers,
        "lint.ocsp": _ocsp,
    }
)
CODES = (*_SHAPE, *_CONTENT)


def check(twin: x509.Certificate, asked: ToBeIssued, issuer: x509.Certificate) -> tuple[str, ...]:
    """The codes of the rules the twin breaks; none when it may be signed."""
    sight = Sight(twin, asked, issuer)
    findings = [code for code, rule in _SHAPE.items() if not rule(sight)]
    if "lint.extension_set" not in findings:
        findings += [code for code, rule in _CONTENT.items() if not rule(sight)]
    return tuple(findings)
