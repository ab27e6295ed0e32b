from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate

ONE_WORLD = "an anchor belongs to the world of its environment"
TWO_PEOPLE = "a production anchor is proposed by one operator and confirmed by another"
FACT = "a proposed anchor is a fact, and decided once"
_KIND = "(SELECT kind FROM environments_environment WHERE id = NEW.environment_id)"
_CONFIRMED = """EXISTS (SELECT 1 FROM verifier_anchorproposal p WHERE p.fingerprint = NEW.fingerprint
    AND p.purpose = NEW.purpose AND p.der = NEW.der AND p.confirmed_at IS NOT NULL"""
_PROPOSED = "public_id, purpose, der, fingerprint, subject, lists, proposed_by_id, proposed_at, expires_at"
# The counterparts of migrations 0002 and 0005 for SQLite. There a table is altered by making it anew, which fails while
# another table's trigger names it (SQLite, ALTER TABLE, step 7 ff.), so they are taken down before and put up after
# migrating.
_TRIGGERS = {
    "verifier_anchor_world_insert": (f"BEFORE INSERT ON verifier_trustanchor WHEN NEW.world IS NOT {_KIND}", ONE_WORLD),
    "verifier_anchor_world_update": (f"BEFORE UPDATE ON verifier_trustanchor WHEN NEW.world IS NOT {_KIND}", ONE_WORLD),
    "verifier_environment_kind": (
        """BEFORE UPDATE OF kind ON environments_environment WHEN EXISTS
        (SELECT 1 FROM verifier_trustanchor WHERE environment_id = NEW.id AND world <> NEW.kind)""",
        ONE_WORLD,
    ),
    "verifier_anchor_confirmed_insert": (
        f"BEFORE INSERT ON verifier_trustanchor WHEN {_KIND} = 'production' AND NOT {_CONFIRMED})",
        TWO_PEOPLE,
    ),
    "verifier_anchor_confirmed_update": (
        f"""BEFORE UPDATE ON verifier_trustanchor WHEN {_KIND} = 'production' AND (
        NEW.der IS NOT OLD.der OR NEW.fingerprint IS NOT OLD.fingerprint OR NEW.purpose IS NOT OLD.purpose
        OR NEW.key_id IS NOT OLD.key_id
        OR (OLD.distrusted_at IS NOT NULL AND NEW.distrusted_at IS NOT OLD.distrusted_at
            AND (NEW.distrusted_at IS NOT NULL OR NOT {_CONFIRMED} AND p.confirmed_at > OLD.distrusted_at))))""",
        TWO_PEOPLE,
    ),
    "verifier_anchor_proposal_fact": (f"BEFORE UPDATE OF {_PROPOSED} ON verifier_anchorproposal", FACT),
    "verifier_anchor_proposal_begins": (
        "BEFORE INSERT ON verifier_anchorproposal WHEN NEW.confirmed_at IS NOT NULL",
        FACT,
    ),
    "verifier_anchor_proposal_decided": (
        """BEFORE UPDATE ON verifier_anchorproposal
        WHEN OLD.confirmed_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL""",
        FACT,
    ),
}


class VerifierConfig(AppConfig):
    name = "verifier"

    def ready(self) -> None:
        from portal import milestones, waiting
        from verifier import alarms
        from verifier.messages import problem_words  # noqa: F401  enters the verifier's problems into the table
        from verifier.milestones import first_valid

        milestones.register("first_valid", first_valid)
        waiting.register("sources:source-list", alarms.waiting)
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
    if connection.vendor == "sqlite" and "verifier_anchorproposal" in connection.introspection.table_names():
        with connection.cursor() as cursor:
            for name, (rule, message) in _TRIGGERS.items():
                cursor.execute(
                    f"CREATE TRIGGER IF NOT EXISTS {name} {rule} BEGIN SELECT RAISE(ABORT, '{message}'); END"
                )
