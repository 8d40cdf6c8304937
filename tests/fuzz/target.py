"""The gateway that is attacked: a process with a database of its own, and no Temporal."""

import hashlib
import json
from collections import Counter
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import insert, select

from domain.message import FileRef, Inbound
from journal.database import Database, upgrade
from journal.tables import conversation, inbox
from runtime import secrets
from runtime.callbacks import PATH, Tokens
from runtime.links import Links
from tests.console.published import publish
from tests.faults.process import Process, python
from tests.fuzz import files
from tests.fuzz.doors import API, FLOW, SECRETS, SITE, Doors, Row, Visitor
from tests.fuzz.wire import exchange

SETTINGS: Final = """
data = "{folder}/var"
[database]
url = "{url}"
[gateway]
port = 0
[temporal]
address = "127.0.0.1:1"
[api]
token = "secret://api"
[accounts.site]
channel = "webchat"
flow = "follow_up"
origins = ["https://www.example.com"]
[accounts.front]
channel = "http"
flow = "follow_up"
url = "http://127.0.0.1:1/"
secret = "secret://front"
[accounts.other]
channel = "http"
flow = "follow_up"
url = "http://127.0.0.1:1/"
secret = "secret://other"
"""
_FLOW: Final[dict[str, Any]] = {
    "spec": 1,
    "flow": FLOW,
    "variables": {
        "plan": {"type": "text", "input": True},
        "months": {"type": "number", "input": True},
        "any": {"type": "any", "input": True},
    },
    "cards": [{"id": "wait", "card": "await_interaction", "timeout": "2d", "exits": {"no_answer": "end"}}],
}
_CALLBACKS: Final = 4
"""Callbacks that a conversation takes before it has too much to hear."""
_BACKGROUND: Final = frozenset({"temporal_away", "temporal_back"})
"""Log lines that no request has caused."""


class Log:
    """The lines that a process has logged since the last look."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._read = 0

    def lines(self) -> list[bytes]:
        """Return the lines that requests have caused since then."""
        with self._file.open("rb") as log:
            log.seek(self._read)
            new = log.read()
        whole = new[: new.rfind(b"\n") + 1]
        self._read += len(whole)
        return [line for line in whole.splitlines() if not _is_background(line)]


class Target:
    """A running gateway."""

    def __init__(self, process: Process, database: Database, port: int, log: Log, key: bytes) -> None:
        self.process = process
        self.port = port
        self.log = log
        self._database = database
        self._tokens = Tokens(key)
        self._links = Links(key)

    async def doors(self, visitors: int, callbacks: int) -> Doors:
        """Return the ways in, with sessions for so many visitors and addresses for so many callbacks."""
        here = [await self._visitor() for _ in range(visitors)]
        await self._open_conversations(callbacks // _CALLBACKS + 1)
        return Doors(here, self._callbacks(), await self._link(here[0]))

    async def stored(self) -> Counter[Row]:
        """Return how often each message is in the inbox."""
        async with self._database.read() as c:
            rows = await c.execute(select(inbox.c.account, inbox.c.provider_message_id))
            return Counter(Row(*row) for row in rows)

    async def messages(self) -> list[Inbound]:
        """Return what conversations would read, in order; the company's own messages left out."""
        async with self._database.read() as c:
            rows = await c.execute(select(inbox.c.payload).order_by(inbox.c.id))
            found = [Inbound.model_validate(row.payload) for row in rows]
        return [message for message in found if message.source == "contact"]

    def descriptors(self) -> int:
        """Return how many files and connections the process has open."""
        return len([*Path(f"/proc/{self.process.pid}/fd").iterdir()])

    async def _visitor(self) -> Visitor:
        answer = await exchange(self.port, Doors([]).sessions(b""), 30)
        found = json.loads(answer.body)
        return Visitor(found["session"], found["token"])

    async def _link(self, visitor: Visitor) -> str:
        content = files.picture(1, 1)
        await exchange(self.port, Doors([]).upload(content, visitor, "a.png"), 30)
        name = hashlib.sha256(content).hexdigest()
        return self._links.file_url(FileRef(id=name, name="a.png", mime="image/png", size=len(content)))

    async def _open_conversations(self, count: int) -> None:
        now = datetime.now(UTC)
        rows = [_conversation(number, now) for number in range(count)]
        async with self._database.write() as c:
            await c.execute(insert(conversation), rows)

    def _callbacks(self) -> Iterator[str]:
        number = 0
        while True:
            number += 1
            yield PATH + self._tokens.make(f"{number // _CALLBACKS:032x}:{number}", "payment")


@asynccontextmanager
async def target(folder: Path, url: str = "") -> AsyncGenerator[Target]:
    """Run a gateway in *folder* while inside, with the database at *url*, SQLite's when it is empty."""
    url = url or f"sqlite:///{folder}/var/prosa.db"
    (folder / "prosa.toml").write_text(SETTINGS.format(folder=folder, url=url), encoding="utf-8")
    upgrade(url)
    database = Database(url)
    await publish(database, _FLOW)
    given = {f"PROSA_SECRET_{name.upper()}": value for name, value in (SECRETS | {"api": API}).items()}
    process = Process("gateway", python("prosa", "-C", str(folder), "gateway"), folder, given)
    try:
        ready = await process.ready()
        key = secrets.installation_key(folder / "var")
        yield Target(process, database, int(ready["url"].rpartition(":")[2]), Log(folder / "gateway.err"), key)
    finally:
        await process.stop()
        await database.close()


def _conversation(number: int, now: datetime) -> dict[str, Any]:
    name = f"{number:032x}"
    texts = {"protocol": f"20261201-{number:06}", "account": SITE, "channel": "webchat", "address": f"v{number}"}
    flow: dict[str, Any] = {"flow": FLOW, "flow_version": "0", "flow_number": 1, "flow_numbers": {}}
    rest: dict[str, Any] = {"last_seq": 1, "last_at": now, "turns": 1, "tags": [], "priority": "normal", "queue": ""}
    stands = {"stage": "bot", "opened_at": now, "name": "", "workflow_id": f"conversation:{SITE}:{name}"}
    return {"conversation_id": name, **texts, **flow, **rest, **stands}


def _is_background(line: bytes) -> bool:
    try:
        return json.loads(line).get("event") in _BACKGROUND
    except (ValueError, AttributeError):
        return False
