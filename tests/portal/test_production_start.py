"""In production the start-up check is silent, and what is for trials does not exist."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_QUESTIONS = """
import django, json
django.setup()
from django.conf import settings
from django.template.loader import get_template
from django.template import TemplateDoesNotExist
from django.urls import Resolver404, resolve

def exists(path):
    try:
        resolve(path)
    except Resolver404:
        return False
    return True

def has_template(name):
    try:
        get_template(name)
    except TemplateDoesNotExist:
        return False
    return True

print(json.dumps({
    "paths": {path: exists(path) for path in ["/mailbox/", "/mailbox/1/", "/internet/", "/accounts/login/"]},
    "template": has_template("mailbox/demo_people.html"),
    "processors": settings.TEMPLATES[0]["OPTIONS"]["context_processors"],
    "apps": settings.INSTALLED_APPS,
    "loopback": settings.LOOPBACK_ALLOWED,
}))
"""


def environment(folder, **changes):
    ours = {
        "PROFILE": "production",
        "ROLE": "web",
        "VAR_DIR": str(folder),
        "SITE_URL": "https://portal.example.go.jp",
        "RESPONDERS_URL": "https://crl.example.go.jp",
        "SECRET_KEY": "only-for-this-test-7f3d9b21c5e84a60b1d2f8e9c7a5634f0e1d2c3b",
        "DATABASE_URL": "postgresql://portal:secret@localhost/portal",
        "REDIS_URL": "redis://localhost:6379/0",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PATH": os.environ["PATH"],
    }
    return {**ours, **changes}


def run(arguments, env):
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize("role", ["web", "responders", "worker"])
def test_the_check_for_deployment_says_nothing(tmp_path, role):
    extra = {"CUSTODY_KEY": "x" * 44} if role == "worker" else {}
    answer = run(
        ["manage.py", "check", "--deploy", "--fail-level", "WARNING"], environment(tmp_path, ROLE=role, **extra)
    )
    assert answer.returncode == 0, answer.stderr
    assert "no issues" in answer.stdout


def test_what_is_for_trials_does_not_exist(tmp_path):
    answer = run(["-c", _QUESTIONS], environment(tmp_path))
    assert answer.returncode == 0, answer.stderr
    facts = json.loads(answer.stdout)
    assert facts["paths"] == {"/mailbox/": False, "/mailbox/1/": False, "/internet/": False, "/accounts/login/": True}
    assert not facts["template"]
    assert not [name for name in facts["processors"] + facts["apps"] if "mailbox" in name]
    assert facts["loopback"] == []


@pytest.mark.parametrize("missing", ["SECRET_KEY", "SITE_URL", "DATABASE_URL", "REDIS_URL", "RESPONDERS_URL"])
def test_a_missing_setting_stops_the_start_and_is_named(tmp_path, missing):
    env = environment(tmp_path)
    del env[missing]
    answer = run(["manage.py", "check"], env)
    assert answer.returncode != 0
    assert missing in answer.stderr
