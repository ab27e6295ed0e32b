"""Known attacks on signed XML documents (McIntosh and Austel: "XML Signature Element Wrapping Attacks", 2005): unsigned
words find no place, neither around the signature nor in it."""

import base64
import copy
from collections.abc import Callable

import pytest
from lxml import etree

from tests.documents.judged import CA, CERTIFICATE, codes
from tests.documents.made import DS, NAMED_XML, signed_xml
from verifier.readers.refusal import Refused

XADES = "{http://uri.etsi.org/01903/v1.3.2#}"
FORM = "{urn:example:form}"
PLAIN = signed_xml(CERTIFICATE, xades=False)
NAMED = signed_xml(CERTIFICATE, xades=False, xml=NAMED_XML, reference="whole")
PROPERTIES = signed_xml(CERTIFICATE)
ENVELOPED = b"http://www.w3.org/2000/09/xmldsig#enveloped-signature"


def changed(document: bytes, change: Callable[[etree._Element, etree._Element], None]) -> bytes:
    """The document after a change to its root and signature."""
    root = etree.fromstring(document)
    signature = root.find(f"{DS}Signature")
    assert signature is not None
    change(root, signature)
    return etree.tostring(root)


def told(document: bytes) -> str:
    try:
        (code,) = codes(document, "xml")
    except Refused as refused:
        return refused.code
    return code


def an_amount(parent: etree._Element) -> None:
    etree.SubElement(parent, f"{FORM}amount").text = "900"


def other_properties(root: etree._Element, signature: etree._Element) -> None:
    """A second set of properties tells another time, before the signed one."""
    signed = signature.find(f"{DS}Object")
    assert signed is not None
    told_too = copy.deepcopy(signed)
    for element in told_too.iter():
        if "Id" in element.attrib:
            element.set("Id", "other")
        if element.tag == f"{XADES}SigningTime":
            element.text = "1999-01-01T00:00:00Z"
    signed.addprevious(told_too)


def unsigned_property(root: etree._Element, signature: etree._Element) -> None:
    properties = signature.find(f"{DS}Object/{XADES}QualifyingProperties")
    assert properties is not None
    for name in ("UnsignedProperties", "UnsignedDataObjectProperties", "UnsignedDataObjectProperty"):
        properties = etree.SubElement(properties, f"{XADES}{name}")
    an_amount(properties)


def text_beside_the_properties(root: etree._Element, signature: etree._Element) -> None:
    signature.find(f"{DS}Object")[0].tail = "900"


def in_key_info(root: etree._Element, signature: etree._Element) -> None:
    an_amount(signature.find(f"{DS}KeyInfo"))


def beside_the_certificate(root: etree._Element, signature: etree._Element) -> None:
    an_amount(signature.find(f"{DS}KeyInfo/{DS}X509Data"))


def in_an_object(root: etree._Element, signature: etree._Element) -> None:
    an_amount(etree.SubElement(signature, f"{DS}Object"))


def signed_moved_into_an_object(root: etree._Element, signature: etree._Element) -> None:
    """The signed element hides in the signature, and another stands in its place."""
    signed = copy.deepcopy(root)
    signed.remove(signed.find(f"{DS}Signature"))
    etree.SubElement(signature, f"{DS}Object").append(signed)
    root.set("Id", "other")
    root.find(f"{FORM}amount").text = "900"


def the_same_id_twice(root: etree._Element, signature: etree._Element) -> None:
    root.find(f"{FORM}amount").set("Id", "whole")


def the_same_id_by_another_name(root: etree._Element, signature: etree._Element) -> None:
    root.find(f"{FORM}amount").set("ID", "whole")
    root.find(f"{FORM}amount").text = "900"


def includes_a_file(root: etree._Element, signature: etree._Element) -> None:
    etree.SubElement(root, "{http://www.w3.org/2001/XInclude}include", href="/etc/hostname")


REFUSED = {
    "another set of properties": (PROPERTIES, other_properties, "document.partly_signed"),
    "an unsigned property of the document's words": (PROPERTIES, unsigned_property, "document.partly_signed"),
    "text beside the properties": (PROPERTIES, text_beside_the_properties, "document.partly_signed"),
    "words in KeyInfo": (PLAIN, in_key_info, "document.partly_signed"),
    "words beside the certificate": (PLAIN, beside_the_certificate, "document.partly_signed"),
    "words in an object": (PLAIN, in_an_object, "document.partly_signed"),
    "what was signed moved into an object": (NAMED, signed_moved_into_an_object, "document.changed"),
    "the same Id twice": (NAMED, the_same_id_twice, "document.form"),
    "the same Id by another name": (NAMED, the_same_id_by_another_name, "document.changed"),
    "another file included": (PLAIN, includes_a_file, "document.changed"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_unsigned_words_find_no_place(what: str) -> None:
    document, attack, code = REFUSED[what]
    assert told(document) == "ok"
    assert told(changed(document, attack)) == code


TRANSFORMS = {
    "XPath": b"http://www.w3.org/TR/1999/REC-xpath-19991116",
    "XSLT": b"http://www.w3.org/TR/1999/REC-xslt-19991116",
    "base64": b"http://www.w3.org/2000/09/xmldsig#base64",
}


@pytest.mark.parametrize("name", TRANSFORMS)
def test_what_chooses_or_rewrites_a_part_is_not_taken(name: str) -> None:
    assert told(PLAIN.replace(ENVELOPED, TRANSFORMS[name])) == "document.form"


def test_a_signature_against_its_schema_is_named() -> None:
    assert told(PLAIN.replace(b"<ds:SignatureValue>", b"<ds:KeyName/><ds:SignatureValue>")) == "document.form"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "shift_jis", "euc-jp", "iso-2022-jp"])
def test_a_document_in_another_encoding_says_the_same(encoding: str) -> None:
    document = etree.tostring(etree.fromstring(PLAIN), encoding=encoding, xml_declaration=True)
    assert told(document) == "ok"


@pytest.mark.parametrize("first", [True, False])
def test_the_ca_and_the_signer_again_may_stand_beside_the_signer(first: bool) -> None:
    def beside(root: etree._Element, signature: etree._Element) -> None:
        data = signature.find(f"{DS}KeyInfo/{DS}X509Data")
        signer = data[0]
        authority = copy.deepcopy(signer)
        authority.text = base64.b64encode(CA.certificate_der).decode()
        data.insert(0 if first else 1, authority)
        data.append(copy.deepcopy(signer))

    assert told(changed(PLAIN, beside)) == "ok"
