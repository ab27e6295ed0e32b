"""A sample service provider: log-in and application with the certificates on a phone, standard library only.

It is its own process with its own return server, and knows the portal only over HTTP:

    python examples/sample_sp/server.py --portal http://localhost:8000 --environment env_… --key spk_test_… --port 8002

1. `/start` makes a request (request id, bytes to sign, return URL) and sends the browser to the app simulator.
2. The phone's browser posts the answer to `/return`.
3. This server asks the verification API what the answer is worth, with its key, and shows the verdict.

What a real service must copy from here: the bytes to sign are made by the server, used once and soon forgotten; the
answer is looked up by request id; the result is shown only to the browser that began (cookie); nothing is believed
before the API said `valid`.
"""

import argparse
import base64
import hmac
import html
import json
import secrets
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from http import HTTPStatus
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

LIFE_SECONDS = 300
MAX_BODY = 64 * 1024
WORDS = json.loads(Path(__file__).with_name("words.json").read_text(encoding="utf-8"))
STYLE = Path(__file__).with_name("style.css").read_text(encoding="utf-8")
APPLICATION = "見本サービス利用申込書\n申込日 2026-11-26\n申込内容 口座の開設\n"  # what the holder signs in this sample


@dataclass
class Pending:
    """One request that has been sent to the app and is waiting for its answer."""

    purpose: str
    message: bytes
    browser: str
    language: str
    made_at: float = field(default_factory=time.time)
    outcome: dict | None = None

    @property
    def is_over(self) -> bool:
        return time.time() - self.made_at > LIFE_SECONDS


class Service:
    """What the sample keeps: its settings and the requests under way (in memory: a restart forgets them)."""

    def __init__(self, portal: str, environment: str, key: str, own_url: str) -> None:
        self.portal, self.environment, self.key, self.own_url = portal.rstrip("/"), environment, key, own_url
        self.pending: dict[str, Pending] = {}

    @property
    def return_url(self) -> str:
        return f"{self.own_url}/return"

    def begin(self, purpose: str, *, way: str, browser: str, language: str, return_url: str) -> str:
        """Make a request and return the address of the app (here: the portal's simulator) to send the browser to."""
        self.pending = {k: p for k, p in self.pending.items() if not p.is_over}
        request_id = "sample-" + secrets.token_hex(8)
        message = secrets.token_bytes(32) if purpose == "user_authentication" else APPLICATION.encode()
        self.pending[request_id] = Pending(purpose, message, browser, language)
        query = urllib.parse.urlencode(
            {
                "env": self.environment,
                "request_id": request_id,
                "purpose": purpose,
                "message": base64.urlsafe_b64encode(message).decode().rstrip("="),
                "return_url": return_url,
                "way": way,
            }
        )
        return f"{self.portal}/test-environment/app?{query}"

    def receive(self, form: dict[str, str]) -> str | None:
        """Take the app's answer once; returns the request id, or None when there is no such request (any more)."""
        request_id = form.get("request_id", "")
        pending = self.pending.get(request_id)
        if pending is None or pending.is_over or pending.outcome is not None:
            return None
        pending.outcome = {"code": "pending"}  # taken: a second post finds it so
        pending.outcome = self.judge(request_id, pending, form)
        return request_id

    def judge(self, request_id: str, pending: Pending, form: dict[str, str]) -> dict:
        """Ask the API what the answer is worth; an answer without a signature is what it says (cancelled, …)."""
        if form.get("result") != "ok":
            return {"verdict": "none", "code": form.get("result", "unknown")}
        body = {
            "purpose": pending.purpose,
            "certificate": form.get("certificate", ""),
            "signature": form.get("signature", ""),
            "message": base64.b64encode(pending.message).decode(),
            "medium": form.get("medium", ""),
            "request_id": request_id,
        }
        return self.ask("/api/v1/verifications", body, pending.language)

    def ask(self, path: str, body: dict, language: str) -> dict:
        request = urllib.request.Request(
            self.portal + path,
            data=json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self.key}",
                "Content-Type": "application/json",
                "Accept-Language": language,
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refused:
            problem = json.load(refused)
            return {"verdict": "none", "code": problem.get("code", str(refused.code)), "title": problem.get("title")}
        except OSError as error:
            return {"verdict": "none", "code": f"portal unreachable: {error}"}


