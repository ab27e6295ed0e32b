"""The stand-alone command: an outsider with the file and the published keys finds what was done to the trail."""

import json
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from portal.audit import services as audit
from portal.audit.models import AuditCheckpoint, AuditEvent, AuditSeal
from portal.signing import services as signing
from portal.trail import services as trail
from tests import cast, organisations
from tests.portal.test_audit_explorer import export
from tests.portal.test_audit_sealing import tables_without_refusals
from tests.servers import ROOT

pytestmark = pytest.mark.django_db
VERIFY = ROOT / "examples" / "verify_audit.py"


@pytest.fixture
def outside(tmp_path):
    """Twelve records under three checkpoints, the keys, and the second checkpoint as somebody kept it."""
    bank = organisations.provider_of(cast.hanako())
    at = timezone.now()
    for minute in range(3):
        for number in range(4):
            audit.record("test.happened", bank, by=cast.hanako(), provider=bank, details={"n": number})
        trail.seal_everything(at=at + timezone.timedelta(minutes=minute))
    (tmp_path / "keys.json").write_text(json.dumps(signing.jwks()))
    kept = AuditCheckpoint.objects.order_by("number")[1]
    (tmp_path / "kept.json").write_text(json.dumps({"statement": kept.statement}))
    return tmp_path


def verify(folder, lines, *options) -> subprocess.CompletedProcess:
    text = lines if isinstance(lines, bytes) else b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    (folder / "export.jsonl").write_bytes(text)
    command = [sys.executable, VERIFY, folder / "export.jsonl", "--keys", folder / "keys.json", *options]
    return subprocess.run(command, capture_output=True, text=True)


def redone(lines):
    """The lines with an honest-looking end: the forger can compute a digest as well as anybody."""
    import hashlib

    from portal.audit import chain

    body = b"".join(chain.canonical(line) + b"\n" for line in lines if line["type"] != "end")
    return body + chain.canonical({"type": "end", "sha256": hashlib.sha256(body).hexdigest()}) + b"\n"


def kept(folder):
    return ("--checkpoint", folder / "kept.json")


def test_an_untouched_export_holds_and_the_kept_checkpoint_is_confirmed(outside):
    done = verify(outside, redone(export(cast.aoi())), *kept(outside), "--complete")
    assert done.returncode == 0, done.stdout + done.stderr
    total = AuditSeal.objects.count()
    assert done.stdout.startswith(f"OK  {total} records proven, 0 stood for by digest, 1 kept")


def test_a_filtered_export_holds_too(outside):
    done = verify(outside, redone(export(cast.hanako(), action="provider.registered")), *kept(outside))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("OK  1 records proven")


def change_row(lines):
    events = [line for line in lines if line["type"] == "event"]
    events[3]["row"]["details"] = {"n": 9}
    return f"record {events[3]['sequence']} was changed"


def change_actor(lines):
    event = next(line for line in lines if line["type"] == "event" and "actor" in line)
    event["actor"]["reference"] = "user:999"
    return "names another actor"


def leave_out_row(lines):
    index = [number for number, line in enumerate(lines) if line["type"] == "event"][3]
    del lines[index]
    return "are missing"


def hide_row_behind_its_digest(lines):
    from portal.audit import chain

    index = [number for number, line in enumerate(lines) if line["type"] == "event"][3]
    line = lines[index]
    lines[index] = {"type": "digests", "from": line["sequence"], "digests": [chain.digest(line["row"]).hex()]}
    return "only stood for by their digests"


def leave_out_segment(lines):
    start, end = [number for number, line in enumerate(lines) if line["type"] == "segment"][1:3]
    del lines[start:end]
    return "are missing"


def cut_off_tail(lines):
    start = [number for number, line in enumerate(lines) if line["type"] == "segment"][2]
    lines[start:-1] = []
    return "the tail is cut off"


def forge_signature(lines):
    head, body, signature = lines[1]["statement"].split(".")
    lines[1]["statement"] = ".".join([head, body, signature[:-4] + "AAAA"])
    return "signature of the checkpoint"


