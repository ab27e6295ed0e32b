"""`manage.py demo`: tell the demonstration story once, then print its people. A worker must be running."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal import demonstration


class Command(BaseCommand):
    help = "Load the demonstration story (embedded mode only)."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.EMBEDDED:
            raise CommandError("Invented people have no place in production.")
        try:
            people = demonstration.tell()
        except demonstration.StoryStuck as stuck:
            raise CommandError(str(stuck)) from None
        for person in people:
            self.stdout.write(f"  {person['email']:<28} {person['password']:<18} {person['role']}")
