"""`manage.py load_crl`: take in a revocation list that came as a file, where its publisher's server cannot be reached.

It is judged exactly as a fetched one is, and the act stands in the audit trail. Run it as the worker's user: the list's
index is written for the other processes to read.
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from verifier import intake, messages, sources
from verifier.pki.errors import MalformedInput


class Command(BaseCommand):
    help = "Take in a revocation list (DER) from a file, for one distribution point."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the list in DER")
        parser.add_argument("--point", required=True, type=int, help="number of the distribution point; 0 shows them")
        parser.add_argument("--by", required=True, help="who does this; stands in the audit trail")

    def handle(self, *args: Any, **options: Any) -> None:
        point = sources.distribution_point(options["point"])
        if point is None:
            known = "\n".join(sources.distribution_points_in_words())
            raise CommandError(f"There is no distribution point {options['point']}. There are:\n{known}")
        try:
            snapshot = intake.load_crl(point, options["file"], by=options["by"])
        except OSError as error:
            raise CommandError(str(error)) from error
        except MalformedInput as refused:
            words = messages.REFRESH_ERRORS[refused.code]
            raise CommandError(f"{refused.code}: {words} {refused.detail}".strip()) from refused
        self.stdout.write(f"list {snapshot.number} of {point.label}: {snapshot.entries} entries, current")
