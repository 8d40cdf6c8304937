"""A build whose tables have lost their unique keys: what the checker must not let pass."""

import sqlite3
from pathlib import Path
from typing import Final

KEYED: Final = ("inbox", "journal", "outbox")


def weaken(database: Path, table: str) -> None:
    """Rebuild *table* without its unique keys, empty; ON CONFLICT DO NOTHING then never finds a conflict.

    `message_id` alone would keep the inbox apart, so its rows lose that key too; ids still count up.
    """
    with sqlite3.connect(database) as connection:
        columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
        spelled = [
            f"{name} INTEGER PRIMARY KEY AUTOINCREMENT" if name == "id" else f"{name} {kind}"
            for _, name, kind, *_ in columns
        ]
        connection.execute(f"DROP TABLE {table}")
        connection.execute(f"CREATE TABLE {table} ({', '.join(spelled)})")
    connection.close()
