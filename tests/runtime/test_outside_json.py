import json

import pytest
from pydantic import JsonValue

from runtime import outside_json

KEPT: list[JsonValue] = [None, "é\\u0000", -1.5e300, 10**400, {"a": [1, "\x01"]}, "\\" * 9]


@pytest.mark.parametrize("value", KEPT)
def test_what_can_be_kept_is_read_as_it_is(value: JsonValue) -> None:
    assert outside_json.read(json.dumps(value)) == value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32-be"])
@pytest.mark.parametrize(
    ("written", "why"),
    [
        (r'["a\u0000"]', "without NUL"),
        (r'{"\\\u0000": 1}', "without NUL"),
        ("[1e400]", "beyond"),
        ('{"a": -1e999}', "beyond"),
        (r'"\ud800"', "expected JSON$"),
        ("NaN", "expected JSON$"),
        ("[-Infinity]", "expected JSON$"),
        ("[" * 100_000, "expected JSON$"),
        ("9" * 5_000, "expected JSON$"),
        ("", "expected JSON$"),
        ("nope", "expected JSON$"),
    ],
)
def test_what_nobody_keeps_is_refused_with_its_reason(written: str, why: str, encoding: str) -> None:
    with pytest.raises(ValueError, match=why):
        outside_json.read(written.encode(encoding))


def test_bytes_in_no_encoding_of_json_are_refused() -> None:
    with pytest.raises(ValueError, match=r"expected JSON$"):
        outside_json.read(b'"\xff\xfe\xfd"')
