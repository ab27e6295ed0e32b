"""A journey is a story with a budget: pages seen, fields typed, clicks made and the machine's time are counted.

The rows of a run are kept in `tests/screenshots/journeys.md` for people to read; a test asserts its own budget.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Frame, Locator

from tests.flows.browser import SCREENSHOTS
from tests.flows.people import Person

ROWS = SCREENSHOTS / "journeys.md"
HEAD = ("journey", "pages", "fields typed", "clicks", "machine seconds")


class Journey:
    """What one person does in their tab from the first page to the outcome. Selectors are Playwright's."""

    def __init__(self, name: str, person: Person) -> None:
        self.name, self.person, self.page = name, person, person.page
        self.pages = self.fields = self.clicks = 0
        self.seconds = 0.0
        self._counting = True

    def _turned(self, frame: Frame) -> None:
        if self._counting and frame == self.page.main_frame:
            self.pages += 1

    def open(self, path: str) -> None:
        self.person.open(path)

    def fill(self, selector: str, value: str) -> None:
        """Type one answer."""
        self.page.locator(selector).first.fill(value)
        self.fields += 1

    def choose(self, selector: str, value: str) -> None:
        """Pick one of a list."""
        self.page.locator(selector).first.select_option(value)
        self.fields += 1

    def tick(self, selector: str) -> None:
        """Tick a box or a radio button: a click, not typing."""
        self.page.locator(selector).first.check()
        self.clicks += 1

    def click(self, target: str | Locator) -> None:
        found = self.page.locator(target) if isinstance(target, str) else target
        found.filter(visible=True).first.click()
        self.clicks += 1

    def send(self) -> None:
        """Press the page's main button."""
        self.person.send()
        self.clicks += 1

    @contextmanager
    def aside(self) -> Iterator[None]:
        """What is done on another device (reading a mail, waiting for the next TOTP code) counts for nothing here."""
        began, self._counting = time.monotonic(), False
        try:
            yield
        finally:
            self._counting = True
            self.seconds -= time.monotonic() - began

    def row(self) -> str:
        return f"| {self.name} | {self.pages} | {self.fields} | {self.clicks} | {self.seconds:.1f} |"


@contextmanager
def journey(name: str, person: Person) -> Iterator[Journey]:
    """Count everything `person` does inside the block; on success the row is kept."""
    counted = Journey(name, person)
    person.page.on("framenavigated", counted._turned)
    began = time.monotonic()
    try:
        yield counted
    finally:
        counted.seconds += time.monotonic() - began
        person.page.remove_listener("framenavigated", counted._turned)
    SCREENSHOTS.mkdir(exist_ok=True)
    if not ROWS.exists():
        ROWS.write_text(f"| {' | '.join(HEAD)} |\n|{' --- |' * len(HEAD)}\n")
    with ROWS.open("a") as rows:
        rows.write(counted.row() + "\n")
