"""The chapters of the reference on the flow language, beside the cards."""

from functools import cache

from flows.reference import answers, checks, expressions, file
from flows.reference.topic import Chapter


@cache
def chapters() -> dict[str, Chapter]:
    """Return them by name, in the order in which one reads them."""
    found = (file.chapter(), answers.chapter(), expressions.chapter(), checks.chapter())
    return {chapter.name: chapter for chapter in found}
