"""Times of day as Brazilians write them: `14:30`, `14h30`, `9 da manhã`, `duas e meia da tarde`."""

import re
from typing import Final

from flows.understanding.folding import folded
from flows.understanding.numerals import numerals_in, tokens_of
from flows.understanding.portuguese import AROUND_A_TIME, POLITE, SMALL_NUMBER_WORDS
from flows.understanding.refusals import refusal

_POINT: Final = re.compile(r"(?<![\d.,])(\d{1,2})[.,](\d{2})(?![\d.,])")
_COMPACT: Final = re.compile(r"(?<![\d.,])([01]\d|2[0-3])([0-5]\d)(?![\d.,])")
_HOURS: Final = "h|hs|hr|hrs|hora|horas"
_TIME: Final = re.compile(
    r"\b(?:(?P<named>meio (?:- )?dia|meia (?:- )?noite)|(?P<hour>\d{1,2}))"
    rf"(?: (?P<sign>:|{_HOURS})(?: (?:e )?(?P<exact>\d{{2}}|meia))?| e (?P<minute>\d{{2}}|meia))?"
    r"(?: (?:min|minutos|h|hs|horas))?(?: em ponto)?"
    r"(?: (?:da|de|a) (?P<part>madrugada|manha|tarde|noite)| (?P<half>am|pm))?\b"
)
_SPAN: Final = re.compile(
    rf"(?<![\d/.,])(?<!dia )\d{{1,2}}(?:[:h]\d\d)? ?(?:{_HOURS})?\.? ?(?:-|–|\b(?:a|as|ate|ate as|ou|ou as)\b) ?"
    rf"(?:as )?\d{{1,2}}(?!\d|/)|\bentre (?:as )?\d{{1,2}}(?:[:h]\d\d)? ?(?:{_HOURS})? e (?:as )?\d"
)
_LASTING: Final = re.compile(
    rf"\b(?:daqui(?: a)?|em|dentro de|ha|faz|por|durante|faltam?) (?:\d+|{'|'.join(SMALL_NUMBER_WORDS)}) ?"
    r"(?:h|hs|horas?|min|minutos?)\b"
)
_NOON: Final = 12
_DAY: Final = 24
_HOUR: Final = 60


def times_in(text: str) -> set[str]:
    """Return the times that *text* says, as `14:30`.

    InvalidAnswerError for a span or a choice of times (`8h às 12h`); how long something takes is no time of day.
    One in digits with its sign (`14:30`, `14h`) counts in any sentence, others only when nothing else is said.
    """
    if _SPAN.search(said := " ".join(folded(text).split())):
        raise refusal("ambiguous")
    if _LASTING.search(said):
        return set()
    said = _in_digits(text)
    found = list(_TIME.finditer(said))
    sure = [match for match in found if match["sign"]]
    if not sure:
        rest = re.findall(r"\w+", _TIME.sub(" ", said))
        sure = [] if any(word not in POLITE and word not in AROUND_A_TIME for word in rest) else found
    return {time for match in sure if (time := _read(match))}


def _in_digits(text: str) -> str:
    """Return the words of *text*, numbers in digits: `duas e meia` is `2 e meia`."""
    tokens = tokens_of(_COMPACT.sub(r"\1:\2", _POINT.sub(r"\1:\2", text)))
    numerals = {numeral.first: numeral for numeral in numerals_in(tokens) if not numeral.in_digits}
    words: list[str] = []
    at = 0
    while at < len(tokens):
        numeral = numerals.get(at)
        words.append(f"{numeral.value}" if numeral else tokens[at].rstrip(".,"))
        at = numeral.after if numeral else at + 1
    return " ".join(words)


def _read(match: re.Match[str]) -> str | None:
    said = match["exact"] or match["minute"] or "0"
    minute = _HOUR // 2 if said == "meia" else int(said)
    named = match["named"]
    hour = (_NOON if "dia" in named else 0) if named else _by_24_hours(int(match["hour"]), _part(match))
    return f"{hour:02}:{minute:02}" if hour is not None and hour < _DAY and minute < _HOUR else None


def _part(match: re.Match[str]) -> str:
    return match["part"] or {"am": "manha", "pm": "tarde"}.get(match["half"] or "", "")


def _by_24_hours(hour: int, part: str) -> int | None:
    if not part or hour > _NOON:
        return hour
    if part in {"madrugada", "manha"}:
        return hour % _NOON
    if part == "noite" and hour == _NOON:
        return 0
    return hour % _NOON + _NOON