class Handler(BaseHTTPRequestHandler):
    service: Service

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        asked = dict(urllib.parse.parse_qsl(query))
        if path == "/":
            self.page("index", language=asked.get("lang"))
        elif path == "/start":
            self.start(asked)
        elif path.startswith("/result/"):
            self.result(path.removeprefix("/result/"))
        elif path == "/style.css":
            self.send(HTTPStatus.OK, STYLE, "text/css; charset=utf-8")
        else:
            self.page("not_found", HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        if self.path != "/return":
            return self.page("not_found", HTTPStatus.NOT_FOUND)
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > MAX_BODY:
            return self.page("too_large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        form = dict(urllib.parse.parse_qsl(self.rfile.read(int(length)).decode("ascii", "replace")))
        request_id = self.service.receive(form)
        if request_id is None:
            return self.page("unknown_request", HTTPStatus.CONFLICT)
        self.redirect(f"/result/{request_id}")

    def start(self, asked: dict[str, str]) -> None:
        purpose = asked.get("purpose", "")
        if purpose not in {"user_authentication", "signature"}:
            return self.page("not_found", HTTPStatus.NOT_FOUND)
        browser = self.cookie("browser") or secrets.token_urlsafe(24)
        address = self.service.begin(
            purpose,
            way=asked.get("way", "app_link"),
            browser=browser,
            language=self.language(),
            return_url=asked.get("return_url", self.service.return_url),
        )
        self.redirect(address, browser=browser)

    def result(self, request_id: str) -> None:
        pending = self.service.pending.get(request_id)
        mine = pending is not None and hmac.compare_digest(self.cookie("browser") or "", pending.browser)
        if pending is None or not mine or pending.outcome is None:
            return self.page("unknown_request", HTTPStatus.NOT_FOUND)
        self.page("result", outcome=pending.outcome, purpose=pending.purpose, request_id=request_id)

    # --- words and pages ---------------------------------------------------------------------------------------
    def language(self) -> str:
        return "en" if self.cookie("lang") == "en" else "ja"

    def page(self, name: str, status: HTTPStatus = HTTPStatus.OK, language: str | None = None, **facts) -> None:
        language = language if language in WORDS else self.language()
        words = WORDS[language]
        body = render(name, words, self.service, facts)
        document = words["frame"].format(title=html.escape(words["title"]), body=body, lang=language)
        self.send(status, document, "text/html; charset=utf-8", cookie=f"lang={language}")

    def cookie(self, name: str) -> str | None:
        found = SimpleCookie(self.headers.get("Cookie", "")).get(name)
        return found.value if found else None

    def redirect(self, address: str, browser: str | None = None) -> None:
        self.send_response(HTTPStatus.SEE_OTHER)
        self.send_header("Location", address)
        if browser:
            self.send_header("Set-Cookie", f"browser={browser}; HttpOnly; SameSite=Lax; Path=/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def send(self, status: HTTPStatus, text: str, content_type: str, cookie: str | None = None) -> None:
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'")
        if cookie:
            self.send_header("Set-Cookie", f"{cookie}; SameSite=Lax; Path=/")
        self.end_headers()
        self.wfile.write(data)


def render(name: str, words: dict, service: Service, facts: dict) -> str:
    """The inner part of a page: plain HTML from words.json, every fact escaped."""
    if name != "result":
        return words[name].format(return_url=html.escape(service.return_url))
    outcome = facts["outcome"]
    verdict = outcome.get("verdict", "none")
    steps = "".join(
        f'<li class="{html.escape(step["result"])}"><span>{html.escape(words["steps"].get(step["id"], step["id"]))}'
        f"</span> <b>{html.escape(words['results'].get(step['result'], step['result']))}</b> "
        f"<code>{html.escape(step['code'])}</code></li>"
        for step in outcome.get("steps", [])
    )
    return words["result"].format(
        verdict=html.escape(verdict),
        word=html.escape(words["verdicts"].get(verdict, words["verdicts"]["none"])),
        welcome=html.escape(words["welcome"][facts["purpose"]] if verdict == "valid" else words["refused"]),
        code=html.escape(str(outcome.get("code", ""))),
        sentence=html.escape(str(outcome.get("title") or "")),
        request_id=html.escape(facts["request_id"]),
        steps=steps,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--portal", default="http://localhost:8000")
    parser.add_argument("--environment")
    parser.add_argument("--key", help="API key of the environment (spk_test_…)")
    parser.add_argument("--settings", type=Path, help="JSON file with environment and key, waited for if not there yet")
    parser.add_argument("--port", type=int, default=8002)
    options = parser.parse_args()
    environment, key = options.environment, options.key
    if options.settings:
        while not options.settings.exists():
            time.sleep(0.5)
        kept = json.loads(options.settings.read_text())
        environment, key = kept["environment"], kept["key"]
    if not environment or not key:
        parser.error("give --environment and --key, or --settings")
    Handler.service = Service(options.portal, environment, key, f"http://localhost:{options.port}")
    ThreadingHTTPServer(("127.0.0.1", options.port), Handler).serve_forever()


if __name__ == "__main__":
    main()
