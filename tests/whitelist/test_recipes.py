"""Every code of the check has a recipe, and what is to be copied has the shape of what it is for."""

import configparser
import json
import re
import shlex
from xml.etree import ElementTree

import pytest

from whitelist.messages import recipe_fragments, recipe_words
from whitelist.policy.server_rules import SERVER_RULES
from whitelist.policy.url_rules import RULES

CODES = [*RULES, *SERVER_RULES]
# Mended by people, not by configuration.
WITHOUT_FRAGMENTS = {"dom.jp_attribute", "dom.lookalike", "dom.duplicate", "list.conformance", "list.contact"}
EXAMPLES = [
    pytest.param(fragment, id=f"{code} {fragment.product}")
    for code in CODES
    for fragment in recipe_fragments.fragments(code)
]


def test_every_code_has_a_recipe():
    assert set(recipe_words.WHY) == set(CODES)
    assert {code for code in CODES if not recipe_fragments.fragments(code)} == WITHOUT_FRAGMENTS


def test_server_findings_are_mended_for_the_common_products():
    for code in CODES:
        if code.startswith(("tls.", "http.h", "http.status")):
            products = {fragment.product for fragment in recipe_fragments.fragments(code)}
            assert {"nginx", "Apache HTTP Server", "IIS"} <= products, code


@pytest.mark.parametrize("code", CODES)
@pytest.mark.django_db
def test_every_recipe_page_opens_and_puts_the_host_in(client, code):
    page = client.get(f"/whitelist/recipes/{code}/", {"host": "Return.Mihon.go.jp"}).content.decode()
    assert code in page
    assert "@host@" not in page
    if any("@host@" in fragment.text for fragment in recipe_fragments.fragments(code)):
        assert "mihon.go.jp" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    "host", ['"><script>alert(1)</script>', "a b", "127.0.0.1", "[::1]", "*.example.jp", "a;b.jp", "x" * 300]
)
def test_what_is_no_host_name_never_reaches_an_example(client, host):
    answer = client.get("/whitelist/recipes/tls.name/", {"host": host})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "server_name return.example.jp;" in page
    assert 'aria-invalid="true"' in page
    assert "<script>alert" not in page


@pytest.mark.django_db
def test_a_code_that_is_none_has_no_recipe(client):
    assert client.get("/whitelist/recipes/tls.nothing/").status_code == 404


@pytest.mark.parametrize("fragment", EXAMPLES)
def test_an_example_has_the_shape_of_its_syntax(fragment):
    text = fragment.text.replace("@host@", "return.example.jp").replace("@domain@", "example.jp")
    assert "@" not in text.replace("@{", "")
    SHAPES[fragment.syntax](text)


def _nginx(text):
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
    assert all(line.endswith((";", "{", "}")) for line in lines)
    assert text.count("{") == text.count("}")


def _apache(text):
    opened = []
    for line in (line.strip() for line in text.splitlines()):
        if line.startswith("</"):
            assert opened.pop() == line[2:-1]
        elif line.startswith("<"):
            assert line.endswith(">")
            opened.append(line[1:-1].split()[0])
        else:
            assert not line or re.match(r"#|[A-Z][A-Za-z]+ +\S", line)
    assert not opened


def _shell(text):
    assert shlex.split(text, comments=True)


def _zone(text):
    for line in text.splitlines():
        assert line.startswith(";") or re.fullmatch(r"[\w.-]+\. \d+ IN (A|TXT|CAA) \S.*", line)


def _ini(text):
    parser = configparser.ConfigParser()
    parser.read_string("[service]\n" + text)
    assert parser["service"]["RETURN_URL"].startswith("https://")


def _powershell(text):
    assert text.count("'") % 2 == 0
    assert text.count("(") == text.count(")")


SHAPES = {
    "nginx": _nginx,
    "apache": _apache,
    "xml": ElementTree.fromstring,
    "json": json.loads,
    "shell": _shell,
    "zone": _zone,
    "bind": _nginx,
    "ini": _ini,
    "powershell": _powershell,
}
