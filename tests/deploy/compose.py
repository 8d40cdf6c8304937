"""What docker-compose.yml and the Dockerfile say, read as docker would."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).resolve().parents[2]
_VARIABLE: Final = re.compile(r"\$\{(?P<name>\w+)(?::(?P<kind>[-?])(?P<rest>[^}]*))?\}")


def composed(variables: Mapping[str, str]) -> dict[str, Any]:
    """Return docker-compose.yml with *variables* filled in; KeyError for one that is required and not given."""
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")

    def fill(match: re.Match[str]) -> str:
        if match["kind"] == "-":
            return variables.get(match["name"], match["rest"])
        return variables[match["name"]]

    return yaml.safe_load(_VARIABLE.sub(fill, text))


def dockerfile() -> list[tuple[str, str]]:
    """Return the instructions of the Dockerfile: (`COPY`, its arguments)."""
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    written = [line.partition(" ") for line in lines if line and not line.startswith("#")]
    return [(word, rest) for word, _, rest in written]


def seconds(length: str) -> int:
    """Return the seconds of `40s` or `2m`."""
    return int(length[:-1]) * {"s": 1, "m": 60}[length[-1]]
