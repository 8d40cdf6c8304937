"""Requests that nobody has signed, or not like that: each has to be refused."""

import base64
import json
import random
import time
from collections.abc import Callable
from typing import Final

from tests.fuzz.doors import API, FRONT, SECRETS, SITE, Attack, Doors, bearer, message, sign
from tests.fuzz.wire import Raw, request

REFUSALS: Final = frozenset({400, 401, 403, 404, 429})
"""Statuses of which one is the answer to each."""

Headers = dict[str, str]


class Signatures:
    """Draws signatures and tokens that do not fit, the same for the same chance."""

    def __init__(self, chance: random.Random, doors: Doors) -> None:
        self._chance = chance
        self._doors = doors

    def draw(self) -> Attack:
        """Return the next request."""
        kinds: dict[Callable[[], Attack], int] = {
            self._webhook: 6,
            self._token: 3,
            self._program: 1,
            self._callback: 1,
            self._file: 1,
        }
        return self._chance.choices([*kinds], [*kinds.values()])[0]()

    def _webhook(self) -> Attack:
        body = json.dumps(message(self._doors.name(), "forger")).encode()
        what, headers = self._forged(body)
        return Attack(f"webhook {what}", request("POST", f"/webhooks/http/{FRONT}", headers, body))

    def _forged(self, body: bytes) -> tuple[str, Headers]:
        right = sign(SECRETS[FRONT], body)
        signature = right["webhook-signature"]
        when, stamp = self._chance.choice([*_stamps(time.time()).items()])
        flipped = base64.b64decode(signature[3:])
        place = self._chance.randrange(len(flipped))
        flipped = flipped[:place] + bytes([flipped[place] ^ 1 << self._chance.randrange(8)]) + flipped[place + 1 :]
        forged: dict[str, Headers] = {
            "without headers": {},
            "without a signature": right | {"webhook-signature": ""},
            "with the version alone": right | {"webhook-signature": "v1,"},
            "of another account": sign(SECRETS["other"], body),
            "with an empty secret": sign("", body),
            "with the secret's name": sign(f"secret://{FRONT}", body),
            "of another body": sign(SECRETS[FRONT], body + b" "),
            "of no body": sign(SECRETS[FRONT], b""),
            "of another id": right | {"webhook-id": "other"},
            "without an id": right | {"webhook-id": ""},
            f"of the time {when}": sign(SECRETS[FRONT], body, timestamp=stamp),
            f"with the time {when}": right | {"webhook-timestamp": stamp},
            "with a bit turned": right | {"webhook-signature": f"v1,{base64.b64encode(flipped).decode()}"},
            "cut off": right | {"webhook-signature": signature[: self._chance.randint(0, len(signature) - 2)]},
            "of another version": right | {"webhook-signature": signature.replace("v1", "v1a")},
            "in capitals": right | {"webhook-signature": signature.upper()},
            "with nothing but others": right | {"webhook-signature": " ".join([f"v1,{'A' * 43}="] * 900)},
            "with strange letters": right | {"webhook-signature": "v1,é\x80\xff " * 30},
            "with two that join": right | {"webhook-signature": f"{signature[:20]} {signature[20:]}"},
        }
        return self._chance.choice([*forged.items()])

    def _token(self) -> Attack:
        what, token = self._forged_token(self._doors.visitor().token)
        body = json.dumps({"id": self._doors.name(), "text": "oi"}).encode()
        webhook, chat = f"/webhooks/webchat/{SITE}", f"/webchat/{SITE}"
        ways = (f"POST {webhook}", f"GET {chat}/events", f"POST {chat}/files", f"POST {chat}/links")
        method, path = self._chance.choice((*ways, f"POST {chat}/sessions/end")).split()
        raw = request(method, path, bearer(token), body if method == "POST" else b"")
        return Attack(f"token {what} at {path}", raw)

    def _forged_token(self, right: str) -> tuple[str, str]:
        place = self._chance.randrange(len(right) - 1)
        head, _, tail = right.partition(".")
        letter = "A" if right[place] != "A" else "B"
        other = base64.urlsafe_b64encode(json.dumps({"s": "a" * 22, "n": "", "b": 1}).encode()).decode().rstrip("=")
        forged = {
            "with a letter changed": right[:place] + letter + right[place + 1 :],
            "without its end": right[: self._chance.randint(0, len(right) - 8)],
            "of another session": f"{other}.{tail}",
            "without a signature": head,
            "empty": "",
            "of dots": "." * 300,
            "packed": "." + "eJx" * 900 + f".{tail}",
            "twice": right + right,
            "as it is elsewhere": API,
            "strange": "é\x80\xff.\x80.\xff",
            "long": "a" * 50_000,
        }
        return self._chance.choice([*forged.items()])

    def _program(self) -> Attack:
        what, token = self._forged_token(API)
        raw = request("POST", "/conversations", {**bearer(token + "x"), "idempotency-key": "k"}, b"{}")
        return Attack(f"program's token {what}", raw)

    def _callback(self) -> Attack:
        right = self._doors.callback(b"").content.split()[1].decode().rpartition("/")[2]
        what, token = self._forged_token(right)
        safe = "".join(
            letter if letter.isalnum() or letter in ".-_" else "%" + f"{ord(letter):02x}" for letter in token
        )
        return Attack(f"callback's address {what}", request("POST", f"/events/{safe}", {}, b"{}"))

    def _file(self) -> Attack:
        what, token = self._forged_token(self._doors.visitor().token)
        safe = token.encode("latin-1").hex("%") if not token.isascii() else token
        path = f"/files/{'a' * 64}?t={safe}"
        return Attack(f"file's link {what}", Raw("GET", request("GET", path, {}).content))


def _stamps(now: float) -> dict[str, str]:
    """Return times in words, and as the header has them: none of them is right."""
    exact = {"early": f"{int(now) - 400}", "late": f"{int(now) + 400}", "with a fraction": f"{now:.3f}"}
    return exact | {text[:9]: text for text in ("0", "-1", "1e9", "9" * 40, "", " ", "٣", "0" * 5_000)}
