"""A long e-mail address breaks at its joints, and is the same address to whoever copies it."""

import re

import pytest
from django.template import Context, Template


def shown(address: str) -> str:
    return Template("{% load addresses %}{{ address|mail_address }}").render(Context({"address": address}))


@pytest.mark.parametrize(
    "address", ["hanako@example.jp", "a@b.c", "", "no address, but longer than what fits in a line"]
)
def test_a_short_one_and_what_is_none_stay_as_they_are(address: str) -> None:
    assert shown(address) == address


def test_a_long_one_breaks_before_the_at_and_before_dots_behind_it() -> None:
    html = shown("first.last+window@mail.department.example.jp")
    assert html == (
        '<span class="mail-address">first.last+window<wbr>@mail<wbr>.department<wbr>.example<wbr>.jp</span>'
    )
    assert re.sub("<[^>]+>", "", html) == "first.last+window@mail.department.example.jp"


def test_nothing_of_an_address_is_ever_markup() -> None:
    assert "<b>" not in shown('"<b>"@averyveryverylongdomain.example.jp')
    assert "<b>" not in shown("<b>@x.jp")
