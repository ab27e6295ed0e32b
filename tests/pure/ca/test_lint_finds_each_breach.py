"""Every lint rule, broken alone: a certificate of the right shape with one thing wrong gets that one code."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from asn1crypto import x509 as judge
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

from testenv.ca import issuance, lint
from testenv.ca.authority import Authority, directory_distribution_point, key_usage
from testenv.ca.to_be_issued import ToBeIssued
from tests.pure.ca.made import AT, CPS, a_certificate, an_authority, asked, key, until
from verifier.pki.profiles import Medium, Purpose, World, ca_name, crl_dp_name

SIGNATURE = Purpose.SIGNATURE
Values = dict[type[x509.ExtensionType], tuple[x509.ExtensionType, bool]]


def remade(change: Callable[[Values], None] = lambda values: None, **parts: Any) -> x509.Certificate:
    """A good certificate taken apart and put together again, with parts or extensions exchanged."""
    good = x509.load_der_x509_certificate(a_certificate(SIGNATURE, Medium.CARD))
    values: Values = {type(e.value): (e.value, e.critical) for e in good.extensions}
    change(values)
    builder = x509.CertificateBuilder(
        issuer_name=parts.get("issuer", good.issuer),
        subject_name=parts.get("subject", good.subject),
        public_key=parts.get("public_key", good.public_key()),
        serial_number=parts.get("serial", good.serial_number),
        not_valid_before=parts.get("not_before", good.not_valid_before_utc).replace(tzinfo=None),
        not_valid_after=parts.get("not_after", good.not_valid_after_utc).replace(tzinfo=None),
    )
    for value, critical in values.values():
        builder = builder.add_extension(value, critical)
    return builder.sign(key("throw-away"), parts.get("hash", hashes.SHA256()))


def put(value: x509.ExtensionType, critical: bool = False) -> Callable[[Values], None]:
    return lambda values: values.update({type(value): (value, critical)})


def drop(kind: type[x509.ExtensionType]) -> Callable[[Values], None]:
    return lambda values: values.pop(kind) and None


def version_1() -> x509.Certificate:
    certificate = judge.Certificate.load(a_certificate(SIGNATURE, Medium.CARD))
    certificate["tbs_certificate"]["version"] = "v1"
    del certificate["tbs_certificate"]["extensions"]
    return x509.load_der_x509_certificate(certificate.dump(force=True))


def with_name(organisation: str) -> x509.Name:
    parts = list(ca_name(SIGNATURE, World.SANDBOX))
    return x509.Name([parts[0], x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation), *parts[2:]])


def subject_with(*attributes: tuple[x509.ObjectIdentifier, str]) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"), *(x509.NameAttribute(*a) for a in attributes)])


def policies(oid: str, *qualifiers: str | x509.UserNotice) -> x509.CertificatePolicies:
    return x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier(oid), list(qualifiers) or None)])


def reordered(values: Values) -> None:
    names = list(values[x509.SubjectAlternativeName][0])  # type: ignore[call-overload]
    put(x509.SubjectAlternativeName([names[1], names[0], *names[2:]]))(values)


def with_mail(values: Values) -> None:
    names = list(values[x509.SubjectAlternativeName][0])  # type: ignore[call-overload]
    put(x509.SubjectAlternativeName([*names, x509.RFC822Name("a@example.jp")]))(values)


def aia(*access: tuple[x509.ObjectIdentifier, str]) -> x509.AuthorityInformationAccess:
    return x509.AuthorityInformationAccess(
        [x509.AccessDescription(method, x509.UniformResourceIdentifier(url)) for method, url in access]
    )


POLICY = asked(SIGNATURE, Medium.CARD).kind.policy_oid
END = asked(SIGNATURE, Medium.CARD).validity.not_after
LOCALITIES = ((NameOID.LOCALITY_NAME, "Mihon-ken"), (NameOID.LOCALITY_NAME, "Kaku-shi"))
DP = crl_dp_name(SIGNATURE, "card", World.SANDBOX)

BREACHES: list[tuple[str, Callable[[], x509.Certificate]]] = [
    ("lint.serial", lambda: remade(serial=2**31)),
    ("lint.serial", lambda: remade(serial=5)),
    ("lint.algorithm", lambda: remade(hash=hashes.SHA512())),
    ("lint.issuer", lambda: remade(issuer=with_name("JPKI"))),
    ("lint.issuer", lambda: remade(issuer=ca_name(Purpose.USER_AUTHENTICATION, World.SANDBOX))),
    ("lint.subject", lambda: remade(subject=subject_with((NameOID.COMMON_NAME, "x")))),
    ("lint.subject", lambda: remade(subject=subject_with(*LOCALITIES, (NameOID.COMMON_NAME, "見本　花子")))),
    ("lint.validity", lambda: remade(not_before=AT - timedelta(seconds=1))),
    ("lint.validity", lambda: remade(not_after=END + timedelta(days=1))),
    ("lint.public_key", lambda: remade(public_key=rsa.generate_private_key(65537, 1024).public_key())),
    ("lint.public_key", lambda: remade(public_key=rsa.generate_private_key(3, 2048).public_key())),
    ("lint.public_key", lambda: remade(public_key=ec.generate_private_key(ec.SECP256R1()).public_key())),
    ("lint.public_key", lambda: remade(public_key=an_authority(SIGNATURE).private_key.public_key())),
    ("lint.extension_set", lambda: remade(drop(x509.CertificatePolicies))),
    ("lint.extension_set", lambda: remade(drop(x509.SubjectAlternativeName))),
    ("lint.extension_set", lambda: remade(put(x509.BasicConstraints(ca=False, path_length=None)))),
    ("lint.criticality", lambda: remade(put(policies(POLICY, CPS), critical=False))),
    ("lint.criticality", lambda: remade(put(directory_distribution_point(DP), critical=True))),
    ("lint.key_usage", lambda: remade(put(key_usage("digital_signature"), critical=True))),
    ("lint.key_usage", lambda: remade(put(key_usage("content_commitment"), critical=True))),
    (
        "lint.key_usage",
        lambda: remade(put(key_usage("digital_signature", "content_commitment", "key_cert_sign"), critical=True)),
    ),
    ("lint.policies", lambda: remade(put(policies("1.2.392.200149.8.5.1.1.20", CPS), critical=True))),
    ("lint.policies", lambda: remade(put(policies(POLICY), critical=True))),
    ("lint.policies", lambda: remade(put(policies(POLICY, CPS, CPS), critical=True))),
    ("lint.attributes", lambda: remade(reordered)),
    ("lint.attributes", lambda: remade(with_mail)),
    (
        "lint.issuer_in_japanese",
        lambda: remade(put(x509.IssuerAlternativeName([x509.DirectoryName(ca_name(SIGNATURE, World.SANDBOX))]))),
    ),
    (
        "lint.distribution_point",
        lambda: remade(put(directory_distribution_point(crl_dp_name(SIGNATURE, "phone", World.SANDBOX)))),
    ),
    (
        "lint.distribution_point",
        lambda: remade(
            put(
                x509.CRLDistributionPoints(
                    [x509.DistributionPoint([x509.UniformResourceIdentifier("http://127.0.0.1/crl")], None, None, None)]
                )
            )
        ),
    ),
    (
        "lint.key_identifiers",
        lambda: remade(
            put(x509.AuthorityKeyIdentifier.from_issuer_public_key(an_authority(SIGNATURE, 2).private_key.public_key()))
        ),
    ),
    ("lint.key_identifiers", lambda: remade(put(x509.SubjectKeyIdentifier(b"\x00" * 20)))),
    ("lint.ocsp", lambda: remade(put(aia((AuthorityInformationAccessOID.OCSP, "http://127.0.0.1/ocsp/phone"))))),
    (
        "lint.ocsp",
        lambda: remade(put(aia((AuthorityInformationAccessOID.CA_ISSUERS, "http://127.0.0.1/ocsp/card")))),
    ),
]


def findings(twin: x509.Certificate, request: ToBeIssued | None = None) -> tuple[str, ...]:
    return lint.check(twin, request or asked(SIGNATURE, Medium.CARD), an_authority(SIGNATURE).certificate)


def test_the_good_one_taken_apart_and_put_together_has_no_finding() -> None:
    assert findings(remade()) == ()


@pytest.mark.parametrize(("code", "breach"), BREACHES, ids=[f"{i}-{code}" for i, (code, _) in enumerate(BREACHES)])
def test_a_breach_is_found(code: str, breach: Callable[[], x509.Certificate]) -> None:
    found = findings(breach())
    # Another key also has another identifier; for the rest the finding stands alone.
    assert set(found) - {"lint.key_identifiers"} == {code} - {"lint.key_identifiers"}
    assert code in found


def test_a_version_1_certificate_is_found() -> None:
    assert set(findings(version_1())) == {"lint.version", "lint.extension_set"}


def test_an_end_in_the_middle_of_the_day_is_found() -> None:
    noon = END.replace(hour=3)
    request = asked(SIGNATURE, Medium.CARD, validity=until(noon))
    assert findings(remade(not_after=noon), request) == ("lint.end_of_day",)


def test_a_certificate_that_outlives_its_ca_is_found() -> None:
    late = an_authority(SIGNATURE).certificate.not_valid_after_utc + timedelta(days=1)
    request = asked(SIGNATURE, Medium.CARD, validity=until(late))
    assert findings(remade(not_after=late), request) == ("lint.validity",)


def test_every_code_is_tried() -> None:
    assert set(lint.CODES) == {code for code, _ in BREACHES} | {"lint.version", "lint.end_of_day"}


class Untouchable:
    """A signer whose key must not be asked for."""

    def __init__(self, authority: Authority) -> None:
        self.certificate = authority.certificate

    @property
    def private_key(self) -> rsa.RSAPrivateKey:
        raise AssertionError("the CA's key was touched")


def test_the_ca_key_is_not_touched_when_the_lint_has_something_to_say() -> None:
    request = replace(asked(SIGNATURE, Medium.CARD), validity=until(END.replace(hour=3)))
    with pytest.raises(issuance.LintRefused) as refusal:
        issuance.issue(request, signer=Untouchable(an_authority(SIGNATURE)))
    assert refusal.value.findings == ("lint.end_of_day",)


def test_the_wrong_ca_is_refused_before_its_key_is_touched() -> None:
    with pytest.raises(issuance.LintRefused) as refusal:
        issuance.issue(asked(SIGNATURE, Medium.CARD), signer=Untouchable(an_authority(Purpose.USER_AUTHENTICATION)))
    assert "lint.distribution_point" not in refusal.value.findings
    assert refusal.value.findings == ("lint.issuer_in_japanese",)
