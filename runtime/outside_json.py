"""JSON from outside that databases, Temporal and other systems can keep."""

import json
import math
import re
from typing import Final, NoReturn

from pydantic import JsonValue

_NUL: Final = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


def read(raw: bytes | str) -> JsonValue:
    """Return the JSON in *raw*; ValueError says, after "expected JSON", what is wrong with it.

    Refused is what one of those who keep it would refuse later, in the middle of a conversation: NUL characters and
    numbers beyond 64 bits of floating point (PostgreSQL), halves of UTF-16 pairs (whoever writes UTF-8).
    """
    try:
        data: JsonValue = json.loads(raw, parse_constant=_refuse, parse_float=_finite)
        written = json.dumps(data, ensure_ascii=False)
        written.encode()
    except _UnkeptError:
        raise
    except (ValueError, RecursionError) as error:
        raise ValueError("expected JSON") from error
    if _NUL.search(written):
        raise _UnkeptError("without NUL characters: no database keeps them")
    return data


class _UnkeptError(ValueError):
    def __init__(self, what: str) -> None:
        super().__init__(f"expected JSON {what}")


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _finite(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise _UnkeptError("without numbers beyond 1.8e308: no database keeps them")
    return value
