"""Make text from outside harmless where it is shown: terminals, log lines, e-mails and JSON.

The journal keeps what was said; only what people and programs are shown passes through here.
"""

import json
import re
from typing import Any, Final

INSTEAD: Final = "\ufffd"
"""What stands for a character that a terminal or a mail program would obey."""
_HARMFUL: Final = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f"  # C0 without tab and line feed: ESC begins CSI and OSC sequences
    "\x80-\x9f"  # C1: the same sequences in one character
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # direction of writing
    "\u2028\u2029"  # separators of lines and paragraphs
    "\ufff9-\ufffb\ufeff"  # annotations, byte order mark
    "\ud800-\udfff"  # halves of UTF-16 pairs
    "]"
)


def harmless(text: str) -> str:
    """Return *text* with every character that controls a terminal or the direction of writing replaced.

    Tabs and line feeds stay, also those of CR LF.
    """
    return _HARMFUL.sub(INSTEAD, text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    r"""Return *text* harmless and on one line: line feeds are spelled `\n`, so that nobody forges a second line."""
    return harmless(text).replace("\n", "\\n")


def json_text(value: Any, indent: int | None = None) -> str:
    r"""Return *value* as JSON that loses nothing: a harmful character is spelled `\uXXXX`."""
    separators = (",", ":") if indent is None else None
    spelled = json.dumps(value, ensure_ascii=False, indent=indent, separators=separators, default=str)
    return _HARMFUL.sub(lambda found: f"\\u{ord(found[0]):04x}", spelled)
