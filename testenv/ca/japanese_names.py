"""The Japanese directory names that go beside the DN: subjectAltName of a CA, issuerAltName of what it issued.

Real CA certificates carry C, O and two OUs in Japanese (decoded from published roots). Ours keep the form and say in
each organisational part that this is a test.
"""

from collections.abc import Mapping
from types import MappingProxyType

from cryptography import x509
from cryptography.x509.oid import NameOID

from verifier.pki.profiles import Purpose

_SERVICE = "公的個人認証サービス（試験用 sandbox）"
_NOT_THE_OPERATOR = "試験用 sandbox（地方公共団体情報システム機構ではありません）"
_UNIT: Mapping[Purpose, str] = MappingProxyType(
    {
        Purpose.SIGNATURE: "公的個人認証サービス署名用（試験用 sandbox）",
        Purpose.USER_AUTHENTICATION: "公的個人認証サービス利用者証明用（試験用 sandbox）",
    }
)


def ca_name_in_japanese(purpose: Purpose) -> x509.Name:
    """The Japanese name of the sandbox CA of that purpose, in the order C, O, OU, OU."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _SERVICE),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, _UNIT[purpose]),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, _NOT_THE_OPERATOR),
        ]
    )
