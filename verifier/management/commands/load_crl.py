"""`manage.py load_crl`: take in revocation lists that came as files, where their publisher's server cannot be reached.

Each is judged exactly as a fetched one is, and the act stands in the audit trail. Run it as the worker's user: a list's
index is written for the other processes to read.
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.environments import services as environments
from verifier import intake, lists, sources
from verifier.messages import source_words
from verifier.models import DistributionPoint
from verifier.pki.errors import MalformedInput


class Command(BaseCommand):
    help = "Take in a revocation list (DER) from a file, or all of a folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="the list in DER, or a folder of such files")
        parser.add_argument(
            "--point", type=int, help="number of the source (crl_sources show); else found by signer and name"
        )
        parser.add_argument("--environment", help="whose sources are meant; production unless given")
        parser.add_argument("--series", default="", help="which source of the distribution point, where it has several")
        parser.add_argument("--by", required=True, help="who does this; stands in the audit trail")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["path"]
        if not path.is_dir():
            self.stdout.write(self._loaded(path, options))
            return
        files = sorted(each for each in path.iterdir() if each.is_file())
        refused = 0
        for each in files:
            try:
                self.stdout.write(f"{each.name}: {self._loaded(each, options)}")
            except CommandError as error:
                refused += 1
                self.stderr.write(f"{each.name}: {error}")
        if refused or not files:
            raise CommandError(f"{refused} of {len(files)} files were not taken in.")

    def _loaded(self, path: Path, options: dict[str, Any]) -> str:
        try:
            point = _source(path, options)
            snapshot = intake.load_crl(point, path, by=options["by"])
        except OSError as error:
            raise CommandError(str(error)) from error
        except MalformedInput as refused:
            words = source_words.REFRESH_ERRORS[refused.code]
            raise CommandError(f"{refused.code}: {words} {refused.detail}".strip()) from refused
        return f"list {snapshot.number} of {point.label}: {snapshot.entries} entries, current"


def _source(path: Path, options: dict[str, Any]) -> DistributionPoint:
    if options["point"] is None:
        with lists.copied(path) as der:
            return intake.source_of(_environment(options["environment"]), der, series=options["series"])
    point = sources.distribution_point(options["point"])
    if point is None:
        known = "\n".join(sources.distribution_points_in_words())
        raise CommandError(f"There is no distribution point {options['point']}. There are:\n{known}")
    return point


def _environment(public_id: str | None) -> Any:
    found = environments.production() if public_id is None else environments.by_public_id(public_id)
    if found is None:
        raise CommandError(f"There is no environment {public_id}.")
    return found
