"""The Celery app. A message only says "look at row N"; see portal.jobs."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")

app.autodiscover_tasks(["portal.jobs"])  # only a worker imports it; the handlers follow from portal.jobs.registry
