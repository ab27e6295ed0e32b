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


def families(user_agent: str) -> tuple[str, str]:
    """Names of browser and system, each empty where it is none that we know."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return browser, system


@register.simple_tag
def device_of(browser: str, system: str) -> str:
    """The two names of `families` in the active language."""
    return ", ".join([browser or gettext("Another browser"), system or gettext("another system")])


@register.filter
def device(user_agent: str) -> str:
    """`Mozilla/5.0 (Windows NT 10.0; …) Chrome/140.0 …` -> `Chrome, Windows`."""
    return device_of(*families(user_agent))
