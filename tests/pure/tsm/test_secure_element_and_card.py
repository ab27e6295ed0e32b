"""Applet, Secure Element and test card: what they do, and what they never give away."""

import json
from datetime import datetime
from functools import cache
from typing import TypeVar

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from testenv.tsm.applet import Applet, AppletRefusal
from testenv.tsm.applet_state import BrokenState
from testenv.tsm.commands import EraseApplet, InstallApplet, MakeKeyPair, Personalise
from testenv.tsm.pin import PinResult, ScreenUnlock, UnlockMethod
from testenv.tsm.secure_element import SecureElement, SigningDevice, TestCard
from verifier.pki.profiles import Medium, Purpose

CHEAP = 2
Carrier = TypeVar("Carrier", SecureElement, TestCard)
SIGNATURE, AUTHENTICATION = Purpose.SIGNATURE, Purpose.USER_AUTHENTICATION
PIN = {SIGNATURE: "TEST1234", AUTHENTICATION: "1234"}
# SHA-256 DigestInfo prefix, RFC 8017, 9.2 note 1.
DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")


@cache
def foreign_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def certificate_for(public_key: rsa.RSAPublicKey) -> bytes:
    """Any certificate for that key: what it says is the CA's affair."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    builder = x509.CertificateBuilder(name, name, public_key, 1, datetime(2026, 1, 1), datetime(2027, 1, 1))
    return builder.sign(foreign_key(), hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def equipped(carrier: Carrier, *purposes: Purpose) -> Carrier:
    for purpose in purposes:
        carrier = carrier.make_key_pair(purpose).set_pin(purpose, PIN[purpose], cost=CHEAP)
        carrier = carrier.personalise(purpose, certificate_for(carrier.public_key(purpose)))
    return carrier


@pytest.fixture(scope="module")
def element() -> SecureElement:
    return equipped(SecureElement("se-1").install_applet(), SIGNATURE, AUTHENTICATION)


@pytest.fixture(scope="module")
def card() -> TestCard:
    return equipped(TestCard.blank("card-1"), SIGNATURE, AUTHENTICATION)


@pytest.fixture(params=["element", "card"])
def device(request: pytest.FixtureRequest) -> SigningDevice:
    carrier: SigningDevice = request.getfixturevalue(request.param)
    return carrier


def code_of(refusal: pytest.ExceptionInfo[AppletRefusal]) -> str:
    return refusal.value.code


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_signature_is_pkcs1_v1_5_over_a_sha256_digest_info(device: SigningDevice, purpose: Purpose) -> None:
    outcome, device = device.verify_pin(purpose, PIN[purpose])
    assert outcome.is_accepted
    public = x509.load_der_x509_certificate(device.read_certificate(purpose)).public_key()
    assert isinstance(public, rsa.RSAPublicKey)
    assert (public.key_size, public.public_numbers().e) == (2048, 65537)
    # Opened by hand, so that no library decides what the padding means.
    numbers = public.public_numbers()
    block = pow(int.from_bytes(device.sign(purpose, b"message"), "big"), numbers.e, numbers.n).to_bytes(256, "big")
    digest = hashes.Hash(hashes.SHA256())
    digest.update(b"message")
    info = DIGEST_INFO + digest.finalize()
    assert block == b"\x00\x01" + b"\xff" * (256 - 3 - len(info)) + b"\x00" + info


def test_without_a_verified_pin_nothing_is_signed(device: SigningDevice) -> None:
    with pytest.raises(AppletRefusal) as refusal:
        device.sign(SIGNATURE, b"m")
    assert code_of(refusal) == "applet.pin_not_verified"


def test_one_pin_does_not_open_the_other_purpose(device: SigningDevice) -> None:
    _, opened = device.verify_pin(AUTHENTICATION, PIN[AUTHENTICATION])
    with pytest.raises(AppletRefusal) as refusal:
        opened.sign(SIGNATURE, b"m")
    assert code_of(refusal) == "applet.pin_not_verified"


def test_a_wrong_pin_closes_what_a_right_one_had_opened(device: SigningDevice) -> None:
    _, opened = device.verify_pin(AUTHENTICATION, PIN[AUTHENTICATION])
    outcome, closed = opened.verify_pin(AUTHENTICATION, "0000")
    assert outcome.result is PinResult.REFUSED
    with pytest.raises(AppletRefusal):
        closed.sign(AUTHENTICATION, b"m")


def test_counters_survive_storage_and_lock(element: SecureElement) -> None:
    for left in (2, 1, 0):
        outcome, element = element.verify_pin(AUTHENTICATION, "0000")
        assert outcome.tries_left == left
        element = SecureElement.from_state(element.to_state())
        assert element.tries_left(AUTHENTICATION) == left
    assert element.verify_pin(AUTHENTICATION, PIN[AUTHENTICATION])[0].result is PinResult.LOCKED
    assert element.tries_left(SIGNATURE) == 5
    anew = element.set_pin(AUTHENTICATION, "9876", cost=CHEAP)
    assert anew.verify_pin(AUTHENTICATION, "9876")[0].is_accepted


def test_a_verified_pin_does_not_survive_storage(element: SecureElement) -> None:
    _, opened = element.verify_pin(SIGNATURE, PIN[SIGNATURE])
    stored = SecureElement.from_state(opened.to_state())
    with pytest.raises(AppletRefusal):
        stored.sign(SIGNATURE, b"m")
    _, again = stored.verify_pin(SIGNATURE, PIN[SIGNATURE])
    assert again.sign(SIGNATURE, b"m") == opened.sign(SIGNATURE, b"m")


def test_the_card_lets_its_authentication_certificate_be_read_and_the_phone_does_not(
    card: TestCard, element: SecureElement
) -> None:
    assert card.read_certificate(AUTHENTICATION)
    for carrier, purpose in ((card, SIGNATURE), (element, AUTHENTICATION), (element, SIGNATURE)):
        with pytest.raises(AppletRefusal) as refusal:
            carrier.read_certificate(purpose)
        assert code_of(refusal) == "applet.pin_not_verified"


def test_the_private_key_shows_in_no_text_of_the_element(element: SecureElement) -> None:
    assert "RSAPrivateKey" not in repr(element)
    with pytest.raises(TypeError):
        json.dumps(element.applet)


def test_a_new_element_has_no_applet_and_an_erased_one_neither(element: SecureElement) -> None:
    for bare in (SecureElement("se-2"), element.erase(), SecureElement.from_state(element.erase().to_state())):
        with pytest.raises(AppletRefusal) as refusal:
            bare.make_key_pair(SIGNATURE)
        assert code_of(refusal) == "applet.not_installed"
        with pytest.raises(AppletRefusal):
            bare.sign(SIGNATURE, b"m")


def test_installing_twice_keeps_the_keys(element: SecureElement) -> None:
    assert element.install_applet() == element


def test_a_certificate_for_another_key_or_no_certificate_is_not_written(element: SecureElement) -> None:
    foreign = certificate_for(foreign_key().public_key())
    for bytes_, code in ((foreign, "applet.foreign_key"), (b"\x30\x00", "applet.not_a_certificate")):
        with pytest.raises(AppletRefusal) as refusal:
            element.personalise(SIGNATURE, bytes_)
        assert code_of(refusal) == code


def test_before_personalising_nothing_is_signed() -> None:
    element = SecureElement("se-3").install_applet().make_key_pair(AUTHENTICATION)
    element = element.set_pin(AUTHENTICATION, "1234", cost=CHEAP)
    _, element = element.verify_pin(AUTHENTICATION, "1234")
    with pytest.raises(AppletRefusal) as refusal:
        element.sign(AUTHENTICATION, b"m")
    assert code_of(refusal) == "applet.no_certificate"


def test_a_new_key_pair_drops_certificate_and_verified_pin(card: TestCard) -> None:
    _, opened = card.verify_pin(SIGNATURE, PIN[SIGNATURE])
    renewed = opened.make_key_pair(SIGNATURE)
    assert renewed.public_key(SIGNATURE) != card.public_key(SIGNATURE)
    with pytest.raises(AppletRefusal) as refusal:
        renewed.sign(SIGNATURE, b"m")
    assert code_of(refusal) == "applet.no_certificate"


def test_an_empty_applet_names_what_it_lacks() -> None:
    for ask, code in (
        (lambda: Applet().public_key(SIGNATURE), "applet.no_key"),
        (lambda: Applet().pin_record(SIGNATURE), "applet.no_pin"),
    ):
        with pytest.raises(AppletRefusal) as refusal:
            ask()
        assert code_of(refusal) == code


def test_a_screen_unlock_opens_user_authentication_only(element: SecureElement) -> None:
    unlock = ScreenUnlock(Medium.PHONE_ANDROID, 14, UnlockMethod.PATTERN)
    opened = element.accept_screen_unlock(AUTHENTICATION, unlock)
    public = element.public_key(AUTHENTICATION)
    public.verify(opened.sign(AUTHENTICATION, b"m"), b"m", padding.PKCS1v15(), hashes.SHA256())
    with pytest.raises(AppletRefusal) as refusal:
        element.accept_screen_unlock(SIGNATURE, unlock)
    assert code_of(refusal) == "screen_lock.not_for_signature"


def test_a_finger_does_not_open_a_locked_pin(element: SecureElement) -> None:
    for _ in range(3):
        _, element = element.verify_pin(AUTHENTICATION, "0000")
    with pytest.raises(AppletRefusal) as refusal:
        element.accept_screen_unlock(AUTHENTICATION, ScreenUnlock(Medium.PHONE_ANDROID, 14, UnlockMethod.BIOMETRIC))
    assert code_of(refusal) == "applet.pin_locked"


def test_the_stored_state_comes_back_whole(card: TestCard) -> None:
    again = TestCard.from_state(card.to_state())
    assert again.identifier == card.identifier
    for purpose in Purpose:
        assert again.public_key(purpose) == card.public_key(purpose)
    assert again.read_certificate(AUTHENTICATION) == card.read_certificate(AUTHENTICATION)
    assert again.to_state() == card.to_state()


@pytest.mark.parametrize(
    "state",
    [
        b"",
        b"null",
        b"{}",
        b"\xff",
        b'{"version": 2, "kind": "test_card", "identifier": "x", "applet": null}',
        b'{"version": 1, "kind": "secure_element", "identifier": "x", "applet": null}',
        b'{"version": 1, "kind": "test_card", "applet": null}',
        b'{"version": 1, "kind": "test_card", "identifier": "x", "applet": {"slots": [{}], "pins": []}}',
        b'{"version": 1, "kind": "test_card", "identifier": "x", "applet": {"slots": [], "pins": '
        b'[{"purpose": "signature", "salt": "*", "digest": "", "cost": 2, "failures": 0}]}}',
    ],
)
def test_bytes_we_did_not_write_are_refused(state: bytes) -> None:
    with pytest.raises(BrokenState):
        TestCard.from_state(state)


def test_commands_say_who_is_asked_for_what() -> None:
    assert InstallApplet("ord-1", "se-1").as_record() == {
        "addressee": "sei_tsm",
        "verb": "install_applet",
        "reference": "ord-1",
        "secure_element_id": "se-1",
        "aid": "D392F000260100000001",
    }
    assert EraseApplet("ord-1", "se-1").as_record()["addressee"] == "sei_tsm"
    assert MakeKeyPair("ord-1", "se-1", SIGNATURE).as_record()["purpose"] == "signature"
    written = Personalise("ord-1", "se-1", SIGNATURE, "ab" * 32).as_record()
    assert (written["addressee"], written["certificate_sha256"]) == ("sp_tsm", "ab" * 32)
