import json
import unicodedata

import pytest

from runtime.shown import INSTEAD, harmless, json_text, one_line

CONTROLS = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) in {"Cc", "Cs", "Zl", "Zp"}]
BIDI = list("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
HARMFUL = [sign for sign in [*CONTROLS, *BIDI] if sign not in "\t\n"]


def test_every_control_and_every_change_of_direction_is_replaced() -> None:
    assert harmless("".join(HARMFUL)) == INSTEAD * len(HARMFUL)


@pytest.mark.parametrize("text", ["Olá, João!\n\tR$ 1.234,56", "👩‍👧 🇧🇷", "שלום", "é", "a\u200cb"])
def test_what_people_write_stays(text: str) -> None:
    assert harmless(text) == text


def test_the_line_ends_of_windows_are_line_ends() -> None:
    assert harmless("a\r\nb\rc") == f"a\nb{INSTEAD}c"


def test_a_line_feed_begins_no_second_line() -> None:
    assert one_line("oi\n2026 [error] forged") == "oi\\n2026 [error] forged"


@pytest.mark.parametrize("indent", [None, 2])
def test_json_loses_nothing_and_has_nothing_raw(indent: int | None) -> None:
    value = {"".join(BIDI): ".".join(HARMFUL)}
    spelled = json_text(value, indent)
    assert json.loads(spelled) == value
    assert not {*spelled} & {*HARMFUL}
