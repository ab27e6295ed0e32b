"""One row appended by one plain statement, on a connection that is not asked first whether it still lives.

Before the first query of a request Django sends `SELECT 1` (CONN_HEALTH_CHECKS). Where the only query is one INSERT,
that question costs as much as the row. Here the INSERT itself is the question: if the connection turns out to be
broken, it is made anew and the row is sent once more. Its unique column keeps it one row, even if the first statement
was committed and only the answer to it was lost.
"""

from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import InterfaceError, OperationalError, connection


def append(table: str, columns: Sequence[str], values: Sequence[Any], *, unique: str) -> None:
    """Insert one row; outside a transaction it is committed when this returns. `unique` names a column of its own
    random value with a unique constraint. Raises what Django's database layer raises.
    """
    statement = _statement(table, columns)
    connection.health_check_done = True  # type: ignore[attr-defined]  # the stubs do not know it
    try:
        _execute(statement, values)
    except (OperationalError, InterfaceError):
        # Inside a transaction what went before is lost with the connection: the caller has to know.
        if connection.in_atomic_block or connection.is_usable():
            raise
        connection.close()
        _execute(f"{statement} ON CONFLICT ({unique}) DO NOTHING", values)


def _statement(table: str, columns: Sequence[str]) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))})"  # noqa: S608


def _execute(statement: str, values: Sequence[Any]) -> None:
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
        return
    # The values travel beside the statement, not written into it as Django's own cursor does.
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as plain:
        plain.execute(statement, values)
