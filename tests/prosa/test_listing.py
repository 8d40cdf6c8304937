import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.delivery import OpeningClaim
from domain.effect import Deliver
from domain.event import Event
from journal import turn
from journal.database import Database
from prosa import terminal
from tests.prosa.conftest import Prosa

NOW = datetime(2026, 3, 2, 2, 30, tzinfo=UTC)
NAME = "Maria Aparecida dos Santos Albuquerque Cavalcanti de Oliveira"
NOTE = "fatura contestada " * 20


@pytest.fixture(autouse=True)
def conversations(prosa: Prosa, folder: Path) -> None:
    """27 conversations that wait in a queue, with a long name and a long note each."""
    assert prosa("db", "upgrade").exit_code == 0
    asyncio.run(_write(folder / "data" / "prosa.db"))


async def _write(file: Path) -> None:
    database = Database(f"sqlite:///{file}")
    async with database.write() as c:
        for number in range(27):
            await turn.commit(c, _opened(f"{number:032x}"), now=NOW)
    await database.close()


def _opened(id_: str) -> Deliver:
    facts = {"account": "site", "channel": "webchat", "address": f"visitor{id_}", "name": NAME}
    workflow = f"conversation:site:{id_}"
    claim = OpeningClaim(
        message_id=id_, chain=id_, workflow_id=workflow, flow="hello", zone="America/Sao_Paulo", **facts
    )
    events = (
        Event(seq=1, kind="conversation_opened", at=NOW, data={**facts, "flow": "hello", "workflow_id": workflow}),
        Event(seq=2, kind="message_received", at=NOW, data={"message_id": id_, "text": NOTE}),
        Event(seq=3, kind="handed_over", at=NOW, data={"queue": "main", "priority": "high", "note": NOTE}),
    )
    return Deliver(
        conversation_id=id_, account="site", channel="webchat", address=facts["address"], opening=claim, events=events
    )


@pytest.mark.parametrize("queue", [(), ("--stage", "queue")])
def test_a_terminal_of_eighty_columns_shows_each_on_one_line(
    queue: tuple[str, ...], prosa: Prosa, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminal, "piped", lambda: False)
    monkeypatch.setenv("COLUMNS", "80")
    shown = prosa("conversation", "list", *queue).stdout.splitlines()
    assert len(shown) == 1 + 20 + 1
    assert max(map(len, shown)) <= 80
    assert all(line.startswith("20260301-0000") for line in shown[1:-1])


def test_how_many_there_are_is_told_when_some_are_left_out(prosa: Prosa) -> None:
    assert prosa("conversation", "list").stdout.splitlines()[-1].startswith("20 of 27")
    assert " of 27" not in prosa("conversation", "list", "--limit", "27").stdout
    assert (
        prosa("conversation", "list", "--limit", "5", "--flow", "hello").stdout.splitlines()[-1].startswith("5 of 27")
    )


@pytest.mark.parametrize("queue", [(), ("--stage", "queue")])
def test_nothing_is_cut_in_a_pipe(queue: tuple[str, ...], prosa: Prosa) -> None:
    shown = prosa("conversation", "list", *queue).stdout
    assert "…" not in shown
    assert shown.count(NAME) == 20
    assert shown.count(NOTE.strip()) >= 20


def test_times_are_those_of_the_company_wherever_the_machine_stands(prosa: Prosa, folder: Path) -> None:
    assert "2026-03-01 23:30:00" in prosa("conversation", "show", f"{3:032x}").stdout
    settings = folder / "prosa.toml"
    written = settings.read_text(encoding="utf-8")
    settings.write_text(written + "[company]\nname = 'x'\nzone = 'Asia/Tokyo'\n", encoding="utf-8")
    assert "2026-03-02 11:30:00" in prosa("conversation", "show", f"{3:032x}").stdout
