"""What the documents say about the site is true: names exist, links lead somewhere, tables equal their source."""

import ast
import importlib
import re
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from django.apps import apps
from django.core.management import get_commands
from django.db import connection, transaction
from django.urls import Resolver404, resolve

from portal.api import document
from testenv.personas import PERSONAS
from verifier.api import shapes

ROOT = Path(__file__).resolve().parent.parent
OURS = ("portal", "whitelist", "verifier", "testenv")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")])
GUIDES = sorted((ROOT / "docs" / "guides").glob("*.md"))
IDS = [str(page.relative_to(ROOT)) for page in PAGES]

_CODE = re.compile(r"`([^`\n]+)`")
_PATH = re.compile(r"(?:portal|whitelist|verifier|testenv|tests|docs|deploy|examples|benchmarks|\.ci)/[\w./@-]*")
_DOTTED = re.compile(r"(?:portal|whitelist|verifier|testenv)(?:\.\w+)+")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_COMMAND = re.compile(r"manage\.py ([a-z_]+)")
_TARGET = re.compile(r"\bmake ([a-z]+)\b")
_ADDRESS = re.compile(r"http://localhost:8000[^\s>'\"`)|]*")
# Pictures the release adds, and words that look like targets in prose.
_PICTURES = {"docs/images/landing.png", "docs/images/phone.png"}
_WRITTEN_BY_TESTS = {"tests/screenshots/journeys.md"}


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def code_of(page: Path) -> list[str]:
    """What stands in code marks, outside fenced blocks."""
    return _CODE.findall(re.sub(r"```.*?```", "", read(page), flags=re.DOTALL))


def block(page: Path, name: str) -> list[list[str]]:
    """The cells of the table rows between <!-- name --> and <!-- /name -->."""
    text = read(page).split(f"<!-- {name} -->")[1].split(f"<!-- /{name} -->")[0]
    rows = [line for line in text.strip().splitlines() if line.startswith("|")]
    return [[cell.strip().strip("`") for cell in row.strip("|").split(" | ")] for row in rows]


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_links_inside_the_repository_lead_somewhere(page):
    dead = []
    for target in _LINK.findall(read(page)):
        path, _, anchor = target.partition("#")
        if "://" in target or target.startswith("mailto:"):
            continue
        found = (page.parent / path).resolve() if path else page
        if found.relative_to(ROOT).as_posix() in _PICTURES:
            continue
        if not found.exists() or (anchor and anchor not in anchors(found)):
            dead.append(target)
    assert dead == []


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", read(page), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_files_named_in_code_marks_exist(page):
    named = {code for code in code_of(page) if _PATH.fullmatch(code)}
    # What the browser tests write is there only after they ran.
    kept = {name for name in named if not name.startswith("tests/screenshots/")}
    assert sorted(name for name in kept if not (ROOT / name).exists() and name not in _PICTURES) == []


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_modules_and_functions_named_in_code_marks_exist(page):
    named = {code for code in code_of(page) if _DOTTED.fullmatch(code) and code not in job_names()}
    assert sorted(name for name in named if not exists(name)) == []


def exists(dotted: str) -> bool:
    """A module of ours, or something reached by attributes from one."""
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for attribute in parts[length:]:
            if not hasattr(found, attribute):
                return False
            found = getattr(found, attribute)
        return True
    return False


@lru_cache
def job_names() -> frozenset[str]:
    sources = [path.read_text() for app in OURS for path in (ROOT / app).rglob("tasks.py")]
    return frozenset(name for text in sources for name in re.findall(r'@(?:handles|periodic)\("([\w.]+)"', text))


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_commands_named_exist(page):
    text = read(page)
    assert set(_COMMAND.findall(text)) - set(get_commands()) == set()
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    in_code = "\n".join([*_CODE.findall(text), *re.findall(r"^ {4,}(.+)$", text, flags=re.MULTILINE)])
    assert set(_TARGET.findall(in_code)) - targets == set()


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_addresses_of_the_site_resolve(page):
    lost = []
    for address in _ADDRESS.findall(read(page)):
        try:
            resolve(urlsplit(address).path or "/")
        except Resolver404:
            lost.append(address)
    assert lost == []


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_python_in_a_document_is_python(page):
    for source in re.findall(r"^( *)```python\n(.*?)^ *```", read(page), flags=re.DOTALL | re.MULTILINE):
        indent, program = source
        tree = ast.parse("\n".join(line.removeprefix(indent) for line in program.splitlines()))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module.split(".")[0] in OURS:
                assert [n.name for n in node.names if not exists(f"{node.module}.{n.name}")] == []


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_a_guide_stands_in_both_languages_with_the_same_addresses_and_code(guide):
    other = guide.with_name(guide.name.replace(".ja.md", ".md"))
    if other == guide:
        other = guide.with_name(guide.stem + ".ja.md")
    assert sorted(_ADDRESS.findall(read(guide))) == sorted(_ADDRESS.findall(read(other)))
    assert [len(block(g, "personas")) for g in (guide, other) if "<!-- personas -->" in read(g)] in ([], [8, 8])


