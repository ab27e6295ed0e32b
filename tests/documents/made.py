"""Signed documents for tests: PDFs by pyHanko's signer, XML by signxml's, under keys and certificates of the tests."""

import io
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from lxml import etree
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from signxml import SignatureMethod, XMLSigner, methods
from signxml.xades import XAdESSigner

from tests.pure.pki.forge import rsa_key

XML = b'<application xmlns="urn:example:form"><name>\xe5\xb1\xb1\xe7\x94\xb0</name><amount>100</amount></application>'


def a_pdf(text: str = "I hereby apply.") -> bytes:
    """One page with a line of text."""
    writer = PdfFileWriter()
    stream = generic.StreamObject(stream_data=f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode("latin-1"))
    page = PageObject(contents=writer.add_object(stream), media_box=(0, 0, 595, 842))
    font = {pdf_name("/Type"): pdf_name("/Font"), pdf_name("/Subtype"): pdf_name("/Type1")}
    font[pdf_name("/BaseFont")] = pdf_name("/Helvetica")
    fonts = generic.DictionaryObject({pdf_name("/F1"): generic.DictionaryObject(font)})
    page["/Resources"] = generic.DictionaryObject({pdf_name("/Font"): fonts})
    writer.insert_page(page)
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
    from asn1crypto import keys
    from asn1crypto import x509 as asn1_x509
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    private = rsa_key(key).private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return signers.SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(certificate_der),
        signing_key=keys.PrivateKeyInfo.load(private),
        cert_registry=SimpleCertificateStore(),
    )


def changed_pdf(pdf: bytes, text: str = "I apply for ten times as much.") -> bytes:
    """The PDF whose page was replaced by an incremental update, which leaves every signed byte as it was."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    stream = generic.StreamObject(stream_data=f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode("latin-1"))
    page["/Contents"] = writer.add_object(stream)
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def encrypted_pdf(pdf: bytes) -> bytes:
    writer = PdfFileWriter.copy_into_new_writer(PdfFileReader(io.BytesIO(pdf))) if False else None
    raise NotImplementedError(writer)


def signed_xml(
    certificate_der: bytes, *, key: str = "holder", xml: bytes = XML, xades: bool = True, **options: Any
) -> bytes:
    """The document with an enveloped signature; XAdES baseline B or plain XML-DSig."""
    signer = (XAdESSigner if xades else XMLSigner)(
        method=options.pop("method", methods.enveloped),
        signature_algorithm=options.pop("algorithm", SignatureMethod.RSA_SHA256),
        **options,
    )
    certificate = x509.load_der_x509_certificate(certificate_der)
    signed = signer.sign(etree.fromstring(xml), key=rsa_key(key), cert=[certificate])
    return etree.tostring(signed, xml_declaration=True, encoding="UTF-8")
