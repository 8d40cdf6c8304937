"""Dates as people say them, in the figures that `dates` reads: `dia 10 do mês que vem`, `vinte de maio`, `2a feira`."""

import re
from collections.abc import Callable
from datetime import date
from typing import Final

from flows.understanding.dates import A_MONTH, plain
from flows.understanding.numerals import numerals_in, tokens_of
from flows.understanding.portuguese import MONTHS, SMALL_NUMBER_WORDS, WEEKDAYS

_WORD: Final = "|".join(SMALL_NUMBER_WORDS)
_WORDS: Final = rf"(?:{_WORD})(?: e (?:{_WORD}))?"
_NEXT: Final = "do mes que vem|do proximo mes|do mes seguinte"
_THIS: Final = "d[eo]sse mes|d[eo]ste mes|do mes atual"


def in_figures(text: str, today: date) -> str:
    """Return *text* with its days in figures, without times of the day; `este mês` is the month of *today*."""
    said = plain(text)
    for pattern, figures in _SAID:
        said = pattern.sub(figures, said)
    said = _OF_A_MONTH.sub(lambda match: _of_a_month(match, today), said)
    return _OF_A_YEAR.sub(lambda match: _of_a_year(match, today), said)


def _figures(match: re.Match[str]) -> str:
    return " ".join(str(numeral.value) for numeral in numerals_in(tokens_of(match[0])))


def _with_year(match: re.Match[str]) -> str:
    return f"{match[1]} de {numerals_in(tokens_of(match[2]))[0].value}"


def _of_a_month(match: re.Match[str], today: date) -> str:
    ahead = 0 if match["this"] else 1
    years, month = divmod(today.month - 1 + ahead, len(MONTHS))
    return f"{match['day']}/{month + 1}/{today.year + years}"


def _of_a_year(match: re.Match[str], today: date) -> str:
    """Return a day of last year, next year, or the last such day before today, with its year."""
    day, month = int(match["day"]), int(match["month"] or _MONTHS[match["name"][:3]])
    if match["last"]:
        year = today.year - 1
    elif match["next"]:
        year = today.year + 1
    else:
        year = today.year - ((month, day) >= (today.month, today.day))
    return f"{day}/{month}/{year}"


_MONTHS: Final = {plain(name)[:3]: place for place, name in enumerate(MONTHS, 1)}
_OF_A_YEAR: Final = re.compile(
    rf"\b(?P<day>[0-3]?\d) ?(?:[/.\-] ?(?P<month>[01]?\d)|(?:de )?(?P<name>{A_MONTH}))\b"
    r" (?:(?:d[eo] )?(?:(?P<last>ano passado)|(?P<next>ano que vem|proximo ano|ano seguinte))|passado|ultimo)\b"
)
_OF_A_MONTH: Final = re.compile(rf"\b(?:dia )?(?P<day>[0-3]?\d) (?:(?P<this>{_THIS})|{_NEXT})\b")
_SAID: Final[tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...]] = (
    (re.compile(rf"(?<=\bdia ){_WORDS}\b"), _figures),
    (re.compile(rf"\b{_WORDS}(?= de (?:{A_MONTH})\b)"), _figures),
    (re.compile(rf"\b({A_MONTH}) de ((?:dois )?mil\b(?: (?:e )?(?:{_WORD})\b)*)"), _with_year),
    (re.compile(r"\b([0-3]?\d) d[eo] ([01]?\d) d[eo] (\d{4}|\d\d)\b"), r"\1/\2/\3"),
    (re.compile(r"\b([0-3]?\d) d[eo] ([01]?\d)(?= *(?:[,.;!?(]|as\b|$))"), r"\1/\2"),
    (re.compile(r"\b([2-6])[ao]? ?-?feira\b"), lambda match: plain(WEEKDAYS[int(match[1]) - 2])),
    (re.compile(r"\b(?:as )?\d{1,2}(?::\d\d| ?h(?:rs?|s|oras?)?(?: ?\d\d)?)\b|\bas \d{1,2}\b"), " "),
)
