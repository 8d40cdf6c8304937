"""Requests whose form is odd: methods, paths, headers, hosts, bodies in pieces; some are no HTTP."""

import random
from collections.abc import Callable
from typing import Final

from tests.fuzz.doors import API, FRONT, SECRETS, SITE, Attack, Doors, bearer, sign
from tests.fuzz.odd_http import HEADERS, HOSTS, METHODS, PATHS, VALUES
from tests.fuzz.wire import Raw

_LENGTHS: Final = {"content-length", "transfer-encoding"}
"""Headers by which a request may go on after its end."""


class Shapes:
    """Draws forms of requests, the same for the same chance."""

    def __init__(self, chance: random.Random, doors: Doors) -> None:
        self._chance = chance
        self._doors = doors

    def draw(self) -> Attack:
        """Return the next request."""
        kinds: dict[Callable[[], Attack], int] = {
            self._head: 40,
            self._known: 20,
            self._body_in_pieces: 15,
            self._length: 10,
            self._no_http: 10,
            self._many_headers: 5,
        }
        return self._chance.choices([*kinds], [*kinds.values()])[0]()

    def _head(self) -> Attack:
        """One or two things are odd, at any address."""
        pick = self._chance.choice
        method = pick(METHODS) if self._chance.random() < 0.4 else pick(("GET", "POST", "HEAD", "OPTIONS"))
        return self._written(method, pick(PATHS), self._odd_headers(), pick(("", "", "{}", "a" * 50)).encode())

    def _known(self) -> Attack:
        """A right address with a right credential, and odd headers."""
        visitor = self._doors.visitor()
        method, path, headers = self._chance.choice(
            (
                ("GET", f"/webchat/{SITE}/events", bearer(visitor.token)),
                ("HEAD", f"/webchat/{SITE}/events", bearer(visitor.token)),
                ("GET", f"/webchat/{SITE}", {}),
                ("POST", f"/webchat/{SITE}/files?name=a.png", bearer(visitor.token)),
                ("POST", f"/webhooks/webchat/{SITE}", bearer(visitor.token)),
                ("POST", "/conversations", bearer(API)),
                ("POST", f"/webhooks/http/{FRONT}", sign(SECRETS[FRONT], b"{}")),
                ("GET", f"/webhooks/http/{FRONT}", sign(SECRETS[FRONT], b"")),
                ("GET", self._doors.link, {}),
                (
                    "GET",
                    self._doors.link + "&view=1",
                    {"range": "bytes=" + "0-,-1,1-2," * self._chance.choice((1, 6_000))},
                ),
                ("OPTIONS", f"/webhooks/webchat/{SITE}", {"origin": "https://www.example.com"}),
            )
        )
        return self._written(method, path, [*headers.items(), *self._odd_headers()], b"{}" if method == "POST" else b"")

    def _body_in_pieces(self) -> Attack:
        pick = self._chance.choice
        size = pick(("1", "0001", "F", "f;" + "a" * 400, '1;x="\r\n"', "-1", "", "FFFFFFFFFFFFFFFFF", "1 ", "g", "0x1"))
        end = pick(
            ("0\r\n\r\n", "0\r\nx: y\r\n\r\n", "0\r\n" + "x: y\r\n" * 3_000 + "\r\n", "", "0\r\n", "00000\r\n\r\n")
        )
        body = f"{size}\r\na\r\n" * self._chance.randint(0, 40) + end
        headers = [("transfer-encoding", pick(("chunked", "Chunked", "chunked, gzip", "xchunked", "\tchunked")))]
        if self._chance.random() < 0.3:
            headers.append(("content-length", "5"))
        method = pick(("POST", "POST", "POST", "HEAD", "GET"))
        return self._written(method, pick(PATHS[20:40]), headers, body.encode(), sized=False)

    def _length(self) -> Attack:
        """The body is not as long as it says."""
        length = self._chance.choice(
            ("0", "1", "5", "-5", "+5", "5, 5", "5, 6", "1e3", "9" * 30, "1048577", "999999999", "٥")
        )
        return self._written(
            "POST", self._chance.choice(PATHS), [("content-length", length)], b"{}\r\n\r\n", sized=False
        )

    def _no_http(self) -> Attack:
        content = self._chance.choice(
            (
                b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
                b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(40),
                b"GET /health\r\n\r\n",
                b"GET /health HTTP/0.9\r\n\r\n",
                b"GET /health HTTP/1.0\r\n\r\n",
                b"GET /health HTTP/2\r\nhost: a\r\n\r\n",
                b"GET  /health  HTTP/1.1\r\nhost: a\r\n\r\n",
                b"GET /health HTTP/1.1\nhost: a\n\n",
                b"\r\n" * 500 + b"GET /health HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n",
                b"GET /health HTTP/1.1\r\nhost: a\r\n folded\r\n\r\n",
                b"GET /health HTTP/1.1\r\nhost : a\r\n\r\n",
                b"GET /health HTTP/1.1\r\nnothing\r\n\r\n",
                b"GET /health HTTP/1.1\r\nhost: a\r\nhost: b\r\nconnection: close\r\n\r\n",
                b"GET /health HTTP/1.1\r\nhost: a\r\n\r\n" * 40,
                b"POST /health HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\n\r\nabcdGET / HTTP/1.1\r\nhost: a\r\n\r\n",
                b"QUIT\r\n\r\n",
                b"\0" * 300,
                self._chance.randbytes(900),
                b"a" * 70_000,
                b"GET /health HTTP/1.1\r\nhost: a\r\nx: " + b"a" * 70_000,
            )
        )
        return Attack(f"no HTTP {content[:60]!r}", Raw("GET", content), complete=False)

    def _many_headers(self) -> Attack:
        name, value = self._chance.choice(HEADERS), self._chance.choice(VALUES)[:20]
        many = [(name, value)] * self._chance.choice((2, 100, 900, 5_000))
        return self._written("GET", self._chance.choice(PATHS), many, b"")

    def _odd_headers(self) -> list[tuple[str, str]]:
        pick = self._chance.choice
        return [(pick(HEADERS), pick(VALUES)) for _ in range(self._chance.choice((0, 1, 1, 2, 2, 4)))]

    def _written(
        self, method: str, path: str, headers: list[tuple[str, str]], body: bytes, *, sized: bool = True
    ) -> Attack:
        host = self._chance.choice(HOSTS) if self._chance.random() < 0.25 else "127.0.0.1"
        lines = [f"{method} {path} HTTP/1.1", f"host: {host}", *(f"{name}: {value}" for name, value in headers)]
        if sized and body:
            lines.append(f"content-length: {len(body)}")
        head = "\r\n".join([*lines, "connection: close", "", ""]).encode("utf-8", "replace")
        said = ", ".join(f"{name[:24]}: {value[:50]!r}" for name, value in headers[:4])
        complete = sized and not _LENGTHS & {name for name, _ in headers}
        what = f"{method[:20]!r} {path[:60]!r} of {host[:30]!r} with {said}"
        return Attack(what, Raw(method, head + body), complete=complete)
