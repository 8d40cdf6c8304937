"""Dates as Brazilians write them: `10/12`, `10 de dezembro`, `amanhã`, `sexta`, `dia 5`."""

import calendar
import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final

from flows.understanding.folding import folded
from flows.understanding.portuguese import AROUND_A_DATE, MONTHS, POLITE, SMALL_NUMBER_WORDS, WEEKDAYS
from flows.understanding.refusals import refusal

_PAST: Final = 1900
_AHEAD: Final = 20
"""Years ahead that two digits of a year may mean; later ones are of the century before."""
_YEARS: Final = 8
"""Within so many years there is every day of a month, 29 February too."""
_LATEST: Final = 100
_WEEK: Final = 7
_DISTANCE: Final = 1000


def plain(text: str) -> str:
    """Return *text* folded, with single blanks."""
    return " ".join(folded(text).split())


def dates_in(text: str, today: date, *, past: bool = False) -> set[date]:
    """Return the dates that *text* says, seen from *today*; those without a year lie ahead, unless they are *past*.

    One with day and month counts in any sentence, and makes what else is said of it redundant (`sexta, 11/12`).
    Others (`amanhã`, `sexta`) only when nothing else is said. InvalidAnswerError for a span or a choice of days
    (`10 ou 11/12`), and for a day with the name of another (`terça, 25/12`).
    """
    said = plain(text)
    if _SPAN.search(said):
        raise refusal("ambiguous")
    for pattern, read in _EXACT:
        if found := list(pattern.finditer(said)):
            days = {match: day for match in found if (day := read(match, today, past))}
            if any(_is_another_weekday(said, match, day) for match, day in days.items()):
                raise refusal("ambiguous")
            return set(days.values())
    rest = _VAGUE.sub(" ", said)
    if any(word not in POLITE and word not in AROUND_A_DATE for word in re.findall(r"\w+", rest)):
        return set()
    return {day for match in _VAGUE.finditer(said) if (day := _vague(match, today))}


def _is_another_weekday(said: str, match: re.Match[str], day: date) -> bool:
    beside = _BEFORE.search(said[: match.start()]) or _AFTER.match(said[match.end() :])
    return beside is not None and _WEEKDAY[beside[1][:3]] != day.weekday()


def _day(day: int, month: int, year: str | None, today: date, *, past: bool) -> date | None:
    """Return a day; without a year the next one, today included, or the last one."""
    if year is None:
        years = [today.year + away for away in range(_YEARS + 1)]
        if past:
            years = [today.year - away for away in range(_YEARS + 1)]
        days = (found for year_ in years if (found := _valid(year_, month, day)))
        return next((found for found in days if (found <= today if past else found >= today)), None)
    number = int(year)
    if len(year) == 2:  # noqa: PLR2004 - `26`
        latest = today.year + (0 if past else _AHEAD)
        number += 2000 if 2000 + number <= latest else _PAST
    return _valid(number, month, day) if _PAST <= number <= today.year + _LATEST else None


def _valid(year: int, month: int, day: int) -> date | None:
    if 1 <= month <= len(MONTHS) and 1 <= day <= calendar.monthrange(year, month)[1]:
        return date(year, month, day)
    return None


def _vague(match: re.Match[str], today: date) -> date | None:
    """Return the day that one vague word, or a few, mean."""
    parts = match.groupdict()
    if word := parts["near"]:
        return today + timedelta(days=_NEAR[word])
    if weekday := parts["weekday"]:
        ahead = (_WEEKDAY[weekday[:3]] - today.weekday()) % _WEEK
        return today + timedelta(days=ahead or _WEEK)
    if day := parts["day"]:
        return _next_day(1 if day == "primeiro" else int(day), today)
    count = parts["count"]
    number = int(count) if count.isdigit() else SMALL_NUMBER_WORDS.get(count, _DISTANCE)
    if number >= _DISTANCE:
        return None
    if parts["unit"].startswith("mes"):
        years, month = divmod(today.month - 1 + number, len(MONTHS))
        last = calendar.monthrange(today.year + years, month + 1)[1]
        return date(today.year + years, month + 1, min(today.day, last))
    return today + timedelta(days=number * (_WEEK if parts["unit"].startswith("semana") else 1))


