"""Moments as people in Japan read them: always Japan Standard Time, always with a machine-readable <time>."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django import template
from django.utils import dateformat, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

register = template.Library()

JAPAN: Final = ZoneInfo("Asia/Tokyo")


def _format(style: str) -> str:
    """A Django date format in the reader's language; the msgids are formats, not words."""
    formats = {
        "minute": pgettext("date format, this year", "D j M, H:i"),
        "second": pgettext("date format, this year", "D j M, H:i:s"),
        "date": pgettext("date format, this year", "D j M"),
        "minute year": pgettext("date format, with year", "j M Y, H:i"),
        "second year": pgettext("date format, with year", "j M Y, H:i:s"),
        "date year": pgettext("date format, with year", "j M Y"),
        "time": "H:i:s",
    }
    return formats[style]


@register.filter
def jst(moment: datetime | None, style: str = "minute") -> str | SafeString:
    """A moment in Japan Standard Time inside <time>.

    `style` is minute (default), second, date or time; add " year" (as in "second year") to always show the year, which
    is otherwise left out within the current one. Nothing is shown for None.
    """
    if moment is None or moment == "":
        return ""
    local = moment.astimezone(JAPAN)
    if style != "time" and not style.endswith("year") and local.year != timezone.now().astimezone(JAPAN).year:
        style = f"{style} year"
    return format_html(
        '<time datetime="{}">{}</time>', local.isoformat(timespec="seconds"), dateformat.format(local, _format(style))
    )


@register.filter
def seconds_in_words(seconds: float | None) -> str:
    """A span of seconds in the largest fitting unit, rounded down: 26 min, 2 d."""
    if seconds is None:
        return ""
    whole = int(abs(seconds))
    if whole < 60:
        return gettext("%(n)d s") % {"n": whole}
    if whole < 3600:
        return gettext("%(n)d min") % {"n": whole // 60}
    if whole < 86400:
        return gettext("%(n)d h") % {"n": whole // 3600}
    return gettext("%(n)d d") % {"n": whole // 86400}


@register.simple_tag
def ago(moment: datetime, at: datetime | None = None) -> str:
    """How long before `at` (default: now) the moment was: "26 min ago"; "in 2 d" when it is still to come."""
    seconds = ((at or timezone.now()) - moment).total_seconds()
    words = {"span": seconds_in_words(seconds)}
    return gettext("%(span)s ago") % words if seconds >= 0 else gettext("in %(span)s") % words
