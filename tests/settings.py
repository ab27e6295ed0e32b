"""The product's settings, plus a fast hasher and jobs that run when their transaction commits."""

import os
import tempfile

_var = tempfile.mkdtemp(prefix="portal-tests-")
os.environ.setdefault("PROFILE", "embedded")
os.environ.setdefault("ROLE", "worker")
os.environ.setdefault("VAR_DIR", _var)
os.environ.setdefault("SECRET_KEY", "tests only")
os.environ.setdefault("CUSTODY_KEY", "tests only")

from portal.settings import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_TASK_ALWAYS_EAGER = True
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns about a missing folder
VERIFIER_EVIDENCE_SECONDS = 0.0  # what a test changed is seen at once
