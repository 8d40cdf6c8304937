"""The filters of expressions: `{{ invoice.amount | money }}`. Each takes any value, or raises an error."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final, NamedTuple

from domain.errors import ExpressionError
from domain.limits import LIMITS
from flows.expressions.values import is_list, is_record, kind, number, shape, to_text
from flows.understanding.portuguese import MONTHS, PARTICLES, WEEKDAYS


class Filter(NamedTuple):
    """One filter: its function, its largest number of arguments in brackets, and its result type."""

    apply: Callable[..., object]
    arguments: int = 0
    gives: str = "text"


def length(value: object) -> int:
    """How many elements a list has, or characters a text."""
    if value is None:
        return 0
    if isinstance(value, str) or is_list(value) or is_record(value):
        return len(value)
    raise ExpressionError(f"'length' expects a text or a list, found {kind(value)}")


def default(value: object, instead: object = "") -> object:
    """`cliente` for `default('cliente')` when there is no value, or an empty text."""
    return instead if value is None or value == "" else value


def title(value: object) -> str:
    """`MARIA DA SILVA` as `Maria da Silva`."""
    words = to_text(value).lower().split()
    return " ".join(
        word if place and word in PARTICLES else word[:1].upper() + word[1:] for place, word in enumerate(words)
    )


def first(value: object) -> object:
    """Of a list the first element, of a text the first character; nothing when it is empty."""
    return _element(value, 0, "first")


def last(value: object) -> object:
    """Of a list the last element, of a text the last character; nothing when it is empty."""
    return _element(value, -1, "last")


def join(value: object, between: object = ", ") -> str:
    """Join the elements of a list, with `, ` between them, or with the text in brackets."""
    if value is not None and not is_list(value):
        raise ExpressionError(f"'join' expects a list, found {kind(value)}")
    texts = [to_text(item) for item in value or ()]
    separator = to_text(between)
    if sum(map(len, texts)) + len(texts) * len(separator) > LIMITS.template_result:
        raise ExpressionError(f"the result of 'join' is longer than {LIMITS.template_result} characters")
    return separator.join(texts)


def money(value: object) -> str:
    """`1234.5` as `R$ 1.234,50`; halves of a cent away from zero."""
    if value is None or value == "":
        return ""
    amount = number(value)
    if amount is None:
        raise ExpressionError(f"'money' expects a number such as '89.90', found {shape(value)}")
    cents = amount.quantize(Decimal("0.01"), context=_CENTS)
    digits = f"{abs(cents):,.2f}".translate(_BRAZILIAN)
    return f"{'-' if cents < 0 else ''}R$ {digits}"


def iso_date(value: object, style: object = "date") -> str:
    """`2026-12-10` as `10/12/2026`, or in another style; of a moment what its own zone shows.

    Styles: `date`, `short` (10/12), `long` (10 de dezembro de 2026), `weekday` (quinta-feira), `time`, `datetime`.
    """
    if value is None or value == "":
        return ""
    if not isinstance(style, str) or style not in _STYLES:
        raise ExpressionError(f"'date' has no such style; there are {', '.join(sorted(_STYLES))}")
    moment = _moment(value)
    return _STYLES[style].format(m=moment, month=MONTHS[moment.month - 1], weekday=_weekday(moment))


def cpf(value: object) -> str:
    """`52998224725` as `***.982.247-**`; a CNPJ is masked likewise."""
    document = re.sub(r"[^0-9A-Z]", "", to_text(value).upper())
    if len(document) == _CPF:
        return f"***.{document[3:6]}.{document[6:9]}-**"
    if len(document) == _CNPJ:
        return f"**.{document[2:5]}.{document[5:8]}/{document[8:12]}-**"
    return "***" if document else ""


def phone(value: object) -> str:
    """`5511987654321` as `(11) 98765-4321`; numbers of other countries as `+` and digits."""
    text = to_text(value)
    digits = re.sub(r"[^0-9]", "", text)
    national = digits.removeprefix("55") if len(digits) in _WITH_COUNTRY else digits
    if len(national) in _NATIONAL and not (text.strip().startswith("+") and national == digits):
        return f"({national[:2]}) {national[2:-4]}-{national[-4:]}"
    return f"+{digits}" if len(digits) > max(_NATIONAL) else text


def first_name(value: object) -> str:
    """`MARIA DA SILVA` as `Maria`; nothing when there is no letter in it."""
    for word in to_text(value).split():
        if name := re.sub(r"^[\W\d_]+|[\W\d_]+$", "", word):
            return title(name)
    return ""


def _element(value: object, place: int, name: str) -> object:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value[place]
    if is_list(value):
        return value[place] if value else None
    raise ExpressionError(f"{name!r} expects a list, found {kind(value)}")


def _moment(value: object) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a day has no zone
    if isinstance(value, str):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            pass
    raise ExpressionError(f"'date' expects a date such as '2026-12-10', found {shape(value)}")


def _weekday(moment: datetime) -> str:
    day = WEEKDAYS[moment.weekday()]
    return f"{day}-feira" if moment.weekday() < len(WEEKDAYS) - 2 else day


def _text(change: Callable[[str], str], about: str) -> Callable[[object], str]:
    def apply(value: object) -> str:
        return change(to_text(value))

    apply.__doc__ = about
    return apply


_CPF: Final = 11
_CNPJ: Final = 14
_NATIONAL: Final = (10, 11)
_WITH_COUNTRY: Final = (12, 13)
_CENTS: Final = Context(prec=400, rounding=ROUND_HALF_UP)
_BRAZILIAN: Final = str.maketrans(",.", ".,")
_STYLES: Final = {
    "date": "{m:%d/%m}/{m.year:04d}",
    "short": "{m:%d/%m}",
    "long": "{m.day} de {month} de {m.year}",
    "weekday": "{weekday}",
    "time": "{m:%H:%M}",
    "datetime": "{m:%d/%m}/{m.year:04d} {m:%H:%M}",
}

filters: Final[Mapping[str, Filter]] = {
    "length": Filter(length, gives="number"),
    "default": Filter(default, 1, "any"),
    "upper": Filter(_text(str.upper, "The text in capitals.")),
    "lower": Filter(_text(str.lower, "The text in small letters.")),
    "title": Filter(title),
    "trim": Filter(_text(str.strip, "The text without blanks around it.")),
    "first": Filter(first, gives="any"),
    "last": Filter(last, gives="any"),
    "join": Filter(join, 1),
    "money": Filter(money),
    "date": Filter(iso_date, 1),
    "cpf": Filter(cpf),
    "phone": Filter(phone),
    "first_name": Filter(first_name),
}
