"""Production by OCSP, with a throw-away root: an operator names the responder; requests are signed where it demands."""

from pathlib import Path
from typing import Any

import pytest
from asn1crypto import ocsp as asn1_ocsp
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.management import call_command
from django.utils import timezone

from portal import http
from tests.pure.pki.forge import an_authority
from tests.verifier.bench import LIFE, Bench, a_bench, a_provider
from tests.verifier.test_ocsp_is_asked import HELD, REVOKED, answering
from verifier import ocsp_client
from verifier.pki.profiles import Medium, World

pytestmark = pytest.mark.django_db
CARD = "1.2.392.200149.8.5.1.3.30"  # user authentication on a card, as published


@pytest.fixture
def bench() -> Bench:
    ocsp_client.waiting_room.forget()
    hanako = a_provider()
    hanako.basis_confirmed_at = timezone.now()
    hanako.save()
    return a_bench(hanako, production=True)


@pytest.fixture
def asker(tmp_path: Path) -> dict[str, str]:
    """Certificate and key of the asker, as files: any will do, who accepts them is the responder's affair."""
    made = an_authority("ocsp-asker")
    certificate, key = tmp_path / "asker.pem", tmp_path / "asker.key"
    certificate.write_bytes(made.anchor.certificate.x509.public_bytes(Encoding.PEM))
    key.write_bytes(made.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return {"OCSP_REQUEST_CERTIFICATE_FILE": str(certificate), "OCSP_REQUEST_KEY_FILE": str(key)}


def name_responder(bench: Bench, *options: str) -> None:
    anchor, url = bench.point.anchor.public_id, "https://ocsp.example.jp/card"
    call_command("ocsp_responder", f"--anchor={anchor}", "--medium=card", f"--url={url}", "--by=osamu", *options)


def told(bench: Bench) -> dict[str, Any]:
    card = bench.ca.issue(Medium.CARD, policies=(CARD,), serial=77, **LIFE)
    answer: dict[str, Any] = bench.post(body=bench.body(der=card, revocation="ocsp")).json()
    return answer


def test_a_named_responder_is_asked(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(bench)["code"] == "revocation.source_missing"
    name_responder(bench)
    for status, code in (("good", "ok"), (HELD, "cert.on_hold"), ("unknown", "revocation.unknown")):
        monkeypatch.setattr(http, "post", answering(bench, status))
        answer = told(bench)
        assert (answer["code"], answer["environment"]["kind"]) == (code, "production")
        assert answer["revocation"]["source"] == "ocsp"
    monkeypatch.setattr(http, "post", answering(bench, REVOKED))
    assert told(bench)["code"] == "cert.revoked"


def test_a_sandbox_responder_cannot_speak_for_production(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    name_responder(bench)
    sandbox = Bench(
        bench.environment, bench.key, an_authority("a-sandbox", world=World.SANDBOX), bench.point, bench.client
    )
    monkeypatch.setattr(http, "post", answering(sandbox, "good"))
    answer = told(bench)
    assert (answer["verdict"], answer["revocation"]["detail"]) == ("indeterminate", "ocsp.delegate")


def test_requests_are_signed_where_the_responder_demands_it(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, settings: Any, asker: dict[str, str]
) -> None:
    sent: list[bytes] = []
    good = answering(bench, "good")

    def post(url: str, body: bytes, **limits: Any) -> http.Answer:
        sent.append(body)
        return good(url, body, **limits)

    monkeypatch.setattr(http, "post", post)
    name_responder(bench, "--sign")
    assert told(bench)["revocation"]["detail"] == "ocsp.no_signer"
    assert sent == []
    for name, path in asker.items():
        setattr(settings, name, path)
    assert told(bench)["code"] == "ok"
    (request,) = sent
    parsed = asn1_ocsp.OCSPRequest.load(request, strict=True)
    assert parsed["optional_signature"]["certs"][0].subject == parsed["tbs_request"]["requestor_name"].chosen
    settings.OCSP_REQUEST_KEY_FILE = asker["OCSP_REQUEST_CERTIFICATE_FILE"]
    assert told(bench)["revocation"]["detail"] == "ocsp.no_signer"
