"""A real Chromium for tests, the people who use it, and axe."""

import base64
import hashlib
import hmac
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import axe_core_python
from playwright.sync_api import Browser, Page, sync_playwright

from tests.servers import ROOT, need

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
SCREENSHOTS = ROOT / "tests" / "screenshots"
_AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=need("chromium"), args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def totp(secret: str, at: float | None = None) -> str:
    """The six digits of RFC 6238, by the standard library: an outside look at the site's second factor."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    counter = struct.pack(">Q", int(at or time.time()) // 30)
    digest = hmac.digest(key, counter, hashlib.sha1)
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def shoot(page: Page, name: str) -> None:
    """A picture of the whole page, kept for people to look at; axe must find nothing on it."""
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
    found = axe_violations(page)
    assert found == [], f"{name}: {found}"


def axe_violations(page: Page) -> list[str]:
    """What axe finds wrong on the page, one line each. Injected by the debugger, so the page's CSP stays as it is."""
    if page.evaluate("!window.axe"):
        page.evaluate(_AXE + "; undefined")
    result = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})", _TAGS
    )
    return [
        f"{found['id']}: {node['html'][:160]} ({found['help']})"
        for found in result["violations"]
        for node in found["nodes"]
    ]


def scrolls_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def navigation_wraps(page: Page) -> bool:
    """Whether the main navigation needs more than one line; on narrow screens it is behind a menu."""
    items = page.locator(".main-navigation a")
    tops = [box["y"] for each in items.all() if (box := each.bounding_box())]
    return len(set(tops)) > 1
