"""Scenes: what has happened before a journey begins, made in the running site's own database by the real verbs.

`scene(site, "module:function", …)` runs `tests.flows.scenes_of.<module>.<function>(**arguments)` in a process of its
own with the site's environment, and gives back what it returns (JSON values).
"""

import json
import subprocess
import sys
from typing import Any

from tests.servers import ROOT, Processes

_RUN = """
import importlib, json, sys
import django
django.setup()
module, function = sys.argv[1].split(":")
scene = getattr(importlib.import_module(f"tests.flows.scenes_of.{module}"), function)
print(json.dumps(scene(**json.loads(sys.argv[2]))))
"""


def scene(site: Processes, script: str, /, **arguments: Any) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", _RUN, script, json.dumps(arguments)],
        cwd=ROOT,
        env={**site.environment, "DJANGO_SETTINGS_MODULE": "portal.settings"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout.splitlines()[-1])