def swap_statements(lines):
    first, second = [line for line in lines if line["type"] == "segment"][:2]
    first["statement"] = second["statement"]
    return "its signed checkpoint"


TAMPERING = [
    change_row, change_actor, leave_out_row, hide_row_behind_its_digest, leave_out_segment, cut_off_tail,
    forge_signature, swap_statements,
]  # fmt: skip


@pytest.mark.parametrize("tamper", TAMPERING)
def test_tampering_with_the_file_is_found(outside, tamper):
    lines = export(cast.aoi())
    sentence = tamper(lines)
    done = verify(outside, redone(lines))
    assert done.returncode == 1, done.stdout + done.stderr
    assert sentence in done.stdout


def test_a_file_that_breaks_off_or_was_altered_is_told(outside):
    lines = redone(export(cast.aoi()))
    broken = verify(outside, b"\n".join(lines.splitlines()[:-1]) + b"\n")
    assert "breaks off" in broken.stdout
    altered = verify(outside, lines.replace(b'"n":2', b'"n":3'))
    assert "altered after it was made" in altered.stdout


def test_a_trail_cut_off_on_the_server_is_found_by_a_kept_checkpoint(outside):
    """The last ten records, their seals and checkpoints are gone, and everything left is consistent."""
    tables_without_refusals()
    mark = AuditCheckpoint.objects.order_by("number")[0]
    AuditCheckpoint.objects.filter(number__gt=mark.number).delete()
    late = list(AuditSeal.objects.filter(sequence__gt=mark.size).values_list("event_id", flat=True))
    AuditSeal.objects.filter(sequence__gt=mark.size).delete()
    AuditEvent.objects.filter(pk__in=late).delete()
    assert trail.inspect_trail(at=timezone.now())().code == ""
    lines = redone(export(cast.aoi()))
    assert verify(outside, lines).returncode == 0
    done = verify(outside, lines, *kept(outside))
    assert done.returncode == 1
    assert "the tail is cut off: a kept checkpoint signs" in done.stdout


def test_a_trail_rewritten_and_signed_anew_is_found_by_a_kept_checkpoint(outside):
    """The worst case: whoever has the signing key makes every seal and checkpoint anew."""
    tables_without_refusals()
    AuditEvent.objects.filter(action="provider.registered").update(action="provider.never_registered")
    AuditSeal.objects.all().delete()
    sizes = list(AuditCheckpoint.objects.order_by("number").values_list("size", "at"))
    AuditCheckpoint.objects.all().delete()
    from portal.audit import sealing

    for size, at in sizes:
        sealing.seal(at=at, limit=size - AuditSeal.objects.count(), thorough=True)
        sealing.sign_checkpoint(trail._sign, at=at)
    assert trail.inspect_trail(at=timezone.now())().code == ""
    lines = redone(export(cast.aoi()))
    assert verify(outside, lines).returncode == 0
    done = verify(outside, lines, *kept(outside))
    assert (done.returncode, "the trail was rewritten" in done.stdout) == (1, True)


@pytest.mark.parametrize("text", [b"", b"not json\n", b"[]\n", b'{"type":"event"}\n', b'{"type":"segment"}\n'])
def test_what_is_no_export_ends_with_a_word_and_never_with_a_traceback(outside, text):
    done = verify(outside, text)
    assert done.returncode in {1, 2}
    assert "Traceback" not in done.stderr


def test_the_command_verifies_and_hands_out(outside, tmp_path, capsys):
    call_command("audit", "verify")
    assert capsys.readouterr().out.startswith("whole:")
    call_command("audit", "export", "--to", str(tmp_path / "all.jsonl"))
    assert AuditEvent.objects.get(action="audit.exported").actor_label == "command audit"
    done = verify(outside, (tmp_path / "all.jsonl").read_bytes(), *kept(outside), "--complete")
    assert done.returncode == 0, done.stdout
    tables_without_refusals()
    AuditEvent.objects.filter(action="provider.registered").update(reason="changed")
    with pytest.raises(CommandError, match="row_changed"):
        call_command("audit", "verify")
