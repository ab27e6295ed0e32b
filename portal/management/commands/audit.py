"""The trail at the console: go over the whole chain, or hand all of it out with its proof."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from portal.trail import exporting, messages, services


class Command(BaseCommand):
    help = "Verify the audit trail (`audit verify`), or write it out as signed JSON lines (`audit export --to FILE`)."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("verify", help="every row against its seal, the chain, every signed checkpoint; reads only")
        export = verbs.add_parser("export", help="everything signed so far, for examples/verify_audit.py")
        export.add_argument("--to", type=Path, help="the file; standard output if left out")

    def handle(self, *args: Any, **options: Any) -> None:
        verb = {"verify": self._verify, "export": self._export}[options["verb"]]
        verb(options)

    def _verify(self, options: Mapping[str, Any]) -> None:
        def tell(size: int) -> None:
            if self.stderr.isatty():
                self.stderr.write(f"\r{size:,} records", ending="")

        result = services.look_through(at=timezone.now(), tell=tell)
        if result.finding:
            words = messages.FINDINGS[result.finding.code]
            raise CommandError(f"{words} ({result.finding.code}, number {result.finding.at_sequence})")
        self.stdout.write(f"whole: {result.size} records, {result.checkpoints} signed checkpoints")

    def _export(self, options: Mapping[str, Any]) -> None:
        selection = services.everything(at=timezone.now())
        if selection is None:
            raise CommandError("Nothing has been signed yet: the worker signs the first checkpoint within a minute.")
        services.record_export(selection, by="command audit", details={"format": "jsonl"})
        if options["to"] is None:
            sys.stdout.buffer.writelines(exporting.json_lines(selection))
            return
        with options["to"].open("xb") as file:
            file.writelines(exporting.json_lines(selection))