def _next_day(day: int, today: date) -> date | None:
    """Return the next such day of a month, today included; months that do not have it are left out."""
    for month in range(today.month - 1, today.month + len(MONTHS)):
        found = _valid(today.year + month // len(MONTHS), month % len(MONTHS) + 1, day)
        if found is not None and found >= today:
            return found
    return None


def _numbers(match: re.Match[str], today: date, past: bool) -> date | None:  # noqa: FBT001 - one of several readers
    day = match["day"]
    month = match["month"]
    number = int(month) if month.isdigit() else _MONTH[month[:3]]
    return _day(1 if day == "primeiro" else int(day), number, match.groupdict().get("year"), today, past=past)


_MONTH: Final[Mapping[str, int]] = {plain(name)[:3]: place for place, name in enumerate(MONTHS, 1)}
_WEEKDAY: Final[Mapping[str, int]] = {plain(name)[:3]: place for place, name in enumerate(WEEKDAYS)}
_NEAR: Final = {"anteontem": -2, "ontem": -1, "hoje": 0, "amanha": 1, "depois de amanha": 2}

A_MONTH: Final = "|".join(f"{plain(name)}|{plain(name)[:3]}" for name in MONTHS)
_A_DAY: Final = r"(?<![\d/.,\-])(?P<day>primeiro|[0-3]?\d)o?"
_A_YEAR: Final = r"(?P<year>\d{4}|\d{2})(?![\d:h])"
_EXACT: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date, bool], date | None]], ...]] = tuple(
    (re.compile(pattern), _numbers)
    for pattern in (
        r"(?<!\d)(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?!\d)",
        rf"{_A_DAY}(?: ?de ?|[ /.\-]{{0,3}})(?P<month>{A_MONTH})\b\.?(?:(?: de |, ?|[ /\-]|){_A_YEAR})?",
        rf"\b(?P<month>{A_MONTH})\b\.? (?:dia )?(?P<day>[0-3]?\d)(?![\d:h])(?:(?: de |, ?| ){_A_YEAR})?",
        rf"{_A_DAY} ?(?P<sign>[/.\-]) ?(?P<month>[01]?\d)(?:(?P=sign){_A_YEAR})?(?![\d/]|[/.\-]\d)",
        r"(?<!\d)(?P<day>[0-3]\d) (?P<month>[01]\d) (?P<year>\d{4})(?!\d)",
        r"(?<!\d)(?P<day>[0-3]\d)(?P<month>[01]\d)(?P<year>(?:19|20)\d\d)(?!\d)",
    )
)
_NAMES: Final = "|".join(map(plain, WEEKDAYS))
_BEFORE: Final = re.compile(rf"\b({_NAMES})(?:[ \-]feira)?[ ,.(]*(?:dia )?$")
_AFTER: Final = re.compile(rf"[ ,(]*(?:uma? |na |no )?({_NAMES})\b")
_SPAN: Final = re.compile(
    rf"(?<![\d/.,:])\b[0-3]?\d (?:ou|e|a|ate)(?: o| a)?(?: dia)? [0-3]?\d(?: ?[/.] ?[01]?\d\b| de (?:{A_MONTH})\b)"
    r"|(?<![\d/.\-])[0-3]?\d ?[-–] ?[0-3]?\d ?/ ?[01]?\d\b"
)
_VAGUE: Final = re.compile(
    r"\b(?:(?P<near>depois de amanha|amanha|hoje|anteontem|ontem)"
    rf"|(?P<weekday>{'|'.join(f'{plain(name)}|{plain(name)[:3]}' for name in WEEKDAYS)})(?:[ \-]feira)?"
    r"|dia (?P<day>primeiro|[0-3]?\d)o?"
    r"|(?:daqui a|daqui|em) (?P<count>\d{1,3}|[a-z]+) (?P<unit>dias?|semanas?|mes|meses))\b"
)
