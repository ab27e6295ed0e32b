"""Browser and system of a session in a few words, from what the browser says of itself. A hint, never a proof."""

from typing import Final

from django import template
from django.utils.translation import gettext

register = template.Library()

# The first that occurs counts: Edge and Chrome both call themselves Chrome and Safari too.
_BROWSERS: Final = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


@register.filter
def device(user_agent: str) -> str:
    """`Mozilla/5.0 (Windows NT 10.0; …) Chrome/140.0 …` -> `Chrome, Windows`."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), gettext("Another browser"))
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), gettext("another system"))
    return f"{browser}, {system}"
