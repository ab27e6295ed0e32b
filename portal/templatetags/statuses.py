"""Statuses and chips: one meaning, one shape, one colour, always with a word.

The nine meanings are fixed for the whole site: ok, error, unknown, warning, info, turn, waiting, paused, not_run.
"""

from typing import Final

from django import template
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.templatetags.icons import icon

register = template.Library()

DEFAULT_WORDS: Final[dict[str, str | Promise]] = {
    "ok": pgettext_lazy("status", "Done"),
    "error": pgettext_lazy("status", "Failed"),
    "unknown": pgettext_lazy("status", "Indeterminate"),
    "warning": pgettext_lazy("status", "Warning"),
    "info": pgettext_lazy("status", "In review"),
    "turn": pgettext_lazy("status", "Your turn"),
    "waiting": pgettext_lazy("status", "Waiting"),
    "paused": pgettext_lazy("status", "Paused"),
    "not_run": pgettext_lazy("status", "Not run"),
}

VERDICTS: Final[dict[str, tuple[str, str | Promise]]] = {
    "valid": ("ok", pgettext_lazy("verdict", "Valid")),
    "invalid": ("error", pgettext_lazy("verdict", "Invalid")),
    "indeterminate": ("unknown", pgettext_lazy("verdict", "Indeterminate")),
}

STEP_RESULTS: Final[dict[str, str]] = {
    "passed": "ok",
    "failed": "error",
    "indeterminate": "unknown",
    "not_run": "not_run",
}

MEDIA: Final[dict[str, tuple[str, str | Promise]]] = {
    "card": ("card", _("Card")),
    "phone": ("phone", _("Smartphone")),
    "phone_android": ("phone", _("Smartphone (Android)")),
    "phone_iphone": ("phone", _("Smartphone (iPhone)")),
}


def _known(meaning: str) -> str:
    if meaning not in DEFAULT_WORDS:
        raise template.TemplateSyntaxError(f"{meaning!r} is not one of the meanings {', '.join(DEFAULT_WORDS)}")
    return meaning


@register.simple_tag
def status(meaning: str, words: str | Promise = "", *, strong: bool = False) -> SafeString:
    """Icon and word in running text or a row. `words` defaults to the usual word of the meaning."""
    return format_html(
        '<span class="status" data-meaning="{}"{}>{}<span>{}</span></span>',
        _known(meaning),
        mark_safe(" data-strong") if strong else "",
        icon(meaning),
        words or DEFAULT_WORDS[meaning],
    )


@register.simple_tag
def chip(meaning: str, words: str | Promise = "") -> SafeString:
    """The boxed form of a status: beside headings and in tables."""
    return format_html(
        '<span class="chip" data-meaning="{}">{}<span>{}</span></span>',
        _known(meaning),
        icon(meaning, size=16),
        words or DEFAULT_WORDS[meaning],
    )


@register.simple_tag
def verdict(value: str, *, boxed: bool = False) -> SafeString:
    """The verdict of a verification (valid, invalid, indeterminate) as a status, or as a chip when `boxed`."""
    meaning, words = VERDICTS[value]
    return chip(meaning, words) if boxed else status(meaning, words)


@register.filter
def verdict_meaning(value: str) -> str:
    """The meaning (ok, error, unknown) a verdict is drawn with."""
    return VERDICTS[value][0]


@register.filter
def verdict_words(value: str) -> str:
    """The word for a verdict."""
    return str(VERDICTS[value][1])


@register.filter
def step_meaning(result: str) -> str:
    """The meaning a step's result (passed, failed, indeterminate, not_run) is drawn with."""
    return STEP_RESULTS[result]


@register.simple_tag
def medium(value: str) -> SafeString:
    """The outlined tag of a medium (card, phone, phone_android, phone_iphone): drawing and word."""
    drawing, words = MEDIA[value]
    return format_html(
        '<span class="tag" data-medium="{}">{}<span>{}</span></span>', drawing, icon(drawing, size=16), words
    )
