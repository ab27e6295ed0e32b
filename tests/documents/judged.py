"""A document is judged without a site: read in this process, its signatures put to the judge of all signatures."""

from tests.pure.pki.forge import NOW, an_authority
from verifier.document_reading import reading
from verifier.pki.profiles import Medium, Purpose, World
from verifier.readers import pdf_signatures, xml_signatures
from verifier.validation.document_findings import Document
from verifier.validation.document_signatures import questions
from verifier.validation.signature import verify
from verifier.validation.trust import TrustStore
from verifier.validation.verdict import Verdict

CA = an_authority("documents", Purpose.SIGNATURE)
CERTIFICATE = CA.issue(Medium.PHONE_IPHONE)
TRUST = TrustStore((CA.anchor,))
CRLS = CA.index(CA.crl(group="phone"), group="phone")
READERS = {"pdf": pdf_signatures.read, "xml": xml_signatures.read}


def verdicts(octets: bytes, form: str) -> list[Verdict]:
    """Of every signature in the document. Raises verifier.readers.refusal.Refused as the reader does."""
    document = Document(form, octets)
    found = reading(form, READERS[form](octets)).signatures
    asked = questions(document, found)
    return [verify(each, trust=TRUST, crls=CRLS, world=World.SANDBOX, at=NOW) for each in asked]


def codes(octets: bytes, form: str) -> list[str]:
    """The codes of these verdicts."""
    return [verdict.code for verdict in verdicts(octets, form)]
