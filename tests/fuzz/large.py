"""Bodies of nearly 1 MiB that cost as much as they can."""

import json
import random
from collections.abc import Callable, Mapping
from typing import Final

SIZE: Final = 1_000_000
"""Bytes; a request may have 1 MiB."""


def draw(chance: random.Random, name: str) -> tuple[str, bytes]:
    """Return a large body in words, and itself; *name* is that of its message, if it has one."""
    what = chance.choice([*KINDS])
    return what, KINDS[what](name)[: SIZE + 48_000]


def _items(item: str) -> bytes:
    return f'{{"items":[{",".join([item] * (SIZE // (len(item) + 1)))}]}}'.encode()


def _field(field: str, value: str) -> bytes:
    return f'{{"type":"message","id":"large","from":"large","text":"oi",{json.dumps(field)}:{value}}}'.encode()


def _string(field: str, unit: str) -> Callable[[str], bytes]:
    return lambda name: _field(field, '"' + unit * (SIZE // len(unit.encode())) + '"').replace(
        b"large", name.encode(), 1
    )


KINDS: Final[Mapping[str, Callable[[str], bytes]]] = {
    "messages": lambda name: json.dumps(
        {"items": [{"type": "message", "id": f"{name}-{n}", "from": f"c{n}", "text": "oi"} for n in range(15_000)]}
    ).encode(),
    "messages of one contact": lambda name: json.dumps(
        {"items": [{"type": "message", "id": f"{name}-{n}", "from": "one", "text": "oi"} for n in range(15_000)]}
    ).encode(),
    "reports": lambda name: json.dumps(
        {"items": [{"type": "status", "id": f"{name}-{n}", "state": "read"} for n in range(18_000)]}
    ).encode(),
    "numbers for items": lambda _: _items("0"),
    "lists for items": lambda _: _items("[]"),
    "objects for items": lambda _: _items("{}"),
    "messages without an id": lambda _: _items('{"type":"message"}'),
    "types that nobody knows": lambda _: _items('{"type":"x"}'),
    "empty files of one message": lambda _: _field("files", "[" + ",".join(['{"data":""}'] * (SIZE // 12)) + "]"),
    "files of one message, a byte each": lambda _: _field(
        "files",
        "[" + ",".join(f'{{"name":"{n}","data":"{n:04d}"}}' for n in range(10_000)) + "]",
    ),
    "numbers for files": lambda _: _field("files", "[" + ",".join("0" * (SIZE // 2)) + "]"),
    "keys that nobody knows": lambda _: _field("x", "{" + ",".join(f'"{n:08}":0' for n in range(80_000)) + "}"),
    "one key again and again": lambda _: b"{" + b",".join([b'"id":"a"'] * (SIZE // 9)) + b"}",
    "opening brackets": lambda _: b"[" * SIZE,
    "a list in a list": lambda _: b"[" * (SIZE // 2) + b"]" * (SIZE // 2),
    "an object in an object": lambda _: b'{"a":' * (SIZE // 6) + b"1" + b"}" * (SIZE // 6),
    "short lists": lambda _: b"[" + b",".join([b"[]"] * (SIZE // 3)) + b"]",
    "blanks": lambda _: b" " * SIZE,
    "backslashes": lambda _: _field("text", '"' + "\\\\" * (SIZE // 2) + '"'),
    "digits": lambda _: _field("text", "9" * SIZE),
    "digits after a point": lambda _: _field("text", "0." + "3" * SIZE),
    "zeros of an exponent": lambda _: _field("text", "1e" + "0" * SIZE + "1"),
    "escaped letters": _string("text", "\\u00e9"),
    "escaped halves of pairs": _string("text", "\\ud800"),
    "emoji": _string("text", "👩‍👧"),
    "accents upon a letter": _string("text", "\u0301"),
    "letters in a name": _string("name", "a"),
    "a language": _string("language", "a-"),
    "a referral": _string("referral", " "),
    "a choice": _string("choice", "1"),
    "a moment": _string("at", "2026-"),
    "a type": _string("type", "m"),
    "an id": _string("id", "a"),
    "something like e-mail addresses": _string("text", "a.b@c."),
    "something like telephone numbers": _string("text", "+55 49 9 8888-"),
    "base64 that is none": lambda _: _field("files", '[{"name":"a","data":"' + "=A" * (SIZE // 2) + '"}]'),
    "one file": lambda _: _field("files", '[{"name":"a","mime":"image/png","data":"' + "AAAA" * (SIZE // 4) + '"}]'),
    "a type of a file": lambda _: _field("files", '[{"mime":"a/' + "a." * (SIZE // 2) + '","data":""}]'),
    "text in UTF-32": lambda _: _field("text", '"' + "a" * (SIZE // 4 - 100) + '"').decode().encode("utf-32"),
}
"""What there is of it, and a function that makes it for a name."""
