"""From a decision to the list that TSMs fetch: within 60 seconds, for everything that changes the list."""

import json
import threading
import time
import urllib.error
import urllib.request

import pytest

from tests import organisations
from tests.flows import browser as chromium
from tests.flows.browser import NARROW, SCREENSHOTS, WIDE
from tests.flows.scenes import scene

LIMIT = 60
URL = "https://minute.example.jp/jpki/return"


class Watch:
    """A TSM that fetches the list again and again, and notes when `url` came or went."""

    def __init__(self, site, key, url):
        self.site, self.key, self.url = site, key, url
        self.turns = []  # (moment, whether it is listed)
        self.newest = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()

    def ask(self, path, body=None):
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        data = json.dumps(body).encode() if body else None
        request = urllib.request.Request(f"{self.site.site_url}/api/v1/tsm/{path}", data, headers)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def _watch(self):
        while not self._over.wait(0.5):
            try:
                self.newest = self.ask("list")
            except urllib.error.HTTPError as error:
                if error.code not in (404, 503):  # before the first version there is no list
                    raise
                continue
            is_listed = any(entry["url"] == self.url for entry in self.newest["entries"])
            if not self.turns or self.turns[-1][1] != is_listed:
                self.turns.append((time.time(), is_listed))

    def seconds_until(self, *, listed, since):
        """Seconds from `since` (epoch) till the list first said so."""
        deadline = time.monotonic() + LIMIT + 30
        while time.monotonic() < deadline:
            if self.turns and self.turns[-1][1] is listed:
                return self.turns[-1][0] - since
            time.sleep(0.1)
        pytest.fail(f"{self.url} is still {'not ' if listed else ''}in the list; see {self.site.log}")

    def confirm(self):
        """What a TSM sends once it works with the list it fetched."""
        tree = self.newest["tree"]
        told = {"version": self.newest["version"], "tree_size": tree["size"], "root": tree["root"]}
        self.ask("acknowledgements", told | {"at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())})


@pytest.fixture
def tsm(journey_site):
    made = scene(journey_site, "entries:tsm", name="TSM-Minute")
    yield made["key"]
    scene(journey_site, "entries:without_tsm", tsm=made["tsm"])


def test_every_decision_is_in_the_list_within_a_minute(journey_site, arrive, tsm):
    owner = "hanako@minute.example.jp"
    hanako = arrive(name="申請 花子", email=owner)
    with Watch(journey_site, tsm, URL) as watch:
        made = scene(
            journey_site,
            "entries:live_entry",
            owner=owner,
            second="second@minute.example.jp",
            number=organisations.number(930),
            name="一分省",
            url=URL,
        )
        took = {"second approval": watch.seconds_until(listed=True, since=made["decided"])}
        the_page_follows(hanako, made, watch)
        entry = made["entry"]
        stopped = scene(journey_site, "entries:stopped", entry=entry)
        took["suspension"] = watch.seconds_until(listed=False, since=stopped["decided"])
        the_stop_is_told(hanako, entry)
        back = scene(journey_site, "entries:brought_back", entry=entry)
        took["return by two"] = watch.seconds_until(listed=True, since=back["decided"])
        given_up = scene(journey_site, "entries:given_up", entry=entry, owner=owner, seconds=5)
        took["retirement (from its moment)"] = watch.seconds_until(listed=False, since=given_up["decided"])
    told(took)
    assert max(took.values()) < LIMIT, took
    assert min(took.values()) >= 0, took  # nothing is done before it is decided


def told(took):
    """The seconds, for people to read."""
    lines = [f"| {name} | {seconds:.1f} |" for name, seconds in took.items()]
    text = "\n".join(["| decision | seconds till the TSMs' list |", "| --- | --- |", *lines])
    SCREENSHOTS.mkdir(exist_ok=True)
    (SCREENSHOTS / "published_within.md").write_text(text + "\n")
    print("\n" + text)


def the_page_follows(hanako, made, watch):
    """The page shows what is awaited and turns by itself when the TSM confirms."""
    hanako.open(f"/whitelist/applications/{made['case']}/")
    page = hanako.page
    waiting = page.locator("#effect .tsm-card", has_text="TSM-Minute")
    waiting.locator("text=確認待ち").wait_for(timeout=30_000)
    chromium.shoot(page, "effect-1-awaited")
    watch.confirm()
    page.locator("#effect .tsm-card[data-state=live]", has_text="TSM-Minute").wait_for(timeout=30_000)
    for name, path in (("application", f"applications/{made['case']}"), ("entry", f"entries/{made['entry']}")):
        hanako.open(f"/whitelist/{path}/")
        for ending, size in (("", WIDE), ("-390", NARROW)):
            page.set_viewport_size(size)
            chromium.shoot(page, f"effect-2-{name}{ending}")
            assert not chromium.scrolls_sideways(page)
        page.set_viewport_size(WIDE)


def the_stop_is_told(hanako, entry):
    hanako.open(f"/whitelist/entries/{entry}/")
    hanako.page.locator("#effect >> text=一覧から除外").wait_for()
    chromium.shoot(hanako.page, "effect-3-stopped")
