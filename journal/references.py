"""Find the stored files that no inbox row and no journal event names any more."""

import re
from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import String, cast, select

from journal.tables import inbox, journal
from journal.transaction import Transaction

_PLACES: Final = ((inbox, inbox.c.payload), (journal, journal.c.data))
_ID: Final = re.compile(r"\b[0-9a-f]{64}\b")
_PAGE: Final = 1_000


async def unreferred(c: Transaction, file_ids: Iterable[str]) -> set[str]:
    """Return those of *file_ids* that no row names; it reads all rows with files, page by page."""
    left = set(file_ids)
    for table, content in _PLACES:
        last = 0
        text: Any = cast(content, String)
        naming = select(table.c.id, text).where(text.like('%"mime"%')).order_by(table.c.id)  # each reference has one
        while left and (page := (await c.execute(naming.where(table.c.id > last).limit(_PAGE))).all()):
            for _, found in page:
                left.difference_update(_ID.findall(found))
            last = page[-1][0]
    return left
