"""Recipes: for every code of the check why it matters, what to do, and examples to copy."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from whitelist.messages import finding_words, recipe_fragments, recipe_words, server_words
from whitelist.policy import host_name
from whitelist.policy.rule_set import RULE_SET
from whitelist.policy.server_rule import registrable
from whitelist.policy.server_rules import SERVER_RULES
from whitelist.policy.url_rules import RULES
from whitelist.views.findings import MEANINGS

EXAMPLE_HOST = "return.example.jp"
GROUPS = (
    ("url.", _("The form of the URL")),
    ("dom.", _("The domain")),
    ("dns.", _("The name")),
    ("tls.", _("The encrypted connection")),
    ("http.", _("The answers of the server")),
    ("app.", _("The association with an app")),
    ("list.", _("What stands behind the entry")),
)

_UNSEEN = "…"
_PLAIN_HOST = re.compile(r"[a-z0-9.-]{1,253}")


@require_safe
def recipe_list(request: HttpRequest) -> HttpResponse:
    recipes = [{"code": code, "subject": subject(code)} for code in _codes()]
    groups = [
        {"title": title, "recipes": [recipe for recipe in recipes if recipe["code"].startswith(head)]}
        for head, title in GROUPS
    ]
    return render(request, "whitelist/public/recipe_list.html", {"groups": groups})


@require_safe
def recipe(request: HttpRequest, code: str) -> HttpResponse:
    """The recipe for one code, with the reader's own host in the examples when the query names one."""
    if code not in _codes():
        raise Http404
    typed = request.GET.get("host", "")
    host = plain_host(typed)
    context = {
        "code": code,
        "subject": subject(code),
        "why": recipe_words.WHY[code],
        "source": (RULES.get(code) or SERVER_RULES[code]).source,
        "cases": list(_cases(code, host or EXAMPLE_HOST)),
        "fragments": _fragments(code, host or EXAMPLE_HOST),
        "typed_host": typed[:253] if typed else EXAMPLE_HOST,
        "is_refused": bool(typed) and host is None,
    }
    return render(request, "whitelist/public/recipe.html", context)


def plain_host(text: str) -> str | None:
    """`text` as an ordinary host name in ASCII, fit to stand in a configuration file; None when it is none."""
    read = host_name.read(text.strip()) if len(text) <= 253 else None
    if read is None or read.is_ip or not _PLAIN_HOST.fullmatch(read.ascii):
        return None
    return read.ascii


def subject(code: str) -> Any:
    """What the rule looks at, in a few words."""
    return server_words.SUBJECTS.get(code) or finding_words.PASSED[code]


def _codes() -> list[str]:
    return [*RULES, *SERVER_RULES]


def _cases(code: str, host: str) -> Iterator[dict[str, Any]]:
    """Every case of the code with its sentences, and how grave it is in production."""
    args = _Example({"host": host, "domain": registrable(host)})
    tables = {**finding_words.FINDINGS, **server_words.FINDINGS}
    for (own, variant), sentences in tables.items():
        if own != code:
            continue
        severity = RULE_SET.severity(code, variant, "production")
        expected = str(sentences.expected) % args
        yield {
            "meaning": MEANINGS[severity],
            "word": finding_words.SEVERITIES[severity.value],
            "title": str(sentences.title) % args,
            "expected": "" if expected == _UNSEEN else expected,
            "mend": str(sentences.mend) % args,
        }


def _fragments(code: str, host: str) -> list[Mapping[str, str]]:
    return [
        {
            "product": fragment.product,
            "name": f"example-{number}",
            "text": fragment.text.replace("@host@", host).replace("@domain@", registrable(host)),
        }
        for number, fragment in enumerate(recipe_fragments.fragments(code), 1)
    ]


class _Example(dict[str, str]):
    """Sentences speak of what was seen; where nothing was, a mark stands for it."""

    def __missing__(self, key: str) -> str:
        return _UNSEEN
