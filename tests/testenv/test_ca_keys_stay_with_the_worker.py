"""A web process neither imports what reaches the CA keys nor could open them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from portal import custody
from portal.environments.models import Environment
from testenv import keystore
from testenv.models import CaKey, CertificateAuthority

ROOT = Path(__file__).resolve().parents[2]

_WEB = """
import django, os, sys
django.setup()
from django.urls import get_resolver
def walk(resolver):
    for entry in resolver.url_patterns:
        walk(entry) if hasattr(entry, "url_patterns") else entry.callback
walk(get_resolver())
import importlib
importlib.import_module("testenv.responder_urls")
reached = [m for m in sys.modules if m.startswith(("testenv.steps", "testenv.keystore", "testenv.tasks"))]
assert not reached, reached
from portal import custody
try:
    custody.unseal(bytes.fromhex(os.environ["SEALED"]), context=os.environ["CONTEXT"])
except custody.CustodyUnavailable:
    print("closed")
"""


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["web", "responders"])
def test_a_web_process_cannot_open_a_ca_key(sandbox: Environment, role: str, tmp_path: Path) -> None:
    key = CaKey.objects.select_related("authority").first()
    assert key is not None
    context = f"ca:{key.authority.environment_id}:{key.authority.purpose}"
    assert custody.unseal(bytes(key.sealed), context=context)  # a worker can
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PROFILE": "embedded",
        "ROLE": role,
        "VAR_DIR": str(tmp_path),
        "CUSTODY_KEY": "tests only",  # even if somebody hands it the key by mistake
        "SEALED": bytes(key.sealed).hex(),
        "CONTEXT": context,
    }
    done = subprocess.run(
        [sys.executable, "-c", _WEB], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "closed", done.stderr


@pytest.mark.django_db
def test_a_key_does_not_open_in_another_row(sandbox: Environment) -> None:
    one, two = CertificateAuthority.objects.order_by("id")
    sealed = CaKey.objects.get(authority=one).sealed
    CaKey.objects.filter(authority=two).update(sealed=sealed)
    with pytest.raises(custody.CustodyUnavailable):
        keystore.open_authority(two)
