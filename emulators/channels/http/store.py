"""What the provider has been sent, in one SQLite file."""

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS call (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    at TEXT NOT NULL,
    body TEXT NOT NULL,
    status INTEGER NOT NULL,
    id TEXT,
    repeated INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS call_key ON call (key);
CREATE INDEX IF NOT EXISTS call_id ON call (id);
"""


class Store:
    """Every call in order: those that were turned away too, with the status that they got."""

    def __init__(self, file: Path | None) -> None:
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(file or ":memory:", isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; {SCHEMA}")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def turn_away(self, key: str, body: str, status: int) -> None:
        """Note a call whose message was not taken."""
        self._note(key, body, status, None, repeated=False)

    def take(self, key: str, body: str, *, idempotent: bool) -> str:
        """Take a message and return its id; when *idempotent*, a key that is known takes nothing more."""
        known = self.id_of(key) if idempotent else None
        if known is not None:
            self._note(key, body, 200, known, repeated=True)
            return known
        taken = self._one("SELECT count(*) FROM call WHERE id IS NOT NULL AND NOT repeated")
        message_id = f"msg-{taken + 1}"
        self._note(key, body, 200, message_id, repeated=False)
        return message_id

    def id_of(self, key: str) -> str | None:
        """Return the id of the first message taken under *key*."""
        return self._one("SELECT id FROM call WHERE key = ? AND id IS NOT NULL ORDER BY number LIMIT 1", key)

    def calls(self, after: int = 0) -> list[dict[str, Any]]:
        """Return the calls with a number above *after*, oldest first; `taken` says which the contact has seen."""
        rows = self._connection.execute("SELECT * FROM call WHERE number > ? ORDER BY number", (after,))
        return [_spell(row) for row in rows]

    def _note(self, key: str, body: str, status: int, message_id: str | None, *, repeated: bool) -> None:
        attempt = self._one("SELECT count(*) FROM call WHERE key = ?", key) + 1
        self._connection.execute(
            "INSERT INTO call (key, attempt, at, body, status, id, repeated) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (key, attempt, datetime.now(UTC).isoformat(), body, status, message_id, repeated),
        )

    def _one(self, query: str, *values: str) -> Any:
        row = self._connection.execute(query, values).fetchone()
        return row[0] if row else None


def _spell(row: sqlite3.Row) -> dict[str, Any]:
    try:
        body = json.loads(row["body"])
    except ValueError:
        body = row["body"]
    taken = row["id"] is not None and not row["repeated"]
    return {name: row[name] for name in ("number", "key", "attempt", "at", "status", "id")} | {
        "taken": taken,
        "body": body,
    }
