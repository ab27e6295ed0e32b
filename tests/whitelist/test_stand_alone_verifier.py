"""examples/verify_list.py as an outsider runs it: another process, no settings, over HTTP and with doctored copies."""

import http.server
import json
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from portal.environments import services as environments
from portal.signing import services as site_keys
from tests.whitelist.conftest import URL
from whitelist import heads, ledger
from whitelist.models import Entry

SCRIPT = Path(__file__).resolve().parents[2] / "examples" / "verify_list.py"


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    # -I: no environment, no path of ours; whatever it imports, it finds among installed packages.
    command = [sys.executable, "-I", str(SCRIPT), *arguments]
    return subprocess.run(command, capture_output=True, text=True, env={"PATH": "/usr/bin"})


@pytest.fixture
def site(published):
    """The portal's own answers behind a real socket; its database stays in this process."""
    paths = ("/.well-known/jwks.json", "/api/v1/whitelist/log/head", "/whitelist/list/1/document/")
    size = ledger.of(environments.production().pk).size
    paths = (*paths, f"/api/v1/whitelist/log/leaves?start=0&end={size}")
    answers = {path: Client().get(path).content for path in paths}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            found = answers.get(self.path)
            self.send_response(200 if found is not None else 404)
            self.end_headers()
            self.wfile.write(found or b"")

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def folder(site, tmp_path):
    assert run("--site", site, "--save", str(tmp_path / "copy")).returncode == 0
    return tmp_path / "copy"


def doctor(folder: Path, name: str, change: Any) -> None:
    path = folder / f"{name}.json"
    path.write_text(json.dumps(change(json.loads(path.read_text())), ensure_ascii=False))


def found(folder: Path, *more: str) -> str:
    done = run("--folder", str(folder), *more)
    assert done.returncode == 1, done.stdout
    return done.stderr.partition(":")[0]


def signed_head(size, root):
    """A head that is truly signed, as a publisher who lies would sign it."""
    facts = heads.Facts("env_production", 1, "0" * 64, None, 0, size, root)
    published = Entry.objects.get().created_at
    return heads.sign_tree_head(facts, site_keys.worker_signer("log"), at=published - timedelta(hours=1))


def test_over_http_all_is_as_signed_and_the_head_is_kept(site, tmp_path):
    keep = tmp_path / "heads.json"
    for _ in range(2):
        done = run("--site", site, "--keep", str(keep))
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("env_production: version 1, 3 leaves")
    assert len(json.loads(keep.read_text())) == 1


def test_a_tampered_row_is_found(folder):
    doctor(folder, "leaves", lambda leaves: [leaf.replace(URL, "https://attacker.example/r") for leaf in leaves])
    assert found(folder) == "log.tampered"


def test_a_tampered_document_is_found(folder):
    doctor(folder, "document", lambda document: {**document, "entries": []})
    assert found(folder) == "list.tampered"


def test_a_cut_off_tail_is_found_by_the_head_at_hand(folder):
    doctor(folder, "leaves", lambda leaves: leaves[:-1])
    assert found(folder) == "log.cut_off"


def test_a_cut_off_tail_is_found_by_a_head_kept_earlier(folder, tmp_path):
    """The publisher shows a shorter log with a fresh, true signature: only who kept a head notices."""
    keep = tmp_path / "heads.json"
    keep.write_text(json.dumps([signed_head(9, "ab" * 32)]))
    assert found(folder, "--keep", str(keep)) == "log.cut_off"


def test_two_valid_heads_of_one_size_are_found(folder, tmp_path):
    size = json.loads((folder / "head.json").read_text())["tree"]["size"]
    keep = tmp_path / "heads.json"
    keep.write_text(json.dumps([signed_head(size, "ab" * 32)]))
    assert found(folder, "--keep", str(keep)) == "log.split_view"


def test_a_rewritten_past_is_found(folder, tmp_path):
    keep = tmp_path / "heads.json"
    keep.write_text(json.dumps([signed_head(1, "ab" * 32)]))
    assert found(folder, "--keep", str(keep)) == "log.rewritten"


def test_a_true_earlier_head_is_a_beginning(folder, tmp_path):
    book = ledger.of(environments.production().pk)
    keep = tmp_path / "heads.json"
    keep.write_text(json.dumps([signed_head(2, book.root(2))]))
    assert run("--folder", str(folder), "--keep", str(keep)).returncode == 0


def test_a_head_of_an_unpublished_key_is_found(folder):
    doctor(folder, "jwks", lambda jwks: {"keys": [key for key in jwks["keys"] if key["purpose"] != "log"]})
    assert found(folder) == "head.bad_signature"


def test_what_is_no_log_at_all_is_found(folder):
    doctor(folder, "leaves", lambda leaves: [1, 2, 3])
    assert run("--folder", str(folder)).returncode == 1


def test_what_cannot_be_had_is_said(tmp_path):
    done = run("--folder", str(tmp_path))
    assert (done.returncode, "cannot be had" in done.stderr) == (2, True)
