"""axe finds nothing on any page, in both languages and at two widths; nothing scrolls sideways; none is left out."""

import json
import re
from collections import Counter, defaultdict
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Error

from tests.flows import browser as chromium
from tests.flows.people import Person
from tests.flows.scenes import scene
from tests.servers import Processes, wait_until
from tests.test_access import NOT_HERE, ONLY_POST, PUBLIC, TABLE
from tests.urls import all_patterns

# Reached by a GET link but not a page of ours to look at: files, machine answers, answers that only redirect.
NOT_PAGES = re.compile(
    r"\.(crl|pem|json|svg|csv|xlsx)$|/signed/$|/document/$|^/api/|^/\.well-known/|logout|^/static/|/progress/$"
    r"|^/audit/checkpoints/|^/evidence/|^/health/|^/language/|/template\."
)
# Pages of a moment that no link of the demonstration leads to: the story opens them and has axe look at them.
SEEN_IN_THE_STORY = {
    "providers:provider-register",
    "providers:client-issued",
    "providers:invitation-accept",
    "providers:standing-decide",
    "whitelist:application-step",
    "whitelist:application-submit",
    "whitelist:contact-confirm",
    "verifier:verification-detail",
}
NOT_LOOKED_AT = {
    "whitelist:application-edit",  # leads on to the step or the correction
    "testenv:request-open",  # leads on to the request on the phone
    "testenv:request-deliver",  # sends itself on
    "review:application-decide",  # takes forms only; a look at it leads back to the case
    "staff:invitation",  # opened by a link in a mail to somebody new
    "person:recovery-prove",  # opened by links in mails: axe looks at them in test_journey_account
    "person:recovery-stop",
}
# Pages of one kind differ in the links they offer (a phone on hold, a phone in order); axe looks at the first.
VISITS_OF_A_KIND = 4
STARTS = {
    "nobody": [
        "/",
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/password/reset/",
        "/account/recovery/",
        "/whitelist/check/",
        "/whitelist/probes/",
        "/mailbox/",
        "/internet/",
        "/docs/certificate-kinds/",
    ],
    "hanako": [
        "/home/",
        "/test-environment/",
        "/whitelist/",
        "/whitelist/applications/new/",
        "/whitelist/bulk/",
        "/whitelist/domains/",
        "/whitelist/match/",
        "/verifications/",
        "/audit/",
        "/account/",
        "/accounts/sessions/",
        "/accounts/2fa/",
    ],
    "taro": ["/organisation/", "/organisation/seats/", "/organisation/certifications/add/"],
    "shiro": ["/organisation/recovery/"],
    "saburo": ["/organisation/", "/whitelist/"],
    "goro": ["/organisation/delegations/request/"],
    "reiko": ["/review/", "/review/entries/", "/review/rules/", "/organisation/directory/"],
    "osamu": [
        "/staff/",
        "/staff/grants/",
        "/staff/recoveries/",
        "/trust-anchors/",
        "/staff/people/",
        "/review/rules/",
        "/review/publication/",
    ],
    "aoi": ["/audit/", "/review/publication/"],
}
# What stands around a page differs between these; a page that wants a log-in is looked at once for each.
KINDS = {"nobody": "nobody", "reiko": "staff", "osamu": "staff", "aoi": "staff"}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    processes = Processes(tmp_path_factory.mktemp("site"))
    try:
        processes.up("--demo", seconds=180)  # migrating takes its time on a busy machine
        wait_until((processes.folder / "demo_people.json").exists, 120, f"no story; see {processes.log}")
        processes.made = scene(processes, "walk:everything")
        yield processes
    finally:
        processes.stop()


@pytest.fixture(scope="module")
def browser():
    with chromium.chromium() as started:
        yield started


def visitor(browser, site, who):
    """A person of the demonstration or of the scene, logged in; nobody is not."""
    people = {p["email"].split("@")[0]: p for p in json.loads((site.folder / "demo_people.json").read_text())}
    people |= {p["email"].split("@")[0]: p for p in site.made["people"]}
    known = people.get(who, {"name": "", "email": ""})
    person = Person(browser, site, name=known["name"], email=known["email"])
    if who != "nobody":
        person.secret = known["totp_secret"]
        person.log_in(known["password"])
        person.page.wait_for_url(re.compile("/home/|/review/|/audit/|/organisation/|/staff/"))
    return person


