"""Bodies of requests: right ones with something odd in them, and what is no body of that door at all."""

import base64
import codecs
import json
import random
from collections.abc import Mapping
from typing import Final

from tests.fuzz import files, large
from tests.fuzz.doors import FLOW, FRONT, SITE, Attack, Doors, Row, message
from tests.fuzz.values import Odd, object_of, spell

_MESSAGE: Final = (
    *("type", "id", "from", "name", "text", "choice", "files", "location", "language", "referral", "missed_call", "at"),
    *("latitude", "items", "state", "reason", "", "__proto__"),
)
_ENCODINGS: Final = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "utf-7", "latin-1", "cp037")


class Bodies:
    """Draws bodies for all doors, the same for the same chance."""

    def __init__(self, chance: random.Random, doors: Doors) -> None:
        self._chance = chance
        self._doors = doors
        self._odd = Odd(chance)

    def draw(self) -> Attack:
        """Return the next request."""
        kinds = {
            self._message: 30,
            self._batch: 15,
            self._status: 6,
            self._whole: 12,
            self._chat: 14,
            self._sessions: 5,
            self._programs: 8,
            self._callback: 8,
            self._upload: 8,
            self._large: 3,
        }
        return self._chance.choices([*kinds], [*kinds.values()])[0]()

    def _message(self) -> Attack:
        pairs = self._spoilt(message(self._doors.name(), self._sender()), _MESSAGE)
        return Attack(_shown("message", pairs), self._doors.front(self._written(object_of(pairs))))

    def _batch(self) -> Attack:
        """Odd items of any kind, all of them JSON, between right messages."""
        items: list[str] = []
        kept: list[Row] = []
        for _ in range(self._chance.randint(1, 4)):
            name = self._doors.name()
            items.append(json.dumps(message(name, self._sender())))
            kept.append(Row(FRONT, name))
            items.append(self._item())
        body = object_of([("items", f"[{','.join(items)}]")]).encode()
        return Attack(f"batch {body[:300]!r}", self._doors.front(body), tuple(kept))

    def _item(self) -> str:
        if self._chance.random() < 0.3:
            return self._odd.value() if self._chance.random() < 0.8 else self._odd.nested(self._chance.randint(4, 120))
        return object_of(self._spoilt(message(self._doors.name(), self._sender()), _MESSAGE))

    def _status(self) -> Attack:
        state = self._chance.choice(("sent", "delivered", "read", "failed", "queued", ""))
        pairs = self._spoilt({"type": "status", "id": self._doors.name(), "state": state}, _MESSAGE)
        return Attack(_shown("status", pairs), self._doors.front(self._written(object_of(pairs))))

    def _whole(self) -> Attack:
        body = self._nonsense()
        door = self._chance.randrange(5)
        raw = (
            self._doors.front(body),
            self._doors.chat(body, self._doors.visitor()),
            self._doors.sessions(body),
            self._doors.programs(body, self._doors.name()),
            self._doors.callback(body),
        )[door]
        return Attack(f"nonsense at door {door}: {body[:200]!r}", raw)

    def _chat(self) -> Attack:
        visitor = self._doors.visitor()
        pairs = self._spoilt({"id": self._doors.name(), "text": "oi"}, (*_MESSAGE, "file"))
        return Attack(_shown("chat", pairs), self._doors.chat(self._written(object_of(pairs)), visitor))

    def _sessions(self) -> Attack:
        visitor = self._doors.visitor()
        right = {"name": "Ana", "resume": visitor.token, "code": self._odd.text()[:200]}
        pairs = self._spoilt(right, (*right, "session", "x"))
        body = self._written(object_of(pairs))
        doors = (
            self._doors.sessions(body),
            self._doors.links(body, visitor, "/look"),
            self._doors.links(body, visitor),
        )
        return Attack(_shown("session", pairs), self._chance.choice(doors))

    def _programs(self) -> Attack:
        account = self._chance.choice((FRONT, FRONT, SITE, "nobody"))
        right = {"account": account, "address": self._sender(), "flow": FLOW, "name": "Ana", "by": "crm"}
        pairs = self._spoilt(right, (*right, "template", "parameters", "inputs", "reason"))
        if self._chance.random() < 0.5:
            inputs = object_of([("plan", self._odd.value()), ("months", self._odd.value()), ("any", self._odd.value())])
            pairs.append(("inputs", inputs))
        body = self._written(object_of(pairs))
        return Attack(_shown("opening", pairs), self._doors.programs(body, self._doors.name()))

    def _callback(self) -> Attack:
        value = self._odd.nested(self._chance.randint(4, 1_200)) if self._chance.random() < 0.1 else self._odd.value()
        return Attack(f"callback {value[:200]!r}", self._doors.callback(self._written(value)))

    def _upload(self) -> Attack:
        what, content, mime = files.draw(self._chance)
        name = self._odd.text()[:300]
        return Attack(f"upload {what} {name!r:.80}", self._doors.upload(content, self._doors.visitor(), name, mime))

    def _large(self) -> Attack:
        what, body = large.draw(self._chance, self._doors.name())
        raw = self._doors.front(body) if self._chance.random() < 0.7 else self._doors.chat(body, self._doors.visitor())
        return Attack(f"1 MiB of {what}", raw)

    def _sender(self) -> str:
        return f"contact-{self._chance.randrange(500)}"

    def _spoilt(self, right: Mapping[str, str], names: tuple[str, ...]) -> list[tuple[str, str]]:
        """Return the fields of a right body as JSON, some of them odd, some twice, some missing."""
        pairs = [(name, spell(value, escaped=True)) for name, value in right.items()]
        wrong = (self._chance.choice(names) for _ in range(self._chance.randint(1, 3)))
        pairs += [(name, self._fitting(name) if self._chance.random() < 0.4 else self._field()) for name in wrong]
        if self._chance.random() < 0.2:
            del pairs[self._chance.randrange(len(pairs))]
        return pairs

    def _fitting(self, name: str) -> str:
        """Return a value of the kind that *name* has."""
        if name == "at":
            return self._odd.moment()
        if name == "location":
            pairs = [(key, self._odd.number()) for key in ("latitude", "longitude")]
            return object_of([*pairs, ("name", self._odd.string()), ("address", self._odd.string())])
        return f"[{self._file()}]" if name == "files" else self._odd.string()

    def _field(self) -> str:
        number = self._odd.number
        return self._chance.choice(
            (
                *(self._odd.string, self._odd.string, self._odd.moment, number, self._odd.value),
                lambda: self._fitting("location"),
                lambda: f"[{','.join(self._file() for _ in range(9))}]",
            )
        )()

    def _file(self) -> str:
        content = base64.b64encode(self._odd.text().encode("utf-8", "replace")[:600]).decode()
        data = spell(content, escaped=True) if self._chance.random() < 0.8 else self._odd.value(1)
        mime = self._chance.choice(('"image/png"', '"application/pdf"', '"text/html"', self._odd.string()))
        return object_of([("name", self._odd.string()), ("mime", mime), ("data", data)])

    def _written(self, text: str) -> bytes:
        """Return *text* as bytes, rarely in an encoding that JSON does not have."""
        if self._chance.random() < 0.93:
            return text.encode("utf-8", "surrogatepass")
        return codecs.encode(text, self._chance.choice(_ENCODINGS), "replace")

    def _nonsense(self) -> bytes:
        chance = self._chance
        text = self._odd.value()
        return chance.choice(
            (
                lambda: b"",
                lambda: b" \t\r\n" * chance.randint(1, 1_000),
                lambda: chance.randbytes(chance.randint(1, 3_000)),
                lambda: self._odd.broken().encode(),
                lambda: text.encode()[: chance.randint(0, len(text))],
                lambda: text.encode() + self._odd.broken().encode(),
                lambda: self._odd.nested(chance.randint(500, 20_000)).encode(),
                lambda: (b"[" if chance.random() < 0.5 else b'{"a":') * chance.randint(500, 20_000),
                lambda: text.encode("utf-16" if chance.random() < 0.5 else "utf-32"),
                lambda: b"a=1&b=%00&c[]=\xff",
                lambda: files.multipart(text.encode(), "x.json", "application/json"),
                text.encode,
            )
        )()


def _shown(door: str, pairs: list[tuple[str, str]]) -> str:
    return f"{door} " + ", ".join(f"{name[:20]}={value[:60]}" for name, value in pairs)
