"""`manage.py crl_sources`: where the revocation lists of a believed CA come from, a list per municipality at once."""

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from verifier import anchors, source_tables, sources
from verifier.models import TrustAnchor
from verifier.source_tables import TableRefused


class Command(BaseCommand):
    help = "Enter sources of revocation lists from a table (CSV: name, url, series), give one up, or show them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        enter = acts.add_parser("enter", help="enter the sources of a table; entering it again changes nothing")
        enter.add_argument("file", type=Path, help="CSV in UTF-8; an empty url: lists are handed in (load_crl)")
        enter.add_argument("--anchor", required=True, help="the CA that signs the lists: anc_… or its fingerprint")
        enter.add_argument("--dry-run", action="store_true", help="say what would be done")
        retire = acts.add_parser("retire", help="give a source up: its lists count no more")
        retire.add_argument("--point", type=int, required=True, help="its number, as `show` tells it")
        for act in (enter, retire):
            act.add_argument("--by", required=True, help="who does this; stands in the audit trail")
        acts.add_parser("show", help="all sources in use")

    def handle(self, *args: Any, **options: Any) -> None:
        {"enter": self._enter, "retire": self._retire, "show": self._show}[options["act"]](options)

    @transaction.atomic
    def _enter(self, options: dict[str, Any]) -> None:
        try:
            with options["file"].open(encoding="utf-8-sig", newline="") as file:
                rows = source_tables.read(file)
        except (OSError, UnicodeDecodeError, TableRefused) as error:
            raise CommandError(str(error)) from error
        counted: Counter[str] = Counter()
        for done, row in source_tables.enter(_anchor(options["anchor"]), rows, by=options["by"]):
            counted[done.value] += 1
            if done is not source_tables.Done.UNCHANGED:
                self.stdout.write(f"{done} {row.label} {row.series} {row.url or 'handed in'}")
        if options["dry_run"]:
            transaction.set_rollback(True)
        told = ", ".join(f"{counted[done.value]} {done}" for done in source_tables.Done)
        self.stdout.write(f"{told}{' (nothing was done)' if options['dry_run'] else ''}")

    def _retire(self, options: dict[str, Any]) -> None:
        point = sources.distribution_point(options["point"])
        if point is None:
            raise CommandError(f"There is no source {options['point']} in use.")
        anchors.retire_distribution_point(point, by=options["by"])
        self.stdout.write(f"given up: {point.label}")

    def _show(self, options: dict[str, Any]) -> None:
        for line in sources.distribution_points_in_words():
            self.stdout.write(line)


def _anchor(named: str) -> TrustAnchor:
    believed = TrustAnchor.objects.filter(distrusted_at=None).select_related("environment")
    found = believed.filter(public_id=named) or believed.filter(fingerprint=named.replace(":", "").lower())
    if len(found) != 1:
        raise CommandError(f"{named} names {len(found)} believed CA certificates.")
    return found[0]
