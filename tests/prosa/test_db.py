import sqlite3
from pathlib import Path

import pytest

from tests.prosa.conftest import Prosa


def test_a_database_is_made_and_then_up_to_date(prosa: Prosa) -> None:
    assert "0001" in prosa("db", "upgrade").stdout
    assert prosa("db", "upgrade").stdout.strip() == "up to date"
    assert prosa("db", "version").exit_code == 0


def test_without_a_database_commands_say_how_to_make_one(prosa: Prosa, folder: Path) -> None:
    done = prosa("conversation", "list")
    assert done.exit_code == 2
    assert "prosa db upgrade" in done.stderr
    assert not (folder / "data" / "prosa.db").exists()


@pytest.mark.parametrize(
    ("revision", "mend"), [("0999_future", "start that Prosa"), ("0006_queues", "begin with a new data folder")]
)
def test_a_database_of_another_version_is_refused(prosa: Prosa, folder: Path, revision: str, mend: str) -> None:
    prosa("db", "upgrade")
    with sqlite3.connect(folder / "data" / "prosa.db") as database:
        database.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    database.close()
    for command in (["db", "upgrade"], ["db", "version"], ["flow", "versions"], ["outbox", "unknown"]):
        done = prosa(*command)
        assert done.exit_code == 2
        assert revision in done.stderr
        assert mend in " ".join(done.stderr.split())


def test_a_database_that_does_not_answer_is_named_without_its_password(
    prosa: Prosa, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROSA_DATABASE__URL", "postgresql://prosa:hush@127.0.0.1:1/prosa")
    for command in (["db", "upgrade"], ["conversation", "list"]):
        done = prosa(*command)
        assert done.exit_code == 2
        assert "127.0.0.1:1/prosa" in done.stderr
        assert "hush" not in done.stderr
