"""Package names, bundle ids and fingerprints."""

import pytest

from whitelist.messages import case_words
from whitelist.policy import app_identifier

HEX = "ab" * 32


@pytest.mark.parametrize(
    ("identifier", "code"),
    [
        ("jp.example.bank", None),
        ("jp.example.Bank_2", None),
        ("jp.example-bank.app", None),
        ("", "app.identifier_missing"),
        ("bank", "app.identifier_malformed"),
        ("jp..bank", "app.identifier_malformed"),
        ("jp.example.bank\n", "app.identifier_malformed"),
        ("jp.例え.bank", "app.identifier_malformed"),
        ("javascript:alert(1)", "app.identifier_malformed"),
        ("intent://jp.example.bank", "app.identifier_malformed"),
        (" jp.example.bank", "app.identifier_malformed"),
        ("a." + "b" * 260, "app.identifier_malformed"),
    ],
)
def test_an_identifier_is_a_domain_backwards(identifier, code):
    assert app_identifier.identifier_gap(identifier) == code
    assert code is None or code in case_words.REFUSALS


@pytest.mark.parametrize(
    ("identifier", "url", "is_under"),
    [
        ("jp.example.bank.app", "https://apply.bank.example.jp/", True),
        ("jp.co.my_bank.app", "https://login.my-bank.co.jp/", True),
        ("jp.example.bank", "https://apply.shop.test/", False),
        ("jp.co", "https://login.bank.co.jp/", False),
        ("jp.example.bank", "no url", False),
    ],
)
def test_it_should_stand_under_the_domain_of_the_url(identifier, url, is_under):
    assert app_identifier.is_under_domain_of(identifier, url) is is_under


@pytest.mark.parametrize("text", [HEX, HEX.upper(), ":".join(["AB"] * 32), " ".join(["ab"] * 32), "ab-" * 31 + "ab"])
def test_a_fingerprint_is_read_from_any_usual_form(text):
    assert app_identifier.fingerprint(text) == ":".join(["AB"] * 32)


@pytest.mark.parametrize("text", ["", "ab" * 31, "ab" * 33, "xy" * 32, "sha256:" + HEX, "ａｂ" * 32])
def test_anything_else_is_no_fingerprint(text):
    assert app_identifier.fingerprint(text) is None
