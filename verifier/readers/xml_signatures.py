"""The signature of an XML document (XML-DSig; XAdES: ETSI EN 319 132-1), taken apart by signxml: canonical forms,
references, signed properties.  Chains of certificates are not looked at: the signer's own is handed to the library as
given, and whoever asked judges it and verifies the signature value once more.
"""

import base64
from collections.abc import Iterator, Mapping
from typing import Any

from cryptography import x509
from cryptography.hazmat.backends.openssl import backend
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
from signxml.exceptions import InvalidDigest, InvalidSignature, SignXMLException
from signxml.verifier import VerifyResult
from signxml.xades.xades import XAdESSignatureConfiguration

from verifier.readers.canonical import DS, XadesVerifier, XmlVerifier, inherited, plain
from verifier.readers.refusal import Refused

XADES = "{http://uri.etsi.org/01903/v1.3.2#}"

# What may stand in a signature without being signed: what these namespaces define, and no words of a document.
_OF_SIGNATURES = (
    "http://www.w3.org/2000/09/xmldsig#",
    "http://www.w3.org/2009/xmldsig11#",
    "http://uri.etsi.org/01903/v1.3.2#",
    "http://uri.etsi.org/01903/v1.4.1#",
)
# The library passes over what it does not know, and applies these in an order of its own; each at most once.
_ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
_CANONICAL = frozenset(each.value for each in CanonicalizationMethod)

_HASHES = ("SHA256", "SHA384", "SHA512")
_DIGESTS = frozenset(DigestAlgorithm[name] for name in _HASHES)
_METHODS = frozenset(
    SignatureMethod[name] for digest in _HASHES for name in (f"RSA_{digest}", f"{digest}_RSA_MGF1", f"ECDSA_{digest}")
)

# What the library would load only for a signature by ECDSA, and then could not.
_LOADED = (backend,)


def load_schemas() -> None:
    """The schemas are files, so they are read before files are given up."""
    XmlVerifier.schemas()  # type: ignore[no-untyped-call]
    XadesVerifier.schemas()  # type: ignore[no-untyped-call]


def read(data: bytes) -> dict[str, Any]:
    """The one signature of the document, or why it is none to go by.  Raises ``Refused`` where there is none at all."""
    try:
        root = _root(data)
        signatures = list(root.iter(f"{DS}Signature"))
        if not signatures:
            raise Refused("document.no_signature")
        return {"signatures": [_judgeable(root, signatures)], "timestamps": 0}
    except (Refused, MemoryError, RecursionError):
        raise
    # libxml2 and the library's own asserts: whatever a hostile tree brings about.
    except Exception as error:
        raise Refused("document.unreadable", type(error).__name__) from None


