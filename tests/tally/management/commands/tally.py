"""Enqueue marks from a process of its own, all at once or so many a second."""

import time

from django.core.management.base import BaseCommand
from django.db import transaction

from portal.jobs import services as jobs


class Command(BaseCommand):
    def add_arguments(self, parser):
        parser.add_argument("count", type=int)
        parser.add_argument("--per-second", type=float)

    def handle(self, *args, count: int, per_second: float | None, **options):
        if per_second:
            for number in range(count):
                jobs.enqueue("tally.make_mark", number, 1)
                time.sleep(1 / per_second)
            return
        with transaction.atomic():
            for number in range(count):
                jobs.enqueue("tally.make_mark", number)
