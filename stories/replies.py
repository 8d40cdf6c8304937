"""The answers of outside systems while a story is played, call by call."""

import hashlib
import mimetypes
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from pydantic import JsonValue

from domain.call import Call
from domain.effect import FindPlace
from domain.message import FileRef
from domain.people import Place
from stories.given import QUEUE, Given, Reply

SIZE: Final = 2_048
"""Bytes that a file of a story is said to have."""


class Replies:
    """Gives each call its answer; a call that is repeated has the same one again."""

    def __init__(self, given: Mapping[str, Given]) -> None:
        self.calls: list[Call[Any]] = []
        """Every call, in order."""
        self._given = given
        self._numbers = Counter[str]()
        self._kept: dict[str, Reply | None] = {}

    def reply(self, effect: Call[Any]) -> Reply | None:
        """Return the answer to *effect*; None when the story has none for it."""
        if effect.key not in self._kept:
            self.calls.append(effect)
            self._numbers[name := effect.called] += 1
            given = self._given.get(name)
            self._kept[effect.key] = given.reply(self._numbers[name]) if given else None
        return self._kept[effect.key]

    def place(self, effect: FindPlace) -> Place:
        """Return where the story says that the conversation stands in the queue; next, when it does not say."""
        name = f"{QUEUE}.{effect.queue}"
        key = f"{name}@{effect.at.isoformat()}"
        if key not in self._kept:
            self._numbers[name] += 1
            given = self._given.get(name)
            self._kept[key] = given.reply(self._numbers[name]) if given else None
        reply = self._kept[key]
        return reply.place() if reply else Place()

    def lacks(self, effect: Call[Any]) -> str:
        """Return in words that there is no answer to *effect*."""
        name = effect.called
        if name in self._given:
            return f"{name} is called {self._numbers[name]} times, and 'given' has fewer answers under 'calls'"
        return f"{name} is called, and 'given' has no answer for it"


def with_files(value: JsonValue) -> JsonValue:
    """Return *value* with files in the place of the stories' short form: `{file: boleto.pdf}`."""
    if isinstance(value, dict):
        if value.keys() == {"file"} and isinstance(name := value["file"], str):
            return file(name).model_dump(mode="json")
        return {key: with_files(inner) for key, inner in value.items()}
    return [with_files(inner) for inner in value] if isinstance(value, list) else value


def file(name: str) -> FileRef:
    """Return a file that exists by its name only."""
    mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return FileRef(id=hashlib.sha256(name.encode()).hexdigest(), name=name, mime=mime, size=SIZE)