@pytest.mark.parametrize("name", ["sp-quick-start.md", "sp-quick-start.ja.md"])
def test_the_guides_personas_are_the_sandboxes(name):
    told = block(ROOT / "docs" / "guides" / name, "personas")
    assert told == [[p.id, p.foreseen.user_authentication, p.foreseen.signature] for p in PERSONAS.values()]


@pytest.mark.parametrize("name", ["sp-quick-start.md", "sp-quick-start.ja.md"])
def test_the_guides_request_has_the_fields_of_the_api(name):
    program = re.search(r"```python\n(.*?)```", read(ROOT / "docs" / "guides" / name), flags=re.DOTALL).group(1)
    body = next(node.value for node in ast.walk(ast.parse(program)) if isinstance(node, ast.Assign))
    sent = {key.value for key in body.keys}
    known = document.COMPONENTS[shapes.VERIFICATION_REQUEST["$ref"].rsplit("/", 1)[1]]
    assert set(known["required"]) <= sent <= set(known["properties"])


def test_every_model_of_the_site_stands_in_the_glossary():
    glossary = read(ROOT / "docs" / "glossary.md")
    named = set(re.findall(r"`(\w+)", glossary))
    models = {
        model.__name__ for app in apps.get_app_configs() if app.name.split(".")[0] in OURS for model in app.get_models()
    }
    assert sorted(models - named) == []


def test_the_table_of_settings_is_the_settings():
    told = {row[0] for row in block(ROOT / "docs" / "operations.md", "settings")[2:]}
    assert told == variables_read()


def variables_read() -> set[str]:
    """Names given to the typed readers of portal/settings.py, and to os.environ there."""
    names = set()
    for node in ast.walk(ast.parse((ROOT / "portal" / "settings.py").read_text())):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            reader = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if reader in {"_text", "_flag", "_number", "_secret", "_installation_secret", "getenv"}:
                names.add(node.args[0].value)
    return names


def test_secrets_are_those_that_may_come_as_files():
    rows = block(ROOT / "docs" / "operations.md", "settings")[2:]
    told = {row[0] for row in rows if row[1].startswith("*secret*")}
    source = (ROOT / "portal" / "settings.py").read_text()
    assert told == set(re.findall(r'_(?:installation_)?secret\("(\w+)"', source))


@pytest.mark.django_db
def test_queries_of_the_operations_page_run():
    statements = re.findall(r"```sql\n(.*?)```", read(ROOT / "docs" / "operations.md"), flags=re.DOTALL)
    found = [line.strip() for text in statements for line in text.splitlines() if line.strip()]
    assert len(found) >= 9
    for statement in found:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.rstrip(";"))


# --- deploy/: linted here, not run -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load(read(ROOT / "deploy" / "compose.yaml"))


def test_compose_hands_the_custody_key_to_the_worker_alone(compose):
    holders = {name for name, service in compose["services"].items() if "custody" in str(service)}
    assert holders == {"worker"}
    assert compose["services"]["worker"]["environment"]["ROLE"] == "worker"
    assert {compose["services"][name]["user"] for name in ("web-1", "web-2", "responders")} == {"web"}


def test_compose_names_only_what_it_declares(compose):
    services, declared = compose["services"], set(compose["secrets"])
    used = {secret for service in services.values() for secret in service.get("secrets", [])}
    assert used == declared
    for service in services.values():
        assert set(service.get("networks", [])) <= set(compose["networks"])
        assert set(service.get("depends_on", {})) <= set(services)


def test_compose_and_units_set_only_variables_that_are_read(compose):
    known = variables_read() | {f"{name}_FILE" for name in variables_read()}
    site = [s for s in compose["services"].values() if s["image"] == "jpki-portal"]
    assert {name for service in site for name in service["environment"]} - known == set()
    example = read(ROOT / "deploy" / "environment.example")
    assert set(re.findall(r"^(\w+)=", example, flags=re.MULTILINE)) - known == set()
    also = {"PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "DJANGO_SETTINGS_MODULE"}
    for unit in (ROOT / "deploy" / "systemd").glob("*.service"):
        given = re.findall(r"^Environment=(.*)$", read(unit), flags=re.MULTILINE)
        assert {word.split("=")[0] for line in given for word in line.split()} - known - also == set(), unit.name


def test_units_hand_the_custody_key_to_the_worker_alone():
    units = list((ROOT / "deploy" / "systemd").glob("*.service"))
    assert {unit.name for unit in units if "CUSTODY_KEY_FILE" in read(unit)} == {"portal-worker.service"}
    users = {unit.name: re.search(r"^User=(.+)$", read(unit), flags=re.MULTILINE).group(1) for unit in units}
    assert (
        len({users[name] for name in ("portal-web@.service", "portal-responders.service", "portal-worker.service")})
        == 3
    )
