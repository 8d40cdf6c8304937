"""The web chat from the visitor's side, over HTTP: a session, messages, and the stream of events."""

import asyncio
import json
import secrets
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any, Final, Literal

import httpx
from pydantic import AwareDatetime

from domain.contact_card import ContactCard
from domain.errors import OperatorError
from domain.keys import message_id
from domain.message import Content, FileRef, Link, Location, Option
from domain.model import Value

TIMEOUT: Final = httpx.Timeout(10, read=30)
"""The stream sends a comment every 15 seconds, so that 30 without a byte is a dead connection."""
AGAIN: Final = (0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds before each attempt in a row to follow the stream again; the last one stays."""
UNAUTHORIZED: Final = 401
TOO_MANY: Final = 429


class File(FileRef):
    """A file that the bot sent, and where to fetch it."""

    url: str


class Agent(Value):
    """An agent who speaks."""

    name: str = ""
    """Empty when contacts are not told."""
    number: int = 0
    """Number among the agents without a name, counted from 1; 0 for one with a name."""

    @property
    def called(self) -> str:
        """Displayed name in the terminal."""
        return self.name or (f"agent {self.number}" if self.number > 1 else "agent")


class Heard(Value):
    """One event of the stream."""

    id: str
    """Id to resume from after a broken connection."""
    kind: Literal["opened", "received", "message", "joined", "left", "ended"]
    at: AwareDatetime
    protocol: str = ""
    message_id: str = ""
    """Id of a received message: `say` has returned it."""
    text: str = ""
    choice: str | None = None
    options: tuple[Option, ...] = ()
    links: tuple[Link, ...] = ()
    files: tuple[File, ...] = ()
    location: Location | None = None
    contact_card: ContactCard | None = None
    agent: Agent | None = None
    """The agent who spoke, joined or left; None for the bot."""

    @property
    def speaker(self) -> str:
        """Displayed name of the agent or the bot."""
        return "bot" if self.agent is None else self.agent.called

    @property
    def words(self) -> str:
        """The message as lines of text, with the link of a place, and its links."""
        said = Content(text=self.text, location=self.location, contact_card=self.contact_card).words
        place = [self.location.link] if self.location else []
        return "\n".join([said, *place, *(link.words for link in self.links)])


class Visitor:
    """One visitor of the web chat of one account."""

    def __init__(self, http: httpx.AsyncClient, url: str, account: str, referral: str = "") -> None:
        self.url = url.rstrip("/")
        self.account = account
        self.token = ""
        self._referral = referral
        self._session = ""
        self._http = http

    async def enter(self, name: str = "", resume: str = "") -> bool:
        """Open a session, or go on with that of the token *resume*; say whether it goes on."""
        answer = await self._post(f"/webchat/{self.account}/sessions", {"name": name, "resume": resume})
        self.token, self._session = str(answer["token"]), str(answer["session"])
        return bool(answer.get("resumed"))

    async def say(self, text: str = "", choice: str | None = None) -> str:
        """Send a message, or tap an option; the gateway has it on disk when this returns. Return its message id.

        One id for all attempts: a message whose answer was lost is sent again, and counts once.
        """
        own = secrets.token_hex(12)
        said = {"text": text, "choice": choice, "referral": self._referral}
        posted = {"id": own, **{key: value for key, value in said.items() if value}}
        await self._post(f"/webhooks/webchat/{self.account}", posted)
        return message_id(self.account, "message", f"{self._session}:{own}")

    async def hear(self, after: str = "", broken: Callable[[], None] | None = None) -> AsyncGenerator[Heard]:
        """Yield the events after *after*, for ever; a broken connection is made again.

        *broken* is called when the connection is lost.
        """
        failures = 0
        while True:
            try:
                async with aclosing(self._stream(after)) as events:
                    async for event in events:
                        failures = 0
                        after = event.id
                        yield event
            except httpx.HTTPError:
                if failures == 0 and broken is not None:
                    broken()
                failures += 1
            await asyncio.sleep(AGAIN[min(failures, len(AGAIN) - 1)])

    async def fetch(self, file: File, folder: Path) -> Path:
        """Download *file* into *folder*, and return where it is."""
        try:
            answer = await self._http.get(httpx.URL(self.url).join(file.url), timeout=TIMEOUT)
        except httpx.HTTPError as error:
            raise OperatorError(f"file {file.name!r} could not be fetched: {type(error).__name__}") from error
        if not answer.is_success:
            raise OperatorError(f"file {file.name!r} could not be fetched: status {answer.status_code}")
        path = folder / (Path(file.name).name or "file")
        await asyncio.to_thread(_write, path, answer.content)
        return path

    async def _stream(self, after: str) -> AsyncGenerator[Heard]:
        headers = {"Authorization": f"Bearer {self.token}", **({"Last-Event-ID": after} if after else {})}
        path = f"{self.url}/webchat/{self.account}/events"
        async with self._http.stream("GET", path, headers=headers, timeout=TIMEOUT) as answer:
            if answer.status_code == UNAUTHORIZED:
                raise OperatorError("the session has expired: begin a new one with --new")
            answer.raise_for_status()
            async for event in _events(answer.aiter_lines()):
                yield event

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        for pause in (*AGAIN, None):
            try:
                answer = await self._http.post(f"{self.url}{path}", json=body, headers=headers, timeout=TIMEOUT)
            except httpx.TransportError as error:
                if pause is None or not self.token:
                    raise OperatorError(f"no gateway answers at {self.url}: `prosa up` starts one") from error
                await asyncio.sleep(pause)
                continue
            if answer.is_success:
                found: dict[str, Any] = answer.json()
                return found
            if pause is None or (answer.status_code != TOO_MANY and not answer.is_server_error):
                raise OperatorError(f"the gateway at {self.url} says {answer.status_code}: {answer.text[:300]}")
            await asyncio.sleep(max(pause, float(answer.headers.get("retry-after", 0))))
        raise AssertionError  # the last pause is None


async def _events(lines: AsyncIterator[str]) -> AsyncGenerator[Heard]:
    """Read server-sent events: fields up to an empty line; comments and `retry` are skipped."""
    fields: dict[str, str] = {}
    async for line in lines:
        if line.startswith(":"):
            continue
        if line:
            name, _, value = line.partition(":")
            fields[name] = value.removeprefix(" ")
            continue
        if "data" in fields and "id" in fields:
            facts = json.loads(fields["data"])
            yield Heard.model_validate({**facts, "id": fields["id"], "kind": fields.get("event", "")})
        fields = {}


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
