"""Documents signed by other hands are read here, and what is signed here is read by other judges: OpenSSL for PDF
(ISO 32000-2 section 12.8), Java's XML signatures for XML."""

import base64
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from signxml.algorithms import CanonicalizationMethod

from tests.documents.judged import CA, CERTIFICATE, codes
from tests.documents.made import NAMED_XML, XML, a_pdf, signed_pdf, signed_xml
from tests.pure.pki.forge import rsa_key
from tests.servers import need

HAND = Path(__file__).with_name("XmlHand.java")
C14N = (
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    "http://www.w3.org/2001/10/xml-exc-c14n#",
)
EXCLUSIVE = CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0
KEY_PEM = rsa_key("holder").private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
KEY_DER = rsa_key("holder").private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def java(*lines: tuple[object, ...]) -> list[str]:
    """What Java answers to each line."""
    program, _ = need("java"), need("javac")  # a source file is run only where there is a compiler
    encoded = (
        "\t".join(base64.b64encode(field).decode() if isinstance(field, bytes) else str(field) for field in line)
        for line in lines
    )
    done = subprocess.run(
        [program, "-XX:TieredStopAtLevel=1", str(HAND)],
        input="\n".join(encoded),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.split()


# --- XML -------------------------------------------------------------------------------------------------------


AWKWARD = (
    XML,
    b"<a xmlns:n='urn:n'>\r\n <n:b c=\"&lt;\">&#xD;text</n:b><!-- c --></a>",
    b'<a xml:lang="ja" xml:space="preserve" xml:id="x"><b  z="1" y="2">text</b> </a>',
)


def test_what_java_signed_is_valid_and_what_was_changed_is_not() -> None:
    signed = [
        base64.b64decode(line)
        for line in java(
            *(
                ("sign", document, CERTIFICATE, KEY_DER, digest, form)
                for document in AWKWARD
                for digest in ("sha256", "sha512")
                for form in C14N
            )
        )
    ]
    assert len(signed) == 12
    for document in signed:
        assert codes(document, "xml") == ["ok"], document
        changed = document.replace(b"<amount>100", b"<amount>900").replace(b"text</", b"texts</")
        assert codes(changed, "xml") == ["document.changed"]


def test_java_agrees_about_what_was_signed_here() -> None:
    documents = [
        signed_xml(CERTIFICATE),
        signed_xml(CERTIFICATE, xades=False),
        signed_xml(CERTIFICATE, xml=NAMED_XML, reference="whole"),
        signed_xml(CERTIFICATE, xades=False, c14n_algorithm=EXCLUSIVE),
    ]
    changed = [document.replace(b"<amount>100", b"<amount>900") for document in documents]
    said = java(*(("judge", document, CERTIFICATE) for document in (*documents, *changed)))
    assert said == ["accept"] * len(documents) + ["reject"] * len(changed)
    assert [codes(document, "xml") for document in documents] == [["ok"]] * len(documents)
    assert [codes(document, "xml") for document in changed] == [["document.changed"]] * len(changed)


# --- PDF -------------------------------------------------------------------------------------------------------

ROOM = 8192


def by_hand(
    tmp_path: Path, *, subfilter: str = "ETSI.CAdES.detached", digest: str = "sha256", cades: bool = True
) -> bytes:
    """A PDF written here byte by byte, its signature made by `openssl cms`."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R] /SigFlags 3 >> >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Annots [4 0 R] >>",
        b"<< /FT /Sig /Type /Annot /Subtype /Widget /Rect [0 0 0 0] /F 132 /P 3 0 R /T (S) /V 5 0 R >>",
        b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /%s /ByteRange [%s] /Contents <%s> >>"
        % (subfilter.encode(), b" " * 40, b"0" * ROOM),
    ]
    pdf, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(pdf))
        pdf += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    pdf += b"xref\n0 6\n0000000000 65535 f \n%strailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        table,
        len(pdf),
    )
    before = pdf.index(b"/Contents <") + len(b"/Contents ")
    behind = before + ROOM + 2
    ranges = b"0 %d %d %d" % (before, behind, len(pdf) - behind)
    pdf = pdf.replace(b"[%s]" % (b" " * 40), b"[%s]" % ranges.ljust(40))
    options = ["-md", digest, *(["-cades"] if cades else [])]
    made = openssl_cms(tmp_path, pdf[:before] + pdf[behind:], *options)
    return pdf[: before + 1] + made.hex().encode().ljust(ROOM, b"0") + pdf[behind - 1 :]


def openssl_cms(tmp_path: Path, content: bytes, *options: str) -> bytes:
    """A detached signature over the content by OpenSSL."""
    holder = x509.load_der_x509_certificate(CERTIFICATE).public_bytes(Encoding.PEM)
    for name, data in (("content", content), ("holder.pem", holder), ("key.pem", KEY_PEM)):
        (tmp_path / name).write_bytes(data)
    command = "cms -sign -binary -in content -signer holder.pem -inkey key.pem -outform DER -out signature".split()
    subprocess.run([need("openssl"), *command, *options], cwd=tmp_path, check=True, capture_output=True)
    return (tmp_path / "signature").read_bytes()


@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
def test_a_pdf_by_hand_with_a_signature_of_openssl(tmp_path: Path, digest: str) -> None:
    pdf = by_hand(tmp_path, digest=digest)
    assert codes(pdf, "pdf") == ["ok"]
    assert codes(pdf.replace(b"595 842", b"595 841"), "pdf") == ["cms.message_digest"]


def test_pades_names_its_certificate_and_a_plain_signature_need_not(tmp_path: Path) -> None:
    assert codes(by_hand(tmp_path, subfilter="adbe.pkcs7.detached", cades=False), "pdf") == ["ok"]
    assert codes(by_hand(tmp_path, cades=False), "pdf") == ["document.properties"]
    assert codes(by_hand(tmp_path), "pdf") == ["ok"]


@pytest.mark.parametrize(
    ("subfilter", "code"),
    [("adbe.pkcs7.sha1", "sig.sha1"), ("adbe.x509.rsa_sha1", "sig.sha1"), ("adbe.unheard.of", "document.form")],
)
def test_forms_of_pdf_signatures_that_are_not_taken(tmp_path: Path, subfilter: str, code: str) -> None:
    assert codes(by_hand(tmp_path, subfilter=subfilter), "pdf") == [code]


def test_openssl_agrees_about_a_pdf_that_was_signed_here(tmp_path: Path) -> None:
    pdf = signed_pdf(a_pdf(), CERTIFICATE)
    assert codes(pdf, "pdf") == ["ok"]
    start = pdf.index(b"/Contents <") + len(b"/Contents ")
    stop = pdf.index(b">", start) + 1
    (tmp_path / "signature").write_bytes(bytes.fromhex(pdf[start + 1 : stop - 1].decode()))
    root = x509.load_der_x509_certificate(CA.certificate_der).public_bytes(Encoding.PEM)
    (tmp_path / "root.pem").write_bytes(root)
    command = "cms -verify -binary -inform DER -in signature -content content -CAfile root.pem -out /dev/null".split()
    options = ["-purpose", "any", "-partial_chain", "-ignore_critical", "-no_check_time"]
    for content, code in ((pdf[:start] + pdf[stop:], 0), (pdf[:start] + pdf[stop:] + b" ", 4)):
        (tmp_path / "content").write_bytes(content)
        done = subprocess.run([need("openssl"), *command, *options], cwd=tmp_path, check=False, capture_output=True)
        assert done.returncode == code, done.stderr.decode()
