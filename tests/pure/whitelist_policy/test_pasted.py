"""What is pasted: the URL to the last byte, or the URL inside a request, JSON or a line of a log."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whitelist.policy import pasted

URL = "https://bank.example.jp/jpki/return"
ENCODED = "https%3A%2F%2Fbank.example.jp%2Fjpki%2Freturn"

TEXTS = [
    (URL, URL, "as_it_is"),
    (URL + "\r\n", URL + "\r\n", "as_it_is"),
    (" " + URL, " " + URL, "as_it_is"),
    ("\ufeff" + URL, "\ufeff" + URL, "as_it_is"),
    (f'"{URL}"', f'"{URL}"', "as_it_is"),
    (URL + "?return=https://other.example.jp/", URL + "?return=https://other.example.jp/", "as_it_is"),
    ("bank.example.jp/jpki/return", "bank.example.jp/jpki/return", "as_it_is"),
    ("", "", "as_it_is"),
    (f"https://portal.example.jp/app?env=e&return_url={ENCODED}&way=qr", URL, "parameter"),
    (f"GET /app?return_url={ENCODED} HTTP/1.1", URL, "parameter"),
    (f"return_url={ENCODED}%2f", URL + "/", "parameter"),
    (f"curl -d 'returnUrl={ENCODED}'", URL, "parameter"),
    (f"return_url={URL}+", URL + " ", "parameter"),
    (f'{{"a": 1, "return_url": "{URL}\\u200b"}}', URL + "\u200b", "member"),
    ('{"redirect_uri":"https:\\/\\/bank.example.jp\\/jpki\\/return"}', URL, "member"),
    (f"12:00 WARN not returned: {URL} (timeout)", URL, "line"),
    (f'10.0.0.1 - - "GET {URL} HTTP/1.1" 200', URL, "line"),
]


@pytest.mark.parametrize(("text", "url", "source"), TEXTS)
def test_where_the_url_is_found(text, url, source):
    assert pasted.read(text) == pasted.Pasted(url.encode(), source)


@given(st.text(max_size=200))
def test_any_text_is_read(text):
    found = pasted.read(text)
    assert found.source in {"as_it_is", "parameter", "member", "line"}
    if found.source == "as_it_is":
        assert found.url == text.encode("utf-8", "surrogatepass")
