"""A request's journey: whitelist, PIN, signature, one hand-over by the phone's browser."""

import base64
import urllib.parse
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from django.utils import timezone

from portal.environments.models import Environment
from testenv.models import PhoneRequest
from testenv.personas import PERSONAS
from tests import cast
from tests.testenv.conftest import RETURN_URL, a_provider
from whitelist import impact
from whitelist import services as whitelist

pytestmark = pytest.mark.django_db
PIN = PERSONAS["P01"].pins.user_authentication
MESSAGE = b"challenge of the service"


def asked(environment: Environment, **changes: Any) -> str:
    """The address a service sends the browser to; a parameter set to None is left out."""
    given = {
        "env": environment.public_id,
        "request_id": "request-0001",
        "purpose": "user_authentication",
        "message": base64.urlsafe_b64encode(MESSAGE).decode().rstrip("="),
        "return_url": RETURN_URL,
        "way": "app_link",
        **changes,
    }
    return "/test-environment/app?" + urllib.parse.urlencode({k: v for k, v in given.items() if v is not None})


@pytest.fixture
def browser() -> Any:
    return cast.browser_of(cast.hanako())


def journey(request_id: str = "request-0001") -> PhoneRequest:
    return PhoneRequest.objects.get(request_id=request_id)


def test_log_in(sandbox: Environment, browser: Any) -> None:
    page = browser.get(asked(sandbox), follow=True)
    assert page.status_code == 200
    assert "アプリ模擬（試験用）" in page.content.decode()
    delivery = browser.post("/test-environment/app/request-0001/pin/", {"pin": PIN}, follow=True)
    assert delivery.context["delivery"].url == RETURN_URL
    assert "form-action 'self' http://localhost:8002" in delivery["Content-Security-Policy"]
    fields = delivery.context["delivery"].fields
    assert (fields["request_id"], fields["result"], fields["medium"]) == ("request-0001", "ok", "phone_android")
    certificate = x509.load_der_x509_certificate(base64.b64decode(fields["certificate"]))
    signature = base64.b64decode(fields["signature"])
    certificate.public_key().verify(signature, MESSAGE, padding.PKCS1v15(), hashes.SHA256())  # type: ignore[union-attr, call-arg]
    assert journey().state == "delivered"


def test_it_is_handed_over_once(sandbox: Environment, browser: Any) -> None:
    browser.get(asked(sandbox))
    browser.post("/test-environment/app/request-0001/pin/", {"pin": PIN}, follow=True)
    kept = bytes(journey().signature or b"")
    again = browser.get("/test-environment/app/request-0001/deliver/", follow=True)
    assert "delivery" not in again.context
    assert "もう一度送ることはありません" in again.content.decode()
    browser.post("/test-environment/app/request-0001/pin/", {"pin": PIN})
    assert bytes(journey().signature or b"") == kept


def test_the_same_request_again_is_the_same_journey(sandbox: Environment, browser: Any) -> None:
    for _ in range(2):
        assert browser.get(asked(sandbox)).status_code == 302
    assert PhoneRequest.objects.count() == 1


def test_a_reused_id_is_refused(sandbox: Environment, browser: Any) -> None:
    browser.get(asked(sandbox))
    page = browser.get(asked(sandbox, message="AAAA"))
    assert page.status_code == 409
    assert "request.id_reused" in page.content.decode()


def test_an_unlisted_url_goes_nowhere_and_names_the_byte(sandbox: Environment, browser: Any) -> None:
    page = browser.get(asked(sandbox, return_url="http://localhost:8002/Return"), follow=True)
    text = page.content.decode()
    assert "list.no_match" in text
    assert "23バイト目：要求は R (0x52)、登録は r (0x72)" in text
    assert "form-action 'self';" in page["Content-Security-Policy"]
    assert browser.get("/test-environment/app/request-0001/deliver/").status_code == 302
    assert journey().delivered_at is None


@pytest.mark.parametrize("other", ["http://LOCALHOST:8002/return", RETURN_URL + "/", RETURN_URL + "?", "ｈttp://x/"])
def test_nothing_is_normalised(sandbox: Environment, browser: Any, other: str) -> None:
    browser.get(asked(sandbox, return_url=other))
    assert journey().refusal == "list.no_match"


def test_a_purpose_not_granted_is_refused(sandbox: Environment, browser: Any) -> None:
    url = "https://only-login.example.com/return"
    whitelist.enter_in_sandbox(
        sandbox, url=url, purposes=["user_authentication"], ways_in=["app_link"], by=cast.hanako()
    )
    page = browser.get(asked(sandbox, return_url=url, purpose="signature"), follow=True)
    assert "list.purpose_not_granted" in page.content.decode()
    assert journey().state == "refused"


@pytest.mark.parametrize("way", ["browser_link", "qr"])
def test_a_way_in_not_granted_is_refused(sandbox: Environment, browser: Any, way: str) -> None:
    url = "https://only-app.example.com/return"
    whitelist.enter_in_sandbox(
        sandbox, url=url, purposes=["user_authentication"], ways_in=["app_link"], by=cast.hanako()
    )
    page = browser.get(asked(sandbox, return_url=url, way=way), follow=True)
    text = page.content.decode()
    assert "list.way_not_granted" in text
    assert "この入り口は認められていません" in text
    assert journey().state == "refused"


