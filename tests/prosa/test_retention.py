import json
import os
import sqlite3
from pathlib import Path

from domain.message import FileContent
from journal.files import FileStore
from tests.prosa.conftest import Prosa


def test_old_things_are_counted_then_removed_and_that_is_in_the_audit(prosa: Prosa, folder: Path) -> None:
    prosa("db", "upgrade")
    store = FileStore(folder / "data" / "files")
    nobodys = store.put(FileContent(name="old.txt", mime="text/plain", data=b"old"))
    young = store.put(FileContent(name="young.txt", mime="text/plain", data=b"young"))
    os.utime(store.path(nobodys.id), (0, 0))
    with sqlite3.connect(folder / "data" / "prosa.db") as database:
        database.execute("INSERT INTO early_report VALUES ('site', 'x', 'sent', '', 0)")
    database.close()

    counted = json.loads(prosa("retention", "run", "--dry-run", "--format", "json").stdout)
    assert counted["removed"] is False
    assert {name: number for name, number in counted["rows"].items() if number} == {"early_report": 1, "file": 1}
    assert store.path(nobodys.id).is_file()
    assert json.loads(prosa("audit", "list", "--format", "json").stdout) == []

    done = prosa("retention", "run", "--by", "nightly")
    assert done.exit_code == 0
    assert not store.path(nobodys.id).exists()
    assert store.path(young.id).is_file()
    [entry] = json.loads(prosa("audit", "list", "--format", "json").stdout)
    assert (entry["by"], entry["action"]) == ("nightly", "retention")
    assert entry["data"]["due"] == {"early_report": 1, "file": 1}
    assert entry["data"]["inbox_days"] == 30


def test_where_nothing_is_old_nothing_is_written_down(prosa: Prosa) -> None:
    prosa("db", "upgrade")
    assert prosa("retention", "run").exit_code == 0
    assert json.loads(prosa("audit", "list", "--format", "json").stdout) == []


def test_a_message_must_stay_longer_than_providers_repeat_it(prosa: Prosa, folder: Path) -> None:
    with (folder / "prosa.toml").open("a", encoding="utf-8") as file:
        file.write("\n[retention]\ninbox_days = 7\n")
    done = prosa("retention", "run")
    assert done.exit_code == 2
    assert "retention.inbox_days" in done.stderr