def waiting_and_refused_journeys(person):
    """Two journeys on the virtual phone: one waits for the PIN, one was refused by the whitelist."""
    person.open("/test-environment/app/")
    form = person.page.locator("form[action='/test-environment/app']")
    form.locator("button[type=submit]").click()
    listed = person.page.url
    person.open("/test-environment/app/")
    person.page.evaluate(
        "document.querySelector('#return_url').innerHTML = '<option>http://localhost:1/Return</option>'"
    )
    person.page.locator("form[action='/test-environment/app'] button[type=submit]").click()
    return [urlsplit(listed).path, urlsplit(person.page.url).path]


def name_of(path):
    try:
        return resolve(path).view_name
    except Resolver404:
        return None


def is_public(name):
    return name in TABLE and TABLE[name].answers == PUBLIC


def links(page):
    found = page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
    here = urlsplit(page.url)
    for href in found:
        target = urlsplit(urljoin(page.url, href))
        if target.netloc == here.netloc and not NOT_PAGES.search(target.path):
            yield target.path


@pytest.mark.parametrize("who", STARTS)
def test_axe_finds_nothing(browser, site, who, looked_at):
    person = visitor(browser, site, who)
    waiting = list(STARTS[who])
    if who == "nobody":
        waiting.append(f"/whitelist/check/{site.made['check']}/")
    if who == "hanako":
        waiting += waiting_and_refused_journeys(person)
    names, visited, problems = Counter(), set(), []
    while waiting:
        path = waiting.pop(0)
        name = name_of(path)
        if name is None or path in visited or names[name] == VISITS_OF_A_KIND:
            continue
        visited.add(path)
        names[name] += 1
        try:
            answer = person.page.goto(site.site_url + path)
        except Error as error:
            if "Download is starting" not in str(error):  # a download is not a page
                raise
            continue
        assert answer is not None
        assert answer.status == 200, f"{path} answered {answer.status}"
        if (arrived := urlsplit(person.page.url).path) != path:  # led on: that other page is the one to look at
            waiting.insert(0, arrived)
            continue
        if name != "mailbox:message":  # mails are for others, and so are the links in them
            waiting += links(person.page)
        kind = "nobody" if is_public(name) else KINDS.get(who, "member")
        if name not in looked_at[kind]:
            looked_at[kind].add(name)
            problems += look(person, path)
    assert problems == []
    assert [c for c in person.complaints if "Content Security Policy" in c] == []
    person.context.close()


@pytest.fixture(scope="module")
def looked_at():
    """The pages axe has looked at, by kind of visitor."""
    return defaultdict(set)


def look(person, path):
    """Both languages, both widths; the main navigation stands on one line."""
    page, problems = person.page, []
    for language in ("ja", "en"):
        person.context.add_cookies([{"name": "django_language", "value": language, "url": person.site.site_url}])
        page.goto(person.site.site_url + path)
        for width in (chromium.WIDE, chromium.NARROW):
            page.set_viewport_size(width)
            place = f"{path} {language} {width['width']}"
            problems += [f"{place}: {violation}" for violation in chromium.axe_violations(page)]
            if chromium.scrolls_sideways(page):
                problems.append(f"{place}: scrolls sideways")
            if chromium.navigation_wraps(page):
                problems.append(f"{place}: the main navigation wraps")
    person.context.add_cookies([{"name": "django_language", "value": "ja", "url": person.site.site_url}])
    page.set_viewport_size(chromium.WIDE)
    return problems


def test_every_page_was_looked_at(looked_at):
    """Runs after the walks: a page that no walk reached must be named above with where it is seen."""
    pages = {name for name, row in TABLE.items() if row.answers not in {ONLY_POST, NOT_HERE}}
    fragments_and_files = {name for name, route in all_patterns() if NOT_PAGES.search("/" + route)}
    looked = set().union(*looked_at.values())
    assert pages - fragments_and_files - looked - SEEN_IN_THE_STORY - NOT_LOOKED_AT == set()