def _root(data: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(data, parser)
    if root.getroottree().docinfo.doctype:
        raise Refused("document.unreadable", "doctype")
    return root


def _judgeable(root: etree._Element, signatures: list[etree._Element]) -> dict[str, Any]:
    try:
        if len(signatures) > 1:
            raise Refused("document.several_signatures")
        return _found(root, signatures[0])
    except Refused as refused:
        return {"refused": refused.code, "detail": refused.detail}


def _found(root: etree._Element, signature: etree._Element) -> dict[str, Any]:
    # A style sheet beside the root belongs to what is signed, and the library leaves it out.
    if any(True for _ in (*root.itersiblings(etree.PI), *root.itersiblings(etree.PI, preceding=True))):
        raise Refused("document.form", "instruction")
    signer = _signer(signature)
    method = _method(signature)
    _check_transforms(signature)
    is_xades = signature.find(f"{DS}Object/{XADES}QualifyingProperties") is not None
    signed, signed_info = _signed(root, signer, inherited(signature), is_xades=is_xades)
    return {
        "form": "XAdES" if is_xades else "XML-DSig",
        "certificate": base64.b64encode(signer.public_bytes(Encoding.DER)).decode(),
        "method": method.value,
        "signed_info": base64.b64encode(signed_info).decode(),
        "signature": base64.b64encode(_value(signature, method)).decode(),
        "covers": "document" if _covers(root, signature, signed) else "part",
        "comments": sum(1 for _ in root.iter(etree.Comment)),
    }


def _signer(signature: etree._Element) -> x509.Certificate:
    """The certificate in the signature; of several the one that is not a CA's."""
    texts = [each.text or "" for each in signature.iterfind(f"{DS}KeyInfo/{DS}X509Data/{DS}X509Certificate")]
    try:
        found = [x509.load_der_x509_certificate(base64.b64decode(text)) for text in dict.fromkeys(texts)]
        if len(found) > 1:
            found = [each for each in found if not _is_ca(each)]
    except ValueError:
        raise Refused("document.certificate_missing", "malformed") from None
    if len(found) != 1:
        raise Refused("document.certificate_missing", "several" if found else "")
    return found[0]


def _is_ca(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _method(signature: etree._Element) -> SignatureMethod:
    """The signature's algorithm, once it and every digest's are ones that are taken."""
    named = [signature.find(f"{DS}SignedInfo/{DS}SignatureMethod"), *signature.iter(f"{DS}DigestMethod")]
    uris = ["" if each is None else each.get("Algorithm", "") for each in named]
    if any(uri.endswith("sha1") for uri in uris):
        raise Refused("sig.sha1")
    digests = {each.value for each in _DIGESTS}
    method = next((each for each in _METHODS if each.value == uris[0]), None)
    if method is None or not all(uri in digests for uri in uris[1:]):
        raise Refused("document.algorithm")
    return method


def _check_transforms(signature: etree._Element) -> None:
    for transforms in signature.iterfind(f"{DS}SignedInfo/{DS}Reference/{DS}Transforms"):
        named = [each.get("Algorithm") for each in transforms.iterfind(f"{DS}Transform")]
        rest = named[1:] if named[:1] == [_ENVELOPED] else named
        if len(rest) > 1 or not _CANONICAL.issuperset(rest):
            raise Refused("document.form", "transform")


def _signed(
    root: etree._Element, signer: x509.Certificate, above: Mapping[str, str], *, is_xades: bool
) -> tuple[list[VerifyResult], bytes]:
    """What the references are over, once their digests and the signature value are right, and what that is over."""
    text = etree.tostring(root)
    options = XAdESSignatureConfiguration(
        location=".//",
        expect_references=True,
        signature_methods=_METHODS,
        digest_algorithms=_DIGESTS,
        # The key is the certificate's, whatever a KeyValue beside it says.
        ignore_ambiguous_key_info=True,
        # The judge looks at the window, by the environment's clock.
        verification_time=signer.not_valid_before_utc,
    )
    verifier = XmlVerifier(above)
    try:
        found = verifier.verify(text, x509_cert=signer, expect_config=options)
    except InvalidDigest:
        raise Refused("document.changed") from None
    except InvalidSignature:
        raise Refused("sig.mismatch") from None
    except (SignXMLException, etree.DocumentInvalid):
        raise Refused("document.form") from None
    if is_xades:
        _check_properties(text, signer, above, options)
    return [found] if isinstance(found, VerifyResult) else found, verifier.signed_info


def _check_properties(
    text: bytes, signer: x509.Certificate, above: Mapping[str, str], options: XAdESSignatureConfiguration
) -> None:
    """The signed properties are signed, and name the signer's certificate (ETSI EN 319 132-1 clause 5.2.2)."""
    try:
        XadesVerifier(above).verify(text, x509_cert=signer, expect_config=options)
    except InvalidDigest:
        raise Refused("document.signing_certificate") from None
    except (SignXMLException, etree.DocumentInvalid):
        raise Refused("document.properties") from None


def _value(signature: etree._Element, method: SignatureMethod) -> bytes:
    """The signature value; that of ECDSA, r and s side by side (RFC 4050 section 3.3), as DER has it."""
    value = base64.b64decode(signature.findtext(f"{DS}SignatureValue") or "")
    if not method.name.startswith("ECDSA"):
        return value
    half = len(value) // 2
    return encode_dss_signature(int.from_bytes(value[:half], "big"), int.from_bytes(value[half:], "big"))


def _covers(root: etree._Element, signature: etree._Element, signed: list[VerifyResult]) -> bool:
    """Whether all of the document's content stands in what was signed.  Compared as content, not by following the
    references, so that no wrapping, transform or repeated Id can make one thing be signed and another be read."""
    shown = {plain(each.signed_xml) for each in signed if each.signed_xml is not None}
    wanted = [plain(each) for each in _content(root, signature)]
    return bool(wanted) and all(each in shown for each in wanted)


def _content(root: etree._Element, signature: etree._Element) -> list[etree._Element]:
    """The document without its signature, and whatever in the signature says more than who signed what."""
    objects = [each for each in signature.iterfind(f"{DS}Object") if not _is_properties(each)]
    inside = [*objects, *signature.iter(f"{XADES}SignedProperties"), *_foreign(signature)]
    return inside if root is signature else [_without_signature(root), *inside]


def _foreign(signature: etree._Element) -> Iterator[etree._Element]:
    """What signatures do not define, outside of what is signed or compared as a whole: a document's words would be
    found there by whoever looks for them by name."""
    for part in signature:
        is_whole = part.tag == f"{DS}Object" and not _is_properties(part)
        if is_whole or part.tag == f"{DS}SignedInfo":
            continue
        for each in part.iter("*"):
            is_signed = next(each.iterancestors(f"{XADES}SignedProperties"), None) is not None
            if not is_signed and etree.QName(each).namespace not in _OF_SIGNATURES:
                yield each


def _is_properties(element: etree._Element) -> bool:
    """An Object that holds the qualifying properties and nothing else."""
    texts = [element.text, *(child.tail for child in element)]
    return [child.tag for child in element] == [f"{XADES}QualifyingProperties"] and not "".join(
        filter(None, texts)
    ).strip()


def _without_signature(root: etree._Element) -> etree._Element:
    copy = etree.fromstring(etree.tostring(root))
    signature = next(copy.iter(f"{DS}Signature"))
    parent, before, tail = signature.getparent(), signature.getprevious(), signature.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(signature)
    return copy
