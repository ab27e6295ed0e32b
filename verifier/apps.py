from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate

MESSAGE = "an anchor belongs to the world of its environment"
_WRONG_WORLD = "NEW.world IS NOT (SELECT kind FROM environments_environment WHERE id = NEW.environment_id)"
# The counterparts of migration 0002 for SQLite. There a table is altered by making it anew, which fails while another
# table's trigger names it (SQLite, ALTER TABLE, step 7 ff.), so they are taken down before and put up after migrating.
_TRIGGERS = {
    "verifier_anchor_world_insert": f"BEFORE INSERT ON verifier_trustanchor WHEN {_WRONG_WORLD}",
    "verifier_anchor_world_update": f"BEFORE UPDATE ON verifier_trustanchor WHEN {_WRONG_WORLD}",
    "verifier_environment_kind": """BEFORE UPDATE OF kind ON environments_environment WHEN EXISTS
        (SELECT 1 FROM verifier_trustanchor WHERE environment_id = NEW.id AND world <> NEW.kind)""",
}


class VerifierConfig(AppConfig):
    name = "verifier"

    def ready(self) -> None:
        from portal import milestones
        from verifier.milestones import first_valid

        milestones.register("first_valid", first_valid)
        pre_migrate.connect(_take_down, sender=self)
        post_migrate.connect(_put_up, sender=self)


def _take_down(using: str, **_: Any) -> None:
    connection = connections[using]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for name in _TRIGGERS:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


def _put_up(using: str, **_: Any) -> None:
    connection = connections[using]
    if connection.vendor == "sqlite" and "verifier_trustanchor" in connection.introspection.table_names():
        with connection.cursor() as cursor:
            for name, rule in _TRIGGERS.items():
                cursor.execute(
                    f"CREATE TRIGGER IF NOT EXISTS {name} {rule} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
                )
