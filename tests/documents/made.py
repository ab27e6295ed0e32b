"""Signed documents for tests: PDFs by pyHanko's signer, XML by signxml's, under keys and certificates of the tests."""

import io
from collections.abc import Callable
from typing import Any

from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from lxml import etree
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore
from signxml.algorithms import SignatureMethod
from signxml.signer import XMLSigner
from signxml.xades.xades import XAdESSigner

from tests.pure.pki.forge import rsa_key

XML = '<application xmlns="urn:example:form"><name>山田 花子</name><amount>100</amount></application>'.encode()
NAMED_XML = XML.replace(b'form">', b'form" Id="whole">')
DS = "{http://www.w3.org/2000/09/xmldsig#}"


def a_pdf(text: str = "I hereby apply.") -> bytes:
    """One page with a line of text."""
    writer = PdfFileWriter()
    writer.insert_page(_page(writer, text))
    return _written(writer)


def encrypted_pdf() -> bytes:
    """One page that opens with a password."""
    writer = PdfFileWriter()
    writer.insert_page(_page(writer, "secret"))
    writer.encrypt(owner_pass="secret", user_pass="secret")
    return _written(writer)


def _page(writer: PdfFileWriter, text: str) -> PageObject:
    page = PageObject(contents=writer.add_object(_content(text)), media_box=(0, 0, 595, 842))
    font = {"/Type": pdf_name("/Font"), "/Subtype": pdf_name("/Type1"), "/BaseFont": pdf_name("/Helvetica")}
    fonts = _dictionary({"/F1": _dictionary(font)})
    page["/Resources"] = _dictionary({"/Font": fonts})
    return page


def _content(text: str) -> generic.StreamObject:
    return generic.StreamObject(stream_data=f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode("latin-1"))


def _dictionary(values: dict[str, Any]) -> generic.DictionaryObject:
    return generic.DictionaryObject({pdf_name(name): value for name, value in values.items()})


def _written(writer: Any) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def signed_pdf(
    pdf: bytes,
    certificate_der: bytes,
    *,
    key: str = "holder",
    field: str = "Signature1",
    pades: bool = True,
    digest: str = "sha256",
    **metadata: Any,
) -> bytes:
    """The PDF with one signature more, as an incremental update."""
    out = io.BytesIO()
    signers.sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(pdf)),
        signers.PdfSignatureMetadata(
            field_name=field,
            md_algorithm=digest,
            subfilter=SigSeedSubFilter.PADES if pades else SigSeedSubFilter.ADOBE_PKCS7_DETACHED,
            **metadata,
        ),
        signer=_signer(certificate_der, key),
        output=out,
    )
    return out.getvalue()


def _signer(certificate_der: bytes, key: str) -> signers.SimpleSigner:
    return signers.SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(certificate_der),
        signing_key=_private(key),
        cert_registry=SimpleCertificateStore(),
    )


def _private(key: str) -> keys.PrivateKeyInfo:
    return keys.PrivateKeyInfo.load(rsa_key(key).private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))


def timestamped_pdf(pdf: bytes, certificate_der: bytes, *, field: str | None = None) -> bytes:
    """The PDF with a document time-stamp behind it, by a time-stamping authority that nobody knows."""
    stamper = DummyTimeStamper(asn1_x509.Certificate.load(certificate_der), _private("holder"))
    out = io.BytesIO()
    signers.PdfTimeStamper(stamper, field_name=field).timestamp_pdf(
        IncrementalPdfFileWriter(io.BytesIO(pdf)), "sha256", None, output=out
    )
    return out.getvalue()


def updated_pdf(pdf: bytes, update: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    """The PDF with an incremental update, which leaves every byte before it as it was."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    update(writer)
    return _written(writer)


def other_text(writer: IncrementalPdfFileWriter) -> None:
    """The page shows something else."""
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    page["/Contents"] = writer.add_object(_content("I apply for ten times as much."))
    writer.update_container(page)


def a_note(writer: IncrementalPdfFileWriter) -> None:
    """A note is stuck over the text."""
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    rect = generic.ArrayObject([generic.NumberObject(each) for each in (70, 700, 300, 740)])
    note = {
        "/Type": pdf_name("/Annot"),
        "/Subtype": pdf_name("/FreeText"),
        "/Rect": rect,
        "/Contents": generic.TextStringObject("ten times as much"),
    }
    page.setdefault(pdf_name("/Annots"), generic.ArrayObject()).append(writer.add_object(_dictionary(note)))
    writer.update_container(page)


def signed_xml(
    certificate_der: bytes,
    *,
    xml: bytes = XML,
    key: Any = None,
    xades: bool = True,
    algorithm: SignatureMethod = SignatureMethod.RSA_SHA256,
    reference: str | None = None,
    **options: Any,
) -> bytes:
    """The document with an enveloped signature, or as `options` say; XAdES baseline B or plain XML-DSig."""
    signer = (XAdESSigner if xades else XMLSigner)(signature_algorithm=algorithm, **options)
    certificate = x509.load_der_x509_certificate(certificate_der)
    signed = signer.sign(
        etree.fromstring(xml), key=key or rsa_key("holder"), cert=[certificate], reference_uri=reference
    )
    return etree.tostring(signed, xml_declaration=True, encoding="UTF-8")