def test_the_stand_in_counts_what_it_found(sandbox: Environment, browser: Any) -> None:
    entry = whitelist.lookup(sandbox, RETURN_URL.encode()).entry
    for number in range(2):
        browser.get(asked(sandbox, request_id=f"request-100{number}"))
    browser.get(asked(sandbox, request_id="request-1009", return_url=RETURN_URL + "/"))
    found = impact.of(whitelist.entry_of(sandbox, entry.public_id), at=timezone.now())
    assert found.days[0][1] == 2
    assert [(source.name, source.is_silent) for source in found.sources] == [("TSM-A", False)]


def test_wrong_pins_count_down_and_lock(sandbox: Environment, browser: Any) -> None:
    browser.get(asked(sandbox))
    page = browser.post("/test-environment/app/request-0001/pin/", {"pin": "0000"}, follow=True)
    assert "あと2回" in page.content.decode()
    browser.post("/test-environment/app/request-0001/cancel/")
    browser.get(asked(sandbox, request_id="request-0002"))
    for _ in range(2):
        browser.post("/test-environment/app/request-0002/pin/", {"pin": "0000"})
    assert journey("request-0002").state == "pin_locked"
    told = browser.get("/test-environment/app/request-0002/deliver/").context["delivery"].fields
    assert told["result"] == "pin_locked"
    assert "signature" not in told
    browser.get(asked(sandbox, request_id="request-0003"))
    browser.post("/test-environment/app/request-0003/pin/", {"pin": PIN})
    assert journey("request-0003").state == "pin_locked"


def test_a_malformed_pin_uses_no_try(sandbox: Environment, browser: Any) -> None:
    browser.get(asked(sandbox))
    for pin in ("", "12345", "１２３４", "12 4", "\x00\x00\x00\x00"):
        page = browser.post("/test-environment/app/request-0001/pin/", {"pin": pin}, follow=True)
        assert "数えていません" in page.content.decode()
    assert page.context["tries_left"] == 3


def test_cancelling_tells_the_service(sandbox: Environment, browser: Any) -> None:
    browser.get(asked(sandbox))
    page = browser.post("/test-environment/app/request-0001/cancel/", follow=True)
    assert page.context["delivery"].fields["result"] == "cancelled"
    assert "certificate" not in page.context["delivery"].fields
    browser.post("/test-environment/app/request-0001/pin/", {"pin": PIN})
    assert journey().state == "cancelled"


def test_time_runs_out(sandbox: Environment, browser: Any) -> None:
    browser.get(asked(sandbox))
    row = journey()
    PhoneRequest.objects.filter(pk=row.pk).update(expires_at=row.created_at)
    page = browser.post("/test-environment/app/request-0001/pin/", {"pin": PIN}, follow=True)
    assert "時間切れ" in page.content.decode()
    assert journey().state == "expired"
    assert journey().signature is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"request_id": None}, "request.parameter_missing"),
        ({"request_id": "short"}, "request.id_malformed"),
        ({"request_id": "with space 123"}, "request.id_malformed"),
        ({"purpose": "login"}, "request.purpose_unknown"),
        ({"message": "!!!"}, "request.message_malformed"),
        ({"message": "A"}, "request.message_malformed"),
        ({"message": "A" * 8000}, "request.message_too_long"),
        ({"return_url": ""}, "request.parameter_missing"),
        ({"return_url": "https://example.com/" + "a" * 3000}, "request.return_url_too_long"),
        ({"way": "fax"}, "request.way_unknown"),
        ({"purpose": "\x00"}, "request.purpose_unknown"),
    ],
)
def test_a_malformed_request_is_named(sandbox: Environment, browser: Any, changes: dict[str, Any], code: str) -> None:
    page = browser.get(asked(sandbox, **changes))
    assert page.status_code == 400
    assert code in page.content.decode()
    assert not PhoneRequest.objects.exists()


def test_a_doubled_parameter_is_named(sandbox: Environment, browser: Any) -> None:
    page = browser.get(asked(sandbox) + "&return_url=https://evil.example/")
    assert "request.parameter_twice" in page.content.decode()


def test_a_persona_without_certificates_is_sent_to_apply(sandbox: Environment, browser: Any) -> None:
    browser.get(asked(sandbox))
    page = browser.post("/test-environment/app/request-0001/persona/", {"persona": "P21"}, follow=True)
    assert "/test-environment/personas/P21/apply/" in page.content.decode()
    browser.post("/test-environment/app/request-0001/pin/", {"pin": PIN})
    assert journey().state == "waiting_pin"


def test_others_do_not_see_it(sandbox: Environment, browser: Any, few_personas: None, commit: Any) -> None:
    browser.get(asked(sandbox))
    a_provider("Other Shop", "1345678901234", cast.jiro())
    jiro = cast.browser_of(cast.jiro())
    assert jiro.get(asked(sandbox, request_id="request-0009")).status_code == 404
    assert jiro.get("/test-environment/app/request-0001/").status_code == 404
    with commit():
        jiro.post("/test-environment/request/")
    for path in ("", "progress/", "deliver/"):
        assert jiro.get(f"/test-environment/app/request-0001/{path}").status_code == 404
    assert cast.browser_of(None).get(asked(sandbox)).status_code == 302
    assert cast.browser_of(cast.reiko()).get(asked(sandbox)).status_code == 302
    assert PhoneRequest.objects.count() == 1
