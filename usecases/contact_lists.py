"""Lists of contacts: a table with the columns address, name, and the inputs of flow and template."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from domain.errors import AuthorError
from domain.suggestion import nearest_or_all
from flows.checks.inputs import unspoilt
from flows.flow import Variable
from runtime.settings import Settings
from usecases import opening
from usecases.opening import CheckedRequest, OpenRequest

ADDRESS: Final = "address"
NAME: Final = "name"
MOST: Final = 100_000
"""Contacts of one list."""


class Line(NamedTuple):
    """A contact of the list."""

    number: int
    """Of the line, counted from 1; the first has the names of the columns."""
    asked: CheckedRequest


class Refused(NamedTuple):
    """A line of a contact list that cannot open a conversation, and the reason."""

    number: int
    why: str


def read(
    file: Path, settings: Settings, request: OpenRequest, known: Mapping[str, Variable]
) -> tuple[list[Line], list[Refused]]:
    """Return the contacts of *file*, each with its own *request*, and the refused lines; see `opening.checked`.

    AuthorError when the table itself cannot be read.
    """
    columns, *rows = _table(file)
    template = settings.known_templates.get(request.template or "")
    places = template.parameters if template else ()
    lines: list[Line] = []
    refused = [Refused(columns.number, why) for why in _wrong(columns.cells, known, places)]
    first: dict[str, int] = {}
    for row in rows:
        try:
            cells = _cells(columns.cells, row.cells)
            asked = opening.checked(settings, _with_contact(request, cells, known, places), known)
        except AuthorError as error:
            refused.append(Refused(row.number, str(error)))
            continue
        address = asked.request.address
        if (before := first.setdefault(address, row.number)) == row.number:
            lines.append(Line(row.number, asked))
        else:
            refused.append(Refused(row.number, f"{address!r} is in line {before} already"))
    return lines, refused


def _with_contact(
    request: OpenRequest, cells: Mapping[str, str], known: Mapping[str, Variable], places: Sequence[str]
) -> OpenRequest:
    """Return *request* with one contact: a cell without text sets nothing."""
    given = {name: text for name, text in cells.items() if name in known and text}
    return request.model_copy(
        update={
            "address": unspoilt(ADDRESS, cells[ADDRESS]),
            "name": cells.get(NAME, ""),
            "inputs": opening.inputs(known, given),
            "parameters": {place: cells[place] for place in places if place in cells},
        }
    )


class _Row(NamedTuple):
    number: int
    cells: Sequence[str]


def _table(file: Path) -> list[_Row]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        found = (error.strerror or "").lower()
        raise AuthorError(f"{file.absolute()}: expected a table that can be read: {found}") from error
    except UnicodeDecodeError as error:
        raise AuthorError(f"{file}: expected UTF-8 (in a spreadsheet: 'CSV UTF-8'): {error.reason}") from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise AuthorError(f"{file}: line {line}: expected UTF-8 (in a spreadsheet: 'CSV UTF-8'), found a NUL character")
    head = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True)
    try:
        rows = [
            _Row(reader.line_num, [cell.strip() for cell in cells]) for cells in reader if any(map(str.strip, cells))
        ]
    except csv.Error as error:
        raise AuthorError(f"{file}: line {reader.line_num}: expected CSV: {error}") from error
    if not rows or ADDRESS not in rows[0].cells:
        raise AuthorError(f"{file}: expected a first line that names the columns, {ADDRESS!r} among them")
    if len(rows) - 1 > MOST:
        raise AuthorError(f"{file}: expected at most {MOST} contacts, found {len(rows) - 1}")
    return rows


def _wrong(columns: Sequence[str], known: Mapping[str, Variable], places: Sequence[str]) -> Iterator[str]:
    meant = sorted({ADDRESS, NAME, *places, *(name for name, variable in known.items() if variable.input)})
    for column, times in Counter(columns).items():
        if column not in {*meant, *known}:
            yield (
                f"column {column!r}: expected {ADDRESS!r}, {NAME!r}, a variable of the flow or a place of the template"
                f"{nearest_or_all(column, meant)}"
            )
        if times > 1:
            yield f"column {column!r} is there twice"


def _cells(columns: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    if len(cells) != len(columns):
        raise AuthorError(f"expected {len(columns)} columns, found {len(cells)}")
    return dict(zip(columns, cells, strict=True))
