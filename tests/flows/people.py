"""People in a browser: each has a context of their own, signs up or logs in, and types what a person would type."""

import json
import re
import time

from playwright.sync_api import Browser, Page

from tests.flows import browser as chromium
from tests.servers import Processes

PASSWORD = "correct horse battery staple"


class Person:
    """One person at one browser. `page` is the tab they look at."""

    def __init__(self, browser: Browser, site: Processes, *, name: str, email: str) -> None:
        self.site, self.name, self.email = site, name, email
        self.context = browser.new_context(viewport=chromium.WIDE, locale="ja-JP")
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.complaints: list[str] = []
        self.page.on("console", lambda message: self._hear(message.type, message.text))
        self.secret = ""
        self.codes_used: set[str] = set()

    def _hear(self, kind: str, text: str) -> None:
        if kind == "error":
            self.complaints.append(text)

    def open(self, path: str) -> None:
        answer = self.page.goto(self.site.site_url + path)
        assert answer is not None
        assert answer.status == 200, f"{path} answered {answer.status}"

    def send(self) -> None:
        """Press the page's main button."""
        self.page.locator("main button[data-kind=main][type=submit]").first.click()

    def sign_up(self) -> None:
        """E-mail, name, password; the code from the mailbox page; a second factor with its recovery codes."""
        self.open("/accounts/signup/")
        self.page.locator("#id_name").fill(self.name)
        self.page.locator("#id_email").fill(self.email)
        self.page.locator("#id_password1").fill(PASSWORD)
        self.send()
        self.page.locator("#id_code").fill(re.search(r"^\s*([A-Z0-9-]{6,9})\s*$", self.latest_mail(), re.M)[1])
        self.send()
        self.set_up_second_factor()

    def set_up_second_factor(self) -> None:
        self.open("/accounts/2fa/totp/activate/")
        self.secret = self.page.locator("#authenticator_secret").input_value().replace(" ", "")
        self.page.locator("#id_code").fill(self.fresh_code())
        self.send()
        self.page.wait_for_url(re.compile("recovery-codes|/home/"))

    def log_in(self, password: str = PASSWORD) -> None:
        self.open("/accounts/login/")
        self.page.locator("#id_login").fill(self.email)
        self.page.locator("#id_password").fill(password)
        self.send()
        self.confirm_second_factor()

    def confirm_second_factor(self) -> None:
        self.page.locator("#id_code").fill(self.fresh_code())
        self.send()

    def prove_again(self, password: str = PASSWORD) -> None:
        """Both factors once more, for one act."""
        self.page.locator("#id_fresh-password").fill(password)
        self.page.locator("#id_fresh-code").fill(self.fresh_code())
        self.send()

    def fresh_code(self) -> str:
        """A TOTP code that was not used before: the site takes each only once, and those of the steps beside the
        present one too, as it does for an authenticator whose clock is off (RFC 6238 section 5.2)."""
        while True:
            now = time.time()
            # Late in a step the one before is about to leave the window.
            shifts = (0, 30, -30) if now % 30 < 20 else (0, 30)
            for shift in shifts:
                code = chromium.totp(self.secret, now + shift)
                if code not in self.codes_used:
                    self.codes_used.add(code)
                    return code
            time.sleep(0.5)

    def latest_mail(self) -> str:
        """The newest mail to this person, read on the mailbox page as embedded mode offers it."""
        tab = self.context.new_page()
        tab.goto(self.site.site_url + "/mailbox/")
        tab.locator("main tr, main li").filter(has_text=self.email).first.locator("a").first.click()
        text = tab.inner_text("main")
        tab.close()
        return text

    def api(self, path: str, key: str, body: dict | None = None) -> dict:
        """A call from this person's own program: no cookie, only the key."""
        import urllib.request

        request = urllib.request.Request(
            self.site.site_url + path,
            data=json.dumps(body).encode() if body is not None else None,
            headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)
