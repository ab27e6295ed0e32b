"""Every parser that meets outside bytes: what it reads, good examples to damage, and the refusals it may end in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from testenv.ca.ocsp_building import MalformedQuestion, read_question
from tests.pure.ca.test_ocsp_building import a_request
from tests.pure.pki.forge import an_authority, long_crl, rsa_key
from tests.pure.validation import ocsp_forge
from verifier.pki import certificate, cms, crl, ocsp
from verifier.pki.crl_walk import WIDE_FROM_BYTES
from verifier.pki.errors import MalformedInput
from verifier.pki.profiles import Medium, Purpose
from verifier.validation.paths import certificate as path_certificate
from verifier.validation.paths import revocation_list

CA = an_authority("fuzz", Purpose.SIGNATURE)
CERTIFICATES = (CA.issue(Medium.CARD), CA.issue(Medium.PHONE_IPHONE), CA.certificate_der)
LISTS = (CA.crl(), CA.crl([(7, None), (1 << 150, None)]), long_crl(CA, range(1, 20)))
# Long enough for the walk in array operations, which reads lists of 10^5 entries.
LONG_LIST = long_crl(CA, range(1, WIDE_FROM_BYTES // 30))


def _signed(*options: pkcs7.PKCS7Options) -> bytes:
    holder = x509.load_der_x509_certificate(CERTIFICATES[0])
    signing = pkcs7.PKCS7SignatureBuilder().set_data(b"an application")
    signing = signing.add_signer(holder, rsa_key("holder"), hashes.SHA256())
    return signing.sign(Encoding.DER, [pkcs7.PKCS7Options.Binary, *options])


@dataclass(frozen=True)
class Parser:
    read: Callable[[bytes], object]
    seeds: Sequence[bytes]
    refusals: tuple[type[Exception], ...] = (MalformedInput,)

    def refused(self, data: bytes) -> Exception | None:
        """The named refusal of these bytes, None if they are read; anything else is raised."""
        try:
            self.read(data)
        except self.refusals as error:
            return error
        return None


PARSERS: dict[str, Parser] = {
    "certificate": Parser(certificate.parse, CERTIFICATES),
    "certificate of a path": Parser(path_certificate.parse, CERTIFICATES),
    "revocation list": Parser(crl.parse, LISTS),
    "long revocation list": Parser(crl.parse, (LONG_LIST,)),
    "revocation list of a path": Parser(revocation_list.parse, LISTS),
    "OCSP response": Parser(ocsp.parse, (ocsp_forge.response(), ocsp_forge.unsuccessful("try_later"))),
    "CMS": Parser(cms.parse, (_signed(), _signed(pkcs7.PKCS7Options.DetachedSignature))),
    "OCSP request": Parser(
        read_question, (a_request(Medium.CARD), a_request(Medium.CARD, nonce=b"n" * 32)), (MalformedQuestion,)
    ),
}
