"""Odd JSON, as text: what a parser, a database, a terminal or a clock may stumble over."""

import json
import random
from collections.abc import Sequence
from typing import Final

MOMENTS: Final = (
    *("9999-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00", "9999-12-31T23:59:59.999999999Z", "10000-01-01T00:00:00Z"),
    *("0000-00-00T00:00:00Z", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z"),
    *("1969-12-31T23:59:59Z", "2026-02-30T12:00:00Z", "2026-12-01T24:00:00Z", "2026-12-01T23:59:60Z", "-2026-12-01"),
    *("2026-12-01T12:00:00", "2026-12-01T12:00:00+99:99", "2026-12-01T12:00:00+23:59", "2026-W49", "now", "12:00"),
    *("20261201T120000Z", "2026-12-01 12:00:00 UTC", "2026-12-01T12:00:00Z" + "0" * 500, "275760-09-13T00:00:00Z"),
)
NUMBERS: Final = (
    *("0", "-0", "-0.0", "1", "-1", "1e400", "-1e400", "1e-400", "0.1", "1E+2", "9007199254740993", "-9.5e300"),
    *(str(2**31), str(2**32), str(-(2**63)), str(2**63), str(2**64), str(10**40), "1" + "0" * 400, "2e308"),
    *("4" * 4_299, "4" * 4_301, "7" * 30_000, "0." + "3" * 5_000, "1e" + "9" * 50, "253402300800", "-62135596801"),
)
NOT_JSON: Final = ("NaN", "Infinity", "-Infinity", "01", "+1", ".5", "1.", "0x10", "nul", "'a'", "undefined", "{", "]")
_STRANGE: Final = (
    *("", " ", "\0", "a\0b", "\ud800", "\udfff\ud800", "a\ud83d", "\x1b]0;owned\x07", "\x1b[2J\x1b[31m", "\x9b31m"),
    *("\u202eexe.fdp", "\u2066a\u2069", "\u200b", "\ufeff", "\ufffe", "\uffff", "\u2028\u2029", "\r\nset-cookie: a=b"),
    *(
        "a" + "\u0301" * 2_000,
        "👩‍👩‍👧‍👦" * 50,
        "\U0010ffff",
        "İıſK",
        "ﷺ" * 40,
        "ß" * 300,
        "\x7f\x80\x85\x9f",
        "ａｄｍｉｎ",
    ),
    *("{{ 7 * 7 }}", "{% for a in b %}", "${jndi:ldap://x/a}", "%s%s%s%n", "{0.__class__}", "'; DROP TABLE inbox;--"),
    *(
        "<script>alert(1)</script>",
        "]]>",
        "<!--",
        "../../../etc/passwd",
        "..\\..\\x",
        "C:\\aux",
        "/dev/null",
        "file://x",
    ),
    *(
        "secret://front",
        "não",
        "-1",
        "1e999",
        "000.000.000-00",
        "1" * 600,
        "a" * 513,
        "_" * 65,
    ),
    *(
        "__proto__",
        "constructor",
        "True",
        "null",
        "[]",
        '{"a":1}',
        "=1+1",
        "@SUM(A1)",
        "\\",
        '"',
        "\\u0000",
        "%00",
        "%0d%0a",
    ),
    *("x" * 16_385, "é" * 9_000, "9" * 4_000, "a@" + "b" * 3_000, ("1.1." * 700) + "x", " " * 20_000, "(" * 3_000),
)


class Odd:
    """Draws odd JSON, the same for the same chance."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def value(self, depth: int = 3) -> str:
        """Return any JSON value."""
        kinds = [self.string, self.number, self.moment, self.word]
        if depth:
            kinds += [lambda: self.array(depth - 1), lambda: self.object_(depth - 1)]
        return self.chance.choice(kinds)()

    def text(self) -> str:
        """Return an odd text, halves of UTF-16 pairs included."""
        chance = self.chance
        if chance.random() < 0.6:
            return chance.choice(_STRANGE)
        letters = (
            chance.choice((0x20, 0x100, 0x3000, 0xD800, 0xE000, 0x1F300)) + chance.randrange(0x100) for _ in range(9)
        )
        return "".join(map(chr, letters)) * chance.choice((1, 1, 1, 30, 300))

    def string(self) -> str:
        """Return an odd string, with escapes or without where it can be without."""
        return spell(self.text(), escaped=self.chance.random() < 0.6)

    def number(self) -> str:
        """Return a number; most readers know no such one."""
        return self.chance.choice(NUMBERS)

    def moment(self) -> str:
        """Return a moment that is none, or lies where clocks end."""
        return json.dumps(self.chance.choice(MOMENTS))

    def word(self) -> str:
        """Return one of the three words of JSON."""
        return self.chance.choice(("true", "false", "null"))

    def array(self, depth: int) -> str:
        """Return a list."""
        return f"[{','.join(self.value(depth) for _ in range(self.chance.randrange(4)))}]"

    def object_(self, depth: int) -> str:
        """Return an object; some have a key twice."""
        chance = self.chance
        pairs = [(self.text()[:200], self.value(depth)) for _ in range(chance.randrange(4))]
        return object_of(pairs + pairs[:1] if chance.random() < 0.3 else pairs)

    def nested(self, depth: int) -> str:
        """Return something *depth* levels deep, valid JSON."""
        opening, closing = self.chance.choice((("[", "]"), ('{"a":', "}"), ('[{"b":[', "]}]")))
        return opening * depth + ("null" if opening.endswith(":") else "1") + closing * depth

    def broken(self) -> str:
        """Return what is no JSON, though some readers take it."""
        return self.chance.choice(NOT_JSON)


def object_of(pairs: Sequence[tuple[str, str]]) -> str:
    """Return an object of keys and values that are JSON text already."""
    return "{" + ",".join(f"{spell(key, escaped=True)}:{value}" for key, value in pairs) + "}"


def spell(text: str, *, escaped: bool) -> str:
    """Return *text* as JSON; halves of pairs only as escapes, as UTF-8 has none."""
    broken = any(0xD800 <= ord(letter) < 0xE000 for letter in text)
    return json.dumps(text, ensure_ascii=escaped or broken)
