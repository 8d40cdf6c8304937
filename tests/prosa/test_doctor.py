import asyncio
import json
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.event import EventKind
from journal import inbox, turn
from journal.database import Database, upgrade
from prosa.up.ports import free
from runtime.data_folder import occupied
from runtime.sections import GatewaySection
from runtime.settings import Settings
from tests.journal.factory import deliver, event, first_turn, inbox_item, message_id
from tests.prosa.conftest import HELLO, Prosa
from usecases.doctor import machine, store
from usecases.doctor.examine import merged
from usecases.doctor.finding import fine, trouble


@pytest.fixture(autouse=True)
def installation(prosa: Prosa, folder: Path) -> None:
    """Nothing runs: no Temporal, no gateway, no ERP."""
    file = folder / "prosa.toml"
    file.write_text(
        file.read_text(encoding="utf-8") + f"[temporal]\naddress = '127.0.0.1:{free()}'\n[gateway]\nport = {free()}\n",
        encoding="utf-8",
    )
    assert prosa("db", "upgrade").exit_code == 0


def findings(prosa: Prosa) -> dict[str, Any]:
    done = prosa("doctor", "--format", "json")
    return {finding["subject"]: finding for finding in json.loads(done.stdout)}


def test_everything_that_is_away_is_a_trouble_of_its_own_with_a_way_to_mend_it(prosa: Prosa) -> None:
    found = findings(prosa)
    troubles = {subject for subject, finding in found.items() if finding["level"] == "trouble"}
    assert troubles == {"temporal", "gateway", "erp billing"}
    assert all(found[subject]["why"] and found[subject]["mend"] for subject in troubles)
    assert found["secrets"]["level"] == "notice"
    assert prosa("doctor").exit_code == 1


def test_people_read_the_same_at_eighty_columns(prosa: Prosa, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prosa.terminal.WIDE", 80)
    shown = prosa("doctor").stdout
    assert max(len(line.rstrip()) for line in shown.splitlines()) <= 80
    for words in ("why it matters", "what to do", "3 troubles"):
        assert words in shown


QUEUES = """
[queues.support]
calendar = "{calendar}"
webhook = "{webhook}"
"""


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"calendar": "", "webhook": "team"}, "queues.support.webhook: expected one of none; found 'team'"),
        ({"calendar": "night", "webhook": ""}, "queues.support.calendar: expected one of main; found 'night'"),
    ],
)
def test_a_queue_that_names_what_is_not_there_is_a_trouble_beside_others(
    wrong: dict[str, str], sentence: str, prosa: Prosa, folder: Path
) -> None:
    with (folder / "prosa.toml").open("a", encoding="utf-8") as file:
        file.write(QUEUES.format(**wrong))
    found = findings(prosa)
    assert (found["settings"]["level"], sentence in found["settings"]["what"]) == ("trouble", True)
    assert {"temporal", "gateway", "erp billing"} < set(found)


def test_a_flow_that_passes_to_a_queue_which_is_not_there_is_told_before_and_after(prosa: Prosa, folder: Path) -> None:
    card = "  - {id: people, card: transfer, queue: support, exits: {no_agent: end, gave_up: end, out_of_hours: end}}\n"
    (folder / "flows" / "hello.yaml").write_text(HELLO + card, encoding="utf-8")
    missing = "card 'people': there is no 'support' under [queues] of the settings"
    refused = prosa("flow", "publish", "--all")
    assert (refused.exit_code, f"P303 {missing}" in " ".join(refused.output.split())) == (1, True), refused.output
    written = (folder / "prosa.toml").read_text(encoding="utf-8")
    (folder / "prosa.toml").write_text(written + QUEUES.format(calendar="", webhook=""), encoding="utf-8")
    assert prosa("flow", "publish", "--all").exit_code == 0
    (folder / "prosa.toml").write_text(written, encoding="utf-8")
    found = findings(prosa)["flow hello"]
    assert (found["level"], missing in found["what"]) == ("trouble", True)


def test_a_database_of_another_version_says_what_to_do(prosa: Prosa, folder: Path) -> None:
    with sqlite3.connect(folder / "data" / "prosa.db") as c:
        c.execute("UPDATE alembic_version SET version_num = '0006_queues'")
    c.close()
    found = findings(prosa)["database"]
    assert found["level"] == "trouble"
    assert "begin with a new data folder" in found["mend"][0]


def test_messages_that_nobody_reads_and_buried_ones_are_told_apart(prosa: Prosa, folder: Path) -> None:
    long_ago = int((datetime.now(UTC) - timedelta(minutes=5)).timestamp() * 1000)
    with sqlite3.connect(folder / "data" / "prosa.db") as c:
        for name, state in (("a", "received"), ("b", "forwarded"), ("c", "dead")):
            c.execute(
                "INSERT INTO inbox (message_id, account, channel, kind, provider_message_id, workflow_id, address,"
                " name, payload, state, received_at, attempts, last_error)"
                " VALUES (?, 'site', 'webchat', 'message', ?, 'w', 'x', '', '{}', ?, ?, 1, 'too large')",
                (name, name, state, long_ago),
            )
    c.close()
    said = prosa("doctor").stdout
    for words in ("1 message not handed to a conversation yet", "1 message not read by the", "1 message buried"):
        assert words in said


