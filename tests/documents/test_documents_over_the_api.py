"""POST signed-documents: who signed, what the signature covers, and what was done to the document afterwards."""

import base64
import hashlib
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from lxml import etree
from signxml import methods
from signxml.algorithms import SignatureMethod

from tests import cast
from tests.documents.made import (
    DS,
    NAMED_XML,
    XML,
    a_note,
    a_pdf,
    encrypted_pdf,
    other_text,
    signed_pdf,
    signed_xml,
    timestamped_pdf,
    updated_pdf,
)
from tests.pure.pki.forge import an_authority, rsa_key
from tests.verifier.bench import HELD, LIFE, Bench, a_bench, crl
from tests.verifier.test_verification_api import held_to_document
from tests.verifier.test_verification_log_pages import page, provider_of
from verifier import document_reading
from verifier.models import Verification
from verifier.pki.profiles import Medium, Purpose

pytestmark = pytest.mark.django_db


class Desk:
    """A bench of the CA for signatures, to which documents are handed in."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.certificate = bench.ca.issue(Medium.PHONE_ANDROID, **LIFE)

    def hand_in(self, document: bytes, kind: str = "pdf", *, query: str = "", **headers: str) -> Any:
        return self.bench.client.post(
            f"/api/v1/signed-documents{query}",
            document,
            content_type=f"application/{kind}",
            headers={"Authorization": f"Bearer {self.bench.key}", "Accept-Language": "en", **headers},
        )

    def told(self, document: bytes, kind: str = "pdf") -> dict[str, Any]:
        response = self.hand_in(document, kind)
        assert response.status_code == 200, response.content
        answer: dict[str, Any] = response.json()
        held_to_document(answer, "SignedDocument")
        return answer

    def codes(self, document: bytes, kind: str = "pdf") -> list[str]:
        return [each["code"] for each in self.told(document, kind)["verifications"]]

    def problem(self, document: bytes, kind: str = "pdf") -> tuple[int, str]:
        response = self.hand_in(document, kind)
        held_to_document(response.json(), "Problem")
        return response.status_code, response.json()["code"]


@pytest.fixture
def desk() -> Desk:
    return Desk(a_bench(purpose=Purpose.SIGNATURE))


def looked_at(verification: dict[str, Any], step: str = "document") -> dict[str, Any]:
    (found,) = [each for each in verification["steps"] if each["id"] == step]
    facts: dict[str, Any] = found["looked_at"]
    return facts


# --- PDF -------------------------------------------------------------------------------------------------------


def test_a_pdf_signed_by_one_holder(desk: Desk) -> None:
    pdf = signed_pdf(a_pdf(), desk.certificate)
    response = desk.hand_in(pdf, query="?request_id=form-2026-0001&environment=sandbox")
    answer = response.json()
    held_to_document(answer, "SignedDocument")

    assert (answer["verdict"], answer["code"], answer["retryable"]) == ("valid", "ok", False)
    assert answer["document"] == {
        "format": "pdf",
        "bytes": len(pdf),
        "sha256": hashlib.sha256(pdf).hexdigest(),
        "timestamps": 0,
    }
    (verification,) = answer["verifications"]
    assert (verification["purpose"], verification["request_id"]) == ("signature", "form-2026-0001")
    assert looked_at(verification) == {
        "document": "PDF",
        "document_sha256": hashlib.sha256(pdf).hexdigest(),
        "signature_number": "1/1",
        "form": "ETSI.CAdES.detached",
        "covers": "file",
        "changes": "none",
    }
    assert looked_at(verification, "container")["content"] == "detached"
    assert looked_at(verification, "signature_value")["signing_certificate"] == "named"
    assert [step["result"] for step in verification["steps"]] == ["passed"] * 10
    assert desk.bench.get(f"verifications/{verification['id']}", **{"Accept-Language": "en"}).json() == verification
    assert response["Cache-Control"] == "no-store"


def test_the_document_is_kept_nowhere(desk: Desk) -> None:
    desk.told(signed_pdf(a_pdf("a very private line"), desk.certificate))
    (record,) = Verification.objects.all()
    assert "private" not in str(vars(record))
    assert len(record.request_digest) == 32


@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
def test_a_plain_pdf_signature_by_each_hash(desk: Desk, digest: str) -> None:
    (verification,) = desk.told(signed_pdf(a_pdf(), desk.certificate, pades=False, digest=digest))["verifications"]
    assert verification["code"] == "ok"
    assert looked_at(verification)["form"] == "adbe.pkcs7.detached"
    assert looked_at(verification, "signature_value")["scheme"] == f"rsa_pkcs1_{digest}"


def test_two_signers_and_a_document_time_stamp(desk: Desk) -> None:
    once = signed_pdf(a_pdf(), desk.certificate)
    twice = signed_pdf(once, desk.certificate, field="Second")
    answer = desk.told(timestamped_pdf(twice, desk.certificate))
    assert (answer["verdict"], answer["document"]["timestamps"]) == ("valid", 1)
    facts = [looked_at(each) for each in answer["verifications"]]
    assert [(each["signature_number"], each["covers"], each["changes"]) for each in facts] == [
        ("1/2", "revision", "signatures"),
        ("2/2", "revision", "archival"),
    ]
    assert Verification.objects.count() == 2


@pytest.mark.parametrize("update", [other_text, a_note])
def test_what_was_added_behind_a_signature_is_seen(desk: Desk, update: Callable[[Any], None]) -> None:
    pdf = updated_pdf(signed_pdf(a_pdf(), desk.certificate), update)
    answer = desk.told(pdf)
    assert (answer["verdict"], answer["code"]) == ("invalid", "document.changed")
    # Whoever signs afterwards signs what he sees; the first signature stays what it is.
    assert desk.codes(signed_pdf(pdf, desk.certificate, field="Second")) == ["document.changed", "ok"]


def test_bytes_changed_in_the_signed_part(desk: Desk) -> None:
    pdf = signed_pdf(a_pdf(), desk.certificate)
    assert desk.codes(pdf.replace(b"hereby", b"herebY")) == ["cms.message_digest"]


def test_bytes_behind_the_end_are_not_covered(desk: Desk) -> None:
    pdf = signed_pdf(a_pdf(), desk.certificate)
    assert desk.codes(pdf + b"\n% more") == ["document.partly_signed"]


def test_a_range_that_leaves_more_out_than_the_signature(desk: Desk) -> None:
    pdf = signed_pdf(a_pdf(), desk.certificate)
    start = pdf.index(b"/ByteRange")
    told = pdf[start : pdf.index(b"]", start)]
    numbers = told.split(b"[")[1].split()
    shorter = told.replace(numbers[3], str(int(numbers[3]) - 3).zfill(len(numbers[3])).encode())
    assert desk.codes(pdf.replace(told, shorter)) == ["document.partly_signed"]


def test_the_certificate_is_judged_like_any_other(desk: Desk) -> None:
    pdf = signed_pdf(a_pdf(), desk.certificate)
    desk.bench.take_in(crl(desk.bench.ca, (1001, HELD), number=8))
    answer = desk.told(pdf)
    assert (answer["verdict"], answer["code"]) == ("invalid", "cert.on_hold")
    assert answer["verifications"][0]["to_the_holder"]["advice"]
    other = signed_pdf(a_pdf(), desk.certificate, key="somebody else")
    assert desk.codes(other) == ["sig.mismatch"]


def test_without_a_list_nothing_is_decided() -> None:
    desk = Desk(a_bench(purpose=Purpose.SIGNATURE, with_list=False))
    response = desk.hand_in(signed_pdf(a_pdf(), desk.certificate))
    assert (response.json()["verdict"], response.json()["retryable"]) == ("indeterminate", True)
    assert response["Retry-After"] == "5"


def test_a_certificate_for_authentication_signs_no_document() -> None:
    desk = Desk(a_bench())
    assert desk.codes(signed_pdf(a_pdf(), desk.certificate)) == ["cert.wrong_kind"]


# --- XML -------------------------------------------------------------------------------------------------------

METHODS = [
    SignatureMethod.RSA_SHA256,
    SignatureMethod.RSA_SHA512,
    SignatureMethod.SHA256_RSA_MGF1,
    SignatureMethod.SHA384_RSA_MGF1,
]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("xades", [True, False])
def test_an_xml_document_signed_by_its_holder(desk: Desk, xades: bool, method: SignatureMethod) -> None:
    answer = desk.told(signed_xml(desk.certificate, xades=xades, algorithm=method), "xml")
    assert (answer["verdict"], answer["document"]["format"]) == ("valid", "xml")
    (verification,) = answer["verifications"]
    facts = looked_at(verification)
    assert (facts["form"], facts["covers"], facts["comments"]) == ("XAdES" if xades else "XML-DSig", "document", 0)
    assert looked_at(verification, "signature_value")["signed"] == "signed_info"


def test_text_xml_is_taken_too_and_a_whole_named_by_its_id(desk: Desk) -> None:
    document = signed_xml(desk.certificate, xml=NAMED_XML, reference="whole")
    response = desk.bench.client.post(
        "/api/v1/signed-documents",
        document,
        content_type="text/xml; charset=utf-8",
        headers={"Authorization": f"Bearer {desk.bench.key}"},
    )
    assert response.json()["verdict"] == "valid"


def test_an_enveloping_signature_and_its_object(desk: Desk) -> None:
    document = signed_xml(desk.certificate, method=methods.enveloping)
    assert desk.codes(document, "xml") == ["ok"]
    smuggled = etree.fromstring(document)
    etree.SubElement(smuggled, f"{DS}Object").text = "one more"
    assert desk.codes(etree.tostring(smuggled), "xml") == ["document.partly_signed"]


def test_what_was_changed_in_an_xml_document_is_seen(desk: Desk) -> None:
    document = signed_xml(desk.certificate)
    assert desk.codes(document.replace(b"<amount>100", b"<amount>900"), "xml") == ["document.changed"]
    assert desk.codes(document.replace(b"</amount>", b"</amount><more/>"), "xml") == ["document.changed"]


def test_comments_are_no_part_of_what_is_signed_and_are_counted(desk: Desk) -> None:
    (verification,) = desk.told(signed_xml(desk.certificate).replace(b"100", b"1<!-- -->00"), "xml")["verifications"]
    assert (verification["code"], looked_at(verification)["comments"]) == ("ok", 1)


def moved_aside(document: bytes) -> bytes:
    """The signed element is wrapped (McIntosh and Austel 2005): its Id still names it, and a reader reads another."""
    signed = etree.fromstring(document)
    signature = signed.find(f"{DS}Signature")
    assert signature is not None
    wrapper = etree.fromstring(XML.replace(b"100", b"900"))
    wrapper.append(signature)
    holder = etree.SubElement(wrapper, "aside")
    holder.append(signed)
    return etree.tostring(wrapper)


def test_wrapping_does_not_make_another_document_signed(desk: Desk) -> None:
    document = signed_xml(desk.certificate, xml=NAMED_XML, xades=False, reference="whole")
    assert desk.codes(document, "xml") == ["ok"]
    assert desk.codes(moved_aside(document), "xml")[0] in ("document.partly_signed", "document.changed")


def test_a_signature_over_a_part(desk: Desk) -> None:
    letter = b'<letter><body Id="body">I apply.</body><amount>900</amount></letter>'
    document = signed_xml(desk.certificate, xml=letter, method=methods.detached, reference="body", xades=False)
    # The signer gives the signature alone; it is put beside what it signs.
    whole = etree.fromstring(letter)
    whole.append(etree.fromstring(document))
    assert desk.codes(etree.tostring(whole), "xml") == ["document.partly_signed"]


def test_a_document_with_a_style_sheet_beside_the_root_is_not_taken(desk: Desk) -> None:
    styled = signed_xml(desk.certificate).replace(b"?>\n<app", b'?>\n<?xml-stylesheet href="other.xsl"?><app', 1)
    assert b"stylesheet" in styled
    assert desk.codes(styled, "xml") == ["document.form"]


def test_a_reference_to_another_place_is_never_followed(desk: Desk) -> None:
    document = signed_xml(desk.certificate, xades=False)
    elsewhere = document.replace(b'URI=""', b'URI="https://localhost/"')
    assert elsewhere != document
    assert desk.codes(elsewhere, "xml") == ["sig.mismatch"]


def test_another_certificate_than_the_one_named(desk: Desk) -> None:
    """Same key, another certificate: only the signed properties tell (ETSI EN 319 132-1 clause 5.2.2)."""
    other = desk.bench.ca.issue(Medium.PHONE_ANDROID, serial=2002, **LIFE)
    document = etree.fromstring(signed_xml(desk.certificate, xades=True))
    embedded = document.find(f".//{DS}X509Certificate")
    assert embedded is not None
    embedded.text = base64.b64encode(other).decode()
    # The library's signer also signs KeyInfo, so it is found out already there.
    assert desk.codes(etree.tostring(document), "xml")[0] in ("document.changed", "document.signing_certificate")


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda text: text.replace(b"xmldsig-more#rsa-sha256", b"xmldsig-more#rsa-md5"), "document.algorithm"),
        (
            lambda text: text.replace(
                b"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", b"http://www.w3.org/2000/09/xmldsig#rsa-sha1"
            ),
            "sig.sha1",
        ),
        (
            lambda text: text.replace(
                b"http://www.w3.org/2001/04/xmlenc#sha256", b"http://www.w3.org/2000/09/xmldsig#sha1"
            ),
            "sig.sha1",
        ),
        (lambda text: text.replace(b"X509Certificate>MII", b"X509Certificate>AII"), "document.certificate_missing"),
        (lambda text: text.replace(b"SignatureValue>", b"SignatureValue>AAAA", 1), "sig.mismatch"),
    ],
)
def test_what_is_not_taken_is_named(desk: Desk, damage: Callable[[bytes], bytes], code: str) -> None:
    document = signed_xml(desk.certificate, xades=False)
    assert damage(document) != document
    assert desk.codes(damage(document), "xml") == [code]


def test_two_signatures_in_one_xml_document(desk: Desk) -> None:
    signed = etree.fromstring(signed_xml(desk.certificate))
    signature = signed.find(f"{DS}Signature")
    assert signature is not None
    signed.append(etree.fromstring(etree.tostring(signature)))
    assert desk.codes(etree.tostring(signed), "xml") == ["document.several_signatures"]


def test_ecdsa_on_the_curve_that_goes_with_the_hash_and_on_no_other(desk: Desk) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = desk.bench.ca.issue(Medium.PHONE_ANDROID, public_key=key.public_key(), **LIFE)
    document = signed_xml(certificate, key=key, algorithm=SignatureMethod.ECDSA_SHA256)
    (verification,) = desk.told(document, "xml")["verifications"]
    assert verification["code"] == "ok"
    assert looked_at(verification, "signature_value")["scheme"] == "ecdsa_secp256r1_sha256"
    longer = signed_xml(certificate, key=key, algorithm=SignatureMethod.ECDSA_SHA384)
    assert desk.codes(longer, "xml") == ["sig.other_key"]


# --- CMS -------------------------------------------------------------------------------------------------------


def signed_cms(*certificates: tuple[bytes, str], content: bytes = b"an application", detached: bool = False) -> bytes:
    """A SignedData by every one of these certificates and keys."""
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
    for certificate, key in certificates:
        builder = builder.add_signer(x509.load_der_x509_certificate(certificate), rsa_key(key), hashes.SHA256())
    options = [pkcs7.PKCS7Options.Binary, *([pkcs7.PKCS7Options.DetachedSignature] if detached else [])]
    return builder.sign(Encoding.DER, options)


def test_every_signer_of_a_cms_file_is_judged(desk: Desk) -> None:
    second = desk.bench.ca.issue(Medium.CARD, serial=2002, holder="second", **LIFE)
    stranger = an_authority("stranger", Purpose.SIGNATURE, **LIFE).issue(
        Medium.CARD, serial=3003, holder="third", **LIFE
    )
    answer = desk.told(signed_cms((desk.certificate, "holder"), (desk.certificate, "holder")), "cms")
    assert (answer["verdict"], len(answer["verifications"])) == ("valid", 2)
    answer = desk.told(signed_cms((desk.certificate, "holder"), (second, "second"), (stranger, "third")), "cms")
    codes = {looked_at(each)["signature_number"]: each["code"] for each in answer["verifications"]}
    assert sorted(codes) == ["1/3", "2/3", "3/3"]
    # The card's list is not there; the third signer's CA is nobody's.
    assert sorted(codes.values()) == ["cert.issuer_unknown", "ok", "revocation.source_missing"]
    assert (answer["verdict"], answer["code"]) == ("invalid", "cert.issuer_unknown")


def test_cms_files_that_cannot_be_opened(desk: Desk) -> None:
    assert desk.codes(signed_cms((desk.certificate, "holder"), detached=True), "cms") == ["cms.content_missing"]
    assert desk.codes(b"nothing", "cms") == ["cms.malformed"]
    assert desk.codes(signed_cms((desk.certificate, "holder")), "pkcs7-mime") == ["ok"]


# --- what is none to judge -------------------------------------------------------------------------------------


def test_documents_that_cannot_be_judged(desk: Desk) -> None:
    assert desk.problem(a_pdf()) == (422, "document.no_signature")
    assert desk.problem(XML, "xml") == (422, "document.no_signature")
    assert desk.problem(b"%PDF-1.7 nothing") == (422, "document.unreadable")
    assert desk.problem(signed_pdf(a_pdf(), desk.certificate)[:-300]) == (422, "document.unreadable")
    assert desk.problem(b"<not-closed>", "xml") == (422, "document.unreadable")
    assert desk.problem(XML, "pdf") == (422, "document.unreadable")
    assert desk.problem(encrypted_pdf()) == (422, "document.encrypted")
    nothing = {"Content-Length": "0", "Content-Type": "application/pdf"}
    assert desk.hand_in(b"", **nothing).json()["code"] == "request.empty_body"
    assert desk.problem(a_pdf(), "json") == (415, "request.media_type")
    assert Verification.objects.count() == 0


@pytest.mark.parametrize(
    ("length", "problem"),
    [
        ("9" * 5000, (411, "request.length_required")),
        ("9" * 19, (413, "document.too_large")),
        ("-1", (411, "request.length_required")),
    ],
)
def test_a_length_that_is_not_the_body_s(desk: Desk, length: str, problem: tuple[int, str]) -> None:
    response = desk.bench.client.post(
        "/api/v1/signed-documents",
        a_pdf(),
        content_type="application/pdf",
        CONTENT_LENGTH=length,
        headers={"Authorization": f"Bearer {desk.bench.key}"},
    )
    assert (response.status_code, response.json()["code"]) == problem


def test_external_entities_are_not_read(desk: Desk) -> None:
    hostile = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>'
    assert desk.problem(hostile, "xml") == (422, "document.unreadable")


def test_a_document_that_is_too_large(desk: Desk, settings: Any) -> None:
    settings.VERIFIER_DOCUMENT_MAX_BYTES = 1000
    response = desk.hand_in(signed_pdf(a_pdf(), desk.certificate))
    assert (response.status_code, response.json()["code"]) == (413, "document.too_large")
    assert response.json()["max_bytes"] == 1000


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?purpose=signature", {"/purpose": "field.unknown"}),
        ("?request_id=a", {"/request_id": "field.identifier"}),
        ("?request_id=form-0001&request_id=form-0002", {"/request_id": "field.repeated"}),
        ("?revocation=none", {"/revocation": "field.choice"}),
    ],
)
def test_wrong_parameters_are_named(desk: Desk, query: str, expected: dict[str, str]) -> None:
    response = desk.hand_in(a_pdf(), query=query)
    assert response.status_code == 422
    assert {error["pointer"]: error["code"] for error in response.json()["errors"]} == expected


def test_another_environment_and_no_key(desk: Desk) -> None:
    assert desk.hand_in(a_pdf(), query="?environment=production").json()["code"] == "env.mismatch"
    assert desk.hand_in(a_pdf(), Authorization="Bearer nothing").status_code == 401


def test_whoever_finds_no_place_comes_again(desk: Desk) -> None:
    with ExitStack() as taken:
        for _ in range(document_reading.PLACES):
            taken.enter_context(document_reading.place())
        response = desk.hand_in(signed_pdf(a_pdf(), desk.certificate))
    assert (response.status_code, response.json()["code"]) == (503, "document.busy")
    assert response["Retry-After"] == "1"
    assert desk.told(signed_pdf(a_pdf(), desk.certificate))["verdict"] == "valid"


# --- in the log ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["pdf", "xml"])
def test_the_log_tells_people_what_was_signed(form: str) -> None:
    desk = Desk(a_bench(provider_of(cast.hanako()), purpose=Purpose.SIGNATURE))
    pdf = updated_pdf(signed_pdf(a_pdf(), desk.certificate), a_note)
    document = signed_xml(desk.certificate) if form == "xml" else pdf
    (told,) = desk.hand_in(document, form, query="?request_id=form-2026-0001").json()["verifications"]
    html = page(cast.browser_of(cast.hanako()), f"/verifications/{told['id']}/")
    assert f"@form-2026-0001.{form}" in html
    assert "/api/v1/signed-documents" in html
    assert ("文書全体" if form == "xml" else "署名者が見ていない変更") in html
