"""Canonical XML (https://www.w3.org/TR/xml-c14n), with what lxml and signxml get wrong put right."""

from collections.abc import Mapping
from typing import Any

from lxml import etree
from signxml.algorithms import CanonicalizationMethod
from signxml.verifier import XMLVerifier
from signxml.xades.xades import XAdESVerifier

DS = "{http://www.w3.org/2000/09/xmldsig#}"
XML = "{http://www.w3.org/XML/1998/namespace}"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"


class _PutRight:
    """Has an element stand alone before its canonical form is made: lxml (6.1.3 with libxml2 2.14.6) writes xmlns=""
    into the inclusive form of an element below the root, where a default namespace is inherited."""

    def __init__(self, inherited: Mapping[str, str]) -> None:
        super().__init__()
        self.inherited = inherited
        # The very bytes that the signature value was found to be over: what is canonicalised first.
        self.signed_info = b""

    def _c14n(self, nodes: etree._Element, algorithm: CanonicalizationMethod, inclusive_ns_prefixes: Any = None) -> Any:
        alone = _alone(nodes)
        if alone.tag == f"{DS}SignedInfo":
            _inherit(alone, self.inherited, algorithm.value)
        canonical = super()._c14n(alone, algorithm, inclusive_ns_prefixes)  # type: ignore[misc]
        self.signed_info = self.signed_info or canonical
        return canonical

    def validate_schema(self, signature: etree._Element) -> None:
        """As the library does, but for the prefixes of an exclusive form (Exclusive XML Canonicalization section 4.1),
        whose schema it lacks."""
        copy = _alone(signature)
        for each in list(copy.iterfind(f"{DS}SignedInfo//{{{EXCLUSIVE}}}InclusiveNamespaces")):
            each.getparent().remove(each)
        super().validate_schema(copy)  # type: ignore[misc]


class XmlVerifier(_PutRight, XMLVerifier):
    pass


class XadesVerifier(_PutRight, XAdESVerifier):
    pass


def _alone(element: etree._Element) -> etree._Element:
    """The element as the root of a document of its own; what it inherits of namespaces is declared on it."""
    return etree.fromstring(etree.tostring(element, with_tail=False))


def _inherit(signed_info: etree._Element, inherited: Mapping[str, str], algorithm: str) -> None:
    """An inclusive canonical form brings along what stands in the ancestors of xml: attributes (Canonical XML 1.0
    section 2.4), of which version 1.1 leaves out xml:id (and joins xml:base, which is not done here)."""
    if algorithm.startswith(EXCLUSIVE):
        return
    brings_all = algorithm.startswith("http://www.w3.org/TR/2001/REC-xml-c14n-20010315")
    for name, value in inherited.items():
        if name not in signed_info.attrib and (brings_all or name in (f"{XML}lang", f"{XML}space")):
            signed_info.set(name, value)


def inherited(signature: etree._Element) -> dict[str, str]:
    """The xml: attributes in force at SignedInfo, the nearest ancestor's first."""
    found: dict[str, str] = {}
    for element in (signature, *signature.iterancestors()):
        for name, value in element.attrib.items():
            if name.startswith(XML):
                found.setdefault(name, value)
    return found


def plain(element: etree._Element) -> bytes:
    """One form of equal content: exclusive canonical XML without comments."""
    canonical: bytes = etree.tostring(_alone(element), method="c14n", exclusive=True, with_comments=False)
    return canonical
