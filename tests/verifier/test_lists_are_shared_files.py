"""The worker writes a list's entries once; every process maps them; a file that is not right is never believed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from portal.jobs.models import Job
from tests.pure.pki import long_lists
from tests.pure.pki.forge import long_crl
from tests.verifier.bench import HELD, a_bench, authority, crl
from verifier import evidence, index_files, lists, tasks
from verifier.models import CrlSnapshot
from verifier.pki import crl as crl_format
from verifier.pki import crl_columns
from verifier.pki.crl import Crl
from verifier.pki.errors import RefusedCrl

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: object) -> Path:
    settings.VERIFIER_LISTS_DIR = tmp_path / "lists"  # type: ignore[attr-defined]
    return tmp_path / "lists"


def index_of(folder: Path) -> Path:
    (path,) = folder.glob("*.index")
    return path


def current() -> CrlSnapshot:
    return CrlSnapshot.objects.get(is_current=True)


def parsed(serials: range = range(1000, 1400)) -> Crl:
    return crl_format.parse(long_crl(authority(), serials))


def test_a_list_that_is_taken_in_is_mapped_and_not_parsed_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = a_bench()
    bench.take_in(crl(bench.ca, (1001, HELD), number=8))
    monkeypatch.setattr(crl_format, "parse", lambda *a, **k: pytest.fail("parsed a list in a request"))
    evidence.forget()
    assert bench.post().json()["code"] == "cert.on_hold"


def test_a_web_process_cannot_write_a_list(settings: object) -> None:
    found = parsed()
    settings.ROLE = "web"  # type: ignore[attr-defined]
    with pytest.raises(PermissionError):
        index_files.write(found.columns, found.sha256)


def test_files_are_for_the_worker_and_its_group_alone(folder: Path) -> None:
    a_bench()
    assert oct(index_of(folder).stat().st_mode & 0o777) == "0o640"
    assert folder.stat().st_mode & 0o027 == 0


@pytest.mark.parametrize("size", [4, 20])
def test_an_image_gives_back_every_row(size: int) -> None:
    rows = long_lists.rows(long_lists.serials(500, size))
    found = crl_format.crl_walk.plain_columns(rows.tobytes())
    image = b"".join(crl_columns.image(found, b"d" * 32))
    assert list(crl_columns.open_image(image, b"d" * 32).rows()) == list(found.rows())
    assert len(image) == crl_columns.HEADER_BYTES + 500 * (17 if size == 4 else 29)


def test_an_image_of_nothing_is_an_image() -> None:
    empty = crl_format.crl_walk.plain_columns(b"")
    image = b"".join(crl_columns.image(empty, b"d" * 32))
    assert len(crl_columns.open_image(image, b"d" * 32)) == 0


def damaged(image: bytes) -> dict[str, bytes]:
    spoilt = {
        "empty": b"",
        "cut": image[:-1],
        "only a header": image[: crl_columns.HEADER_BYTES],
        "half a header": image[:40],
        "longer": image + b"\0",
        "zeros": bytes(len(image)),
        "another version": bytes((image[0] ^ 1,)) + image[1:],
        "rows without end": image[:8] + b"\xff" * 8 + image[16:],
        "no rows": image[:8] + bytes(8) + image[16:],
    }
    for position in (0, 16, 24, 60, 100, 130, len(image) // 2, len(image) - 1):
        spoilt[f"octet {position}"] = image[:position] + bytes((image[position] ^ 0x10,)) + image[position + 1 :]
    return spoilt


def test_a_damaged_file_is_never_believed_and_is_made_anew(folder: Path) -> None:
    bench = a_bench()
    bench.take_in(crl(bench.ca, (1001, HELD), number=8))
    digest = bytes(current().digest)
    path = index_files._index(digest)
    good = path.read_bytes()
    for name, bad in damaged(good).items():
        replace(path, bad)
        assert index_files.opened(digest) is None, name
        evidence.forget()
        assert bench.post().json()["code"] == "cert.on_hold", name
        tasks.tend_lists()
        assert path.read_bytes() == good, name


def replace(path: Path, content: bytes) -> None:
    """Another file in its place: a mapped file must not shrink under its readers."""
    path.unlink()
    path.write_bytes(content)


def test_the_index_of_another_list_is_not_believed() -> None:
    one, other = parsed(range(10, 20)), parsed(range(30, 40))
    index_files.write(one.columns, one.sha256)
    os.replace(index_files._index(one.sha256), index_files._index(other.sha256))
    assert index_files.opened(other.sha256) is None


def test_a_long_list_without_its_index_is_missing_until_it_is_mended(settings: object, folder: Path) -> None:
    settings.VERIFIER_CRL_ROW_BYTES = 100  # type: ignore[attr-defined]
    bench = a_bench()
    bench.take_in(crl(bench.ca, (1001, HELD), number=8))
    assert current().der is None
    index_files._index(bytes(current().digest)).unlink()
    evidence.forget()
    evidence._columns.clear()

    assert bench.post().json()["code"] == "revocation.source_missing"
    tasks.tend_lists()
    assert bench.post().json()["code"] == "cert.on_hold"


def test_a_list_that_is_lost_altogether_is_fetched_again(settings: object, folder: Path) -> None:
    settings.VERIFIER_CRL_ROW_BYTES = 100  # type: ignore[attr-defined]
    bench = a_bench()
    for path in folder.iterdir():
        path.unlink()
    Job.objects.all().delete()
    tasks.tend_lists()()
    assert [(job.name, job.arguments) for job in Job.objects.all()] == [("verifier.refresh_crl", [bench.point.pk])]


def test_a_body_that_is_damaged_is_not_made_into_an_index(settings: object, folder: Path) -> None:
    settings.VERIFIER_CRL_ROW_BYTES = 100  # type: ignore[attr-defined]
    a_bench()
    (body,) = folder.glob("*.crl")
    replace(body, body.read_bytes()[:-1] + b"\0")
    assert not lists.mend(current())


def test_the_files_of_lists_no_longer_current_are_removed_after_a_while(folder: Path) -> None:
    bench = a_bench()
    older = index_of(folder)
    bench.take_in(crl(bench.ca, number=8))
    unfinished = folder / "0.index.0.part"
    unfinished.write_bytes(b"half")
    assert lists.prune() == 0
    for path in folder.iterdir():
        os.utime(path, (1, 1))
    assert lists.prune() == 2
    assert not older.exists()
    assert index_files.is_sound(bytes(current().digest))


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)


def test_a_long_list_that_cannot_be_written_is_a_named_failure(
    settings: object, request: pytest.FixtureRequest
) -> None:
    bench = a_bench()
    settings.VERIFIER_CRL_ROW_BYTES = 100  # type: ignore[attr-defined]
    request.getfixturevalue("full_disk")
    with pytest.raises(RefusedCrl) as caught:
        bench.take_in(crl(bench.ca, number=8))
    assert caught.value.code == "crl.not_kept"
    assert current().number == "7"


def test_a_short_list_that_cannot_be_written_is_read_from_its_row(full_disk: None) -> None:
    bench = a_bench()
    bench.take_in(crl(bench.ca, (1001, HELD), number=8))
    assert lists.mend_all() == []
    assert bench.post().json()["code"] == "cert.on_hold"


# Other processes: what the framework needs to run there, and a list of 400 entries made by this one.
CHILD = """
import os, sys
import django
django.setup()
from verifier import index_files
from verifier.pki import crl
"""


def child(body: str, folder: Path, *arguments: str, role: str = "web") -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PROFILE": "embedded",
        "ROLE": role,
        "VAR_DIR": str(django_settings.VAR_DIR),
        "VERIFIER_LISTS_DIR": str(folder),
    }
    return subprocess.Popen(
        [sys.executable, "-c", CHILD + body, *arguments],
        env=environment,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


KILLED = """
der = open(sys.argv[1], "rb").read()
os.replace = lambda *_: os.kill(os.getpid(), 9)
parsed = crl.parse(der)
index_files.write(parsed.columns, parsed.sha256)
"""


def test_a_worker_killed_before_the_rename_leaves_nothing_to_believe(folder: Path, tmp_path: Path) -> None:
    found = parsed()
    body = tmp_path / "list.crl"
    body.write_bytes(long_crl(authority(), range(1000, 1400)))
    process = child(KILLED, folder, str(body), role="worker")
    process.communicate(timeout=60)

    assert process.returncode == -9
    assert [path.suffix for path in folder.iterdir()] == [".part"]
    assert index_files.opened(found.sha256) is None
    index_files.write(found.columns, found.sha256)
    assert index_files.opened(found.sha256) is not None


READER = """
digest = bytes.fromhex(sys.argv[1])
columns = index_files.opened(digest)
print("mapped", flush=True)
sys.stdin.readline()
print(columns.find(1003), columns.find(999), len(columns), index_files.opened(digest) is None, "numpy" in sys.modules)
"""


def test_a_process_goes_on_reading_what_another_replaced_and_removed(folder: Path) -> None:
    found = parsed()
    index_files.write(found.columns, found.sha256)
    process = child(READER, folder, found.sha256.hex())
    assert process.stdout is not None
    assert process.stdout.readline() == "mapped\n"
    index_files.write(parsed(range(5, 9)).columns, found.sha256)
    index_files._index(found.sha256).unlink()
    told, _ = process.communicate("go on\n", timeout=60)
    assert told == "3 -1 400 True False\n"


TWICE = """
parsed = crl.parse(open(sys.argv[1], "rb").read())
print("ready", flush=True)
sys.stdin.readline()
for _ in range(50):
    index_files.write(parsed.columns, parsed.sha256)
    assert index_files.opened(parsed.sha256) is not None
print("done")
"""


def test_two_workers_that_take_in_the_same_list_at_once_do_each_other_no_harm(folder: Path, tmp_path: Path) -> None:
    body = tmp_path / "list.crl"
    body.write_bytes(long_crl(authority(), range(1000, 1400)))
    workers = [child(TWICE, folder, str(body), role="worker") for _ in range(2)]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    assert [worker.communicate(timeout=60)[0] for worker in workers] == ["done\n", "done\n"]
    assert [path.suffix for path in folder.iterdir()] == [".index"]
