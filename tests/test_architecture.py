"""The picture of the house, held: import contracts, pure rooms without a framework, keys out of the web's reach."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("portal", "whitelist", "verifier", "testenv")
ROOMS = (
    "whitelist.policy",
    "verifier.pki",
    "verifier.validation",
    "testenv.ca",
    "testenv.tsm",
    "testenv.personas",
    "portal.providers.accreditation",
    "portal.providers.corporate_number",
    "portal.evidence.content",
    "portal.merkle",
)
FRAMEWORKS = ("django", "rest_framework", "celery", "redis", "psycopg", "allauth")

# Everything a process of that role could import by serving its URLs.
SERVE_EVERY_URL = """
import json, sys
from portal import wsgi
from django.conf import settings
from django.urls import URLResolver, get_resolver
def walk(patterns):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns)
        else:
            yield pattern
views = list(walk(get_resolver().url_patterns))
print(json.dumps({"urls": len(views), "modules": sorted(sys.modules), "custody": settings.CUSTODY_KEY}))
"""

IMPORT_ROOMS = """
import importlib, json, pkgutil, sys
for name in {rooms!r}:
    room = importlib.import_module(name)
    for module in pkgutil.walk_packages(getattr(room, "__path__", []), name + "."):
        importlib.import_module(module.name)
print(json.dumps(sorted(sys.modules)))
"""


def run_python(program: str, **environment: str) -> object:
    known = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**known, "PYTHONDONTWRITEBYTECODE": "1", **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def check_contracts(folder: Path) -> subprocess.CompletedProcess[str]:
    linter = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [linter, "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_import_contracts_are_kept():
    done = check_contracts(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


# Each planted line breaks one rule of the house; the contract named must be the one that notices.
PLANTED = {
    "a rule that asks the framework": ("whitelist/policy/url_rules.py", "from django.conf import settings"),
    "a judge that fetches": ("verifier/validation/signature.py", "from portal import http"),
    "an issuer that asks the judge": ("testenv/ca/issuance.py", "from verifier.validation import verdict"),
    "a noun that knows its verdict": ("verifier/pki/crl.py", "from verifier.validation import verdict"),
    "a judge that knows the sandbox": ("verifier/services.py", "from testenv import personas"),
    "neighbours that meet": ("verifier/services.py", "from whitelist import services as neighbour"),
    "people who know the list": ("portal/providers/services.py", "from whitelist import services as above"),
    "foreign rows": ("testenv/personas.py", "from whitelist import models"),
    "a verb that draws a page": ("whitelist/services.py", "from whitelist.views import public"),
    "a row that knows its verbs": ("testenv/models.py", "from testenv import services"),
    "a page that reaches for the keys": ("testenv/views.py", "from testenv import keystore"),
    "an app that needs the landing page": ("testenv/views.py", "from portal import landing"),
}
CAUGHT_BY = {
    "a rule that asks the framework": "Pure rooms are pure",
    "a judge that fetches": "Pure rooms are pure",
    "an issuer that asks the judge": "Issuer and judge are independent",
    "a noun that knows its verdict": "Nouns below verdicts",
    "a judge that knows the sandbox": "Site layers",
    "neighbours that meet": "Site layers",
    "people who know the list": "Site layers",
    "foreign rows": "Models of the whitelist are private",
    "a verb that draws a page": "Floor plan",
    "a row that knows its verbs": "Floor plan",
    "a page that reaches for the keys": "CA keys are out of reach",
    "an app that needs the landing page": "Site layers",
}


@pytest.fixture(scope="module")
def copy_of_the_house(tmp_path_factory):
    folder = tmp_path_factory.mktemp("house")
    leave_out = shutil.ignore_patterns("__pycache__", "static", "templates", "locale")
    for app in APPS:
        shutil.copytree(ROOT / app, folder / app, ignore=leave_out)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


@pytest.mark.parametrize("breach", PLANTED)
def test_a_planted_breach_is_caught(copy_of_the_house, breach):
    name, line = PLANTED[breach]
    file = copy_of_the_house / name
    sound = file.read_text()
    try:
        file.write_text(f"{sound}\n{line}\n")
        done = check_contracts(copy_of_the_house)
    finally:
        file.write_text(sound)
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"{CAUGHT_BY[breach]} BROKEN" in done.stdout


def test_a_new_module_must_choose_its_floor(copy_of_the_house):
    stray = copy_of_the_house / "verifier" / "elsewhere.py"
    stray.write_text("")
    try:
        done = check_contracts(copy_of_the_house)
    finally:
        stray.unlink()
    assert done.returncode == 1
    assert "Floor plan" in done.stdout + done.stderr
    assert "verifier.elsewhere" in done.stdout + done.stderr


def test_pure_rooms_import_without_a_framework():
    modules = run_python(IMPORT_ROOMS.format(rooms=ROOMS))
    assert [name for name in modules if name.split(".")[0] in FRAMEWORKS] == []
    ours = {name for name in modules if name.split(".")[0] in APPS}
    parents = {room.rsplit(".", n)[0] for room in ROOMS for n in (1, 2)}
    assert {name for name in ours if not name.startswith(ROOMS)} <= parents


@pytest.mark.parametrize("role", ["web", "responders"])
def test_a_process_that_serves_every_url_has_not_imported_what_reaches_the_keys(role, tmp_path):
    environment = {"PROFILE": "embedded", "ROLE": role, "VAR_DIR": str(tmp_path), "CUSTODY_KEY": "not for this role"}
    seen = run_python(SERVE_EVERY_URL, **environment)
    assert seen["urls"] >= (5 if role == "responders" else 40)
    within_reach = [
        name
        for name in seen["modules"]
        if name.split(".")[0] in APPS
        and (name.startswith(("testenv.keystore", "testenv.steps")) or name.endswith(".tasks"))
    ]
    assert within_reach == []
    assert seen["custody"] is None


def test_every_package_marker_is_empty():
    """But for packages of models, which Django finds by their package's name alone."""
    full = [
        str(path.relative_to(ROOT))
        for app in APPS
        for path in (ROOT / app).rglob("__init__.py")
        if path.stat().st_size and path.parent.name != "models"
    ]
    assert full == []


def test_no_module_has_a_name_that_says_nothing():
    nothing = {"utils", "helpers", "common", "core", "misc", "manager", "managers", "util", "helper"}
    found = [str(path.relative_to(ROOT)) for app in APPS for path in (ROOT / app).rglob("*.py") if path.stem in nothing]
    assert found == []
