"""`make docs`: list the licences of the packages that an installation of Prosa has, in THIRD_PARTY.md."""

import re
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "THIRD_PARTY.md"
BEGIN: Final = "<!-- packages: written by `make docs` -->\n"
_SPDX: Final = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.1-or-later",
    "ISC License": "ISC",
    "ISC License (ISCL)": "ISC",
    "LGPL": "LGPL-2.1-or-later",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "PSFL": "PSF-2.0",
}
"""What packages of before PEP 639 write, as SPDX names it."""
_READ: Final = {
    "colorama": "BSD-3-Clause",  # Windows alone
    "python-dateutil": "Apache-2.0 OR BSD-3-Clause",
    "quickjs-ng": "MIT",  # its metadata names none: read in its LICENSE, as for resvg-py
    "resvg-py": "MIT",
    "tzdata": "Apache-2.0",  # Windows alone
    "uvloop": "MIT OR Apache-2.0",
}
"""What no metadata here tells."""
ALLOWED: Final = frozenset(
    {
        "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "LGPL-2.1-or-later", "LGPL-3.0-only", "MIT", "MIT-CMU",
        "MPL-2.0", "PSF-2.0",
    }
)  # fmt: skip
"""Licences under which a package may be used unchanged in a product of any licence."""


def shipped() -> list[str]:
    """Return the names of the packages of `requirements-run.lock`, sorted."""
    lock = (ROOT / "requirements-run.lock").read_text(encoding="utf-8")
    return sorted(re.findall(r"^([a-z0-9][a-z0-9._-]*)==", lock, re.MULTILINE))


def licences() -> Mapping[str, str]:
    """Return the licence of each package in SPDX's words; empty where it cannot be told."""
    return {name: _READ.get(name) or _declared(name) for name in shipped()}


def _declared(name: str) -> str:
    found = metadata.metadata(name)

    def told(field: str) -> list[str]:
        return found.get_all(field) or []

    if expression := told("License-Expression"):
        return expression[0]
    classifiers = [one.rpartition(" :: ")[2] for one in told("Classifier") if one.startswith("License :: ")]
    for said in (*told("License"), *classifiers):
        spdx = _SPDX.get(said, said)
        if set(re.split(r" (?:AND|OR|WITH) ", spdx)) <= ALLOWED:
            return spdx
    return ""


def table() -> str:
    """Return the table of packages and licences in Markdown."""
    rows = [f"| {name} | {licence} |" for name, licence in licences().items()]
    return "\n".join(["| package | licence |", "|---|---|", *rows, ""])


def main() -> None:
    """Write the table into the page."""
    before, _, _ = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    PAGE.write_text(before + BEGIN + "\n" + table(), encoding="utf-8")


if __name__ == "__main__":
    main()