def test_a_published_flow_that_needs_what_the_settings_lack_is_told(prosa: Prosa, folder: Path) -> None:
    card = "  - {id: tell, card: webhook, to: crm, event: left}\n"
    (folder / "flows" / "hello.yaml").write_text(HELLO + card, encoding="utf-8")
    file = folder / "prosa.toml"
    written = file.read_text(encoding="utf-8")
    file.write_text(f'{written}[webhooks.crm]\nurl = "https://crm.example"\nsecret = "s"\n', encoding="utf-8")
    assert prosa("flow", "publish", "--all").exit_code == 0
    assert not {"flow hello", "settings"} & set(findings(prosa))
    file.write_text(f'{written}[keywords]\nmenu = "flow:helo"\n', encoding="utf-8")
    found = findings(prosa)
    assert "card 'tell': there is no 'crm' under [webhooks]" in found["flow hello"]["what"]
    assert "keywords.menu names the flow 'helo'" in found["settings"]["what"]


def test_a_list_of_a_schedule_that_is_not_there_is_named(prosa: Prosa, folder: Path) -> None:
    assert prosa("flow", "publish", "--all").exit_code == 0
    with (folder / "prosa.toml").open("a", encoding="utf-8") as file:
        file.write('[schedules.s]\naccount = "site"\nflow = "color"\ncontacts = "list.csv"\ncron = "0 9 * * 1"\n')
    found = findings(prosa)["settings"]
    assert found["level"] == "notice"
    assert f"schedules.s.contacts: {folder}/list.csv: expected a table that can be read" in found["what"]


def test_a_secret_that_prosa_up_brings_along_is_not_missed_while_it_runs_and_any_other_is(
    prosa: Prosa, folder: Path
) -> None:
    ports = {f"{name}_port": free() for name in ("gateway", "temporal", "temporal_ui")}
    with occupied(folder / "data") as announce:
        announce(ports)
        assert "secrets" not in findings(prosa)
        with (folder / "prosa.toml").open("a", encoding="utf-8") as file:
            file.write('[api]\ntoken = "secret://other"\n')
        what = findings(prosa)["secrets"]["what"]
        assert what.startswith("api: secret 'other'")
        assert f"{folder}/data/secrets/other" in what


def test_a_secret_that_a_running_prosa_up_was_not_given_is_a_trouble_until_it_is_there(
    prosa: Prosa, folder: Path
) -> None:
    with (folder / "prosa.toml").open("a", encoding="utf-8") as file:
        file.write('[mail]\npassword = "secret://mail"\n')
    with occupied(folder / "data") as announce:
        announce(
            {f"{name}_port": free() for name in ("gateway", "temporal", "temporal_ui")} | {"lacking": ["secret://mail"]}
        )
        found = findings(prosa)["secrets"]
        assert (found["level"], found["what"].startswith("mail: secret 'mail'")) == ("trouble", True)
        (folder / "data" / "secrets").mkdir(exist_ok=True)
        (folder / "data" / "secrets" / "mail").write_text("x", encoding="utf-8")
        assert "secrets" not in findings(prosa)


async def test_what_a_delay_leaves_unread_is_no_trouble(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/prosa.db"
    upgrade(url)
    database = Database(url)
    now = datetime.now(UTC)
    told = inbox_item(2, received_at=now - timedelta(hours=1))
    try:
        async with database.write() as c:
            await turn.commit(c, first_turn(1), now)
            await inbox.receive(c, told, owner="g", lease=timedelta(0), now=now)
            await inbox.forwarded(c, {message_id(2): now}, now=now)
        steps: tuple[tuple[EventKind, str], ...] = (
            ("delay_begun", "everything has been read"),
            ("exit_taken", "1 message not read"),
        )
        for seq, (kind, said) in enumerate(steps, 5):
            async with database.write() as c:
                await turn.commit(c, deliver(1, events=(event(seq, kind, at=now),)), now)
            async with database.read() as c:
                (found,) = [one for one in await store.look(c, tmp_path) if one.subject == "inbox"]
            assert said in found.what
    finally:
        await database.close()


@asynccontextmanager
async def other_program() -> AsyncGenerator[int]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nhi")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield int(server.sockets[0].getsockname()[1])


async def test_another_program_on_the_gateways_port_is_named(tmp_path: Path) -> None:
    async with other_program() as port:
        found = await machine.gateway(Settings(data=tmp_path, gateway=GatewaySection(port=port)))
    assert (found.level, "another program" in found.what) == ("trouble", True)


def test_what_conversations_say_of_an_erp_and_what_was_tried_are_one_trouble() -> None:
    said = trouble("erp billing", "it refuses", "contacts wait", "renew it", "bring them back")
    tried = trouble("erp billing", "the port is closed", "contacts would wait", "start it", "renew it")
    other = fine("erp crm", "it answers")
    [one, rest] = merged([said], [tried, other])
    assert (one.what, one.mend) == ("it refuses; the port is closed", ("renew it", "bring them back", "start it"))
    assert rest is other
