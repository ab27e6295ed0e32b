"""`manage.py openapi`: write docs/api/openapi.yaml; `--check`: fail if it is not what the code says."""

from argparse import ArgumentParser
from typing import Any

import yaml
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.api.document import document

PATH = settings.BASE_DIR / "docs" / "api" / "openapi.yaml"


class Command(BaseCommand):
    help = "Write the OpenAPI document, or check that the committed one is true."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="compare instead of writing")

    def handle(self, *args: Any, **options: Any) -> None:
        text = yaml.safe_dump(document("en"), sort_keys=False, allow_unicode=True, width=110)
        if not options["check"]:
            PATH.parent.mkdir(parents=True, exist_ok=True)
            PATH.write_text(text, encoding="utf-8")
        elif not PATH.exists() or PATH.read_text(encoding="utf-8") != text:
            raise CommandError(f"{PATH.name} is not what the code says: run `manage.py openapi` and commit it.")
