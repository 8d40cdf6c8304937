"""Advice for a file that is no YAML: the parser names what it expected, not the author's mistake."""

from typing import Final

import yaml

_COLUMN: Final = "the line begins in the wrong column, or a text above is missing its closing quote"
_REMEDIES: Final = {
    "mapping values": "put a text that has `: ` in it between quotes; else the line begins in the wrong column",
    "a tab": "move lines in by spaces, never by tabs",
    "cannot start": "put a text that begins with @, % or ` between quotes; move lines in by spaces, never by tabs",
    "alphabetic": "put a text that begins with * or & between quotes",
    "expected ','": "something is missing before the next comma or the closing bracket, or that bracket is",
    "find expected ':'": "a key needs a colon and a blank after it, here or in the line above",
    "escape": "between double quotes a backslash is written twice",
    "expected '-'": f"{_COLUMN}; in a list, each entry begins with `- `, all in one column",
    "expected key": f"{_COLUMN}; put a text that has quotes or braces in it between quotes",
}


def sentence(error: yaml.MarkedYAMLError) -> str:
    """Return the parser's message, the line where it stopped, and the remedy."""
    problem = error.problem or error.context or "something is wrong"
    begun = f", in what begins in line {error.context_mark.line + 1}" if error.context_mark else ""
    remedy = next((f"; {what}" for mark, what in _REMEDIES.items() if mark in problem), "")
    return f"{problem}{begun}{remedy}"
