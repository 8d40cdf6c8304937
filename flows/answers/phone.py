"""A telephone number."""

import re
from typing import Final

from domain.message import Inbound
from flows.answers.base import Answer, Understood, answers, refusal, words_of
from flows.parts.question import Question
from flows.understanding.folding import as_seen

_WRITTEN: Final = re.compile(r"(?<![0-9+])\+?\(?[0-9](?:[ ().\-–]{0,3}[0-9]){6,18}(?![0-9])")
_CUT_OFF: Final = re.compile(r"[0-9]{5}[ .\-–][0-9]{3}$")
"""A mobile number whose last digit is missing: none is made up, nor is it one of before the ninth digit."""
_LETTER: Final = re.compile(r"[0-9][lo]\b", re.IGNORECASE)
"""A letter that looks like a digit, at the end of a number that lacks one."""
_AREAS: Final = frozenset(
    str(area)
    for area in (
        *(*range(11, 20), 21, 22, 24, 27, 28, *range(31, 36), 37, 38, *range(41, 50), 51, 53, 54, 55),
        *(*range(61, 70), 71, 73, 74, 75, 77, 79, *range(81, 90), *range(91, 100)),
    )
)
"""Area codes (DDD) of Anatel's numbering plan."""
_LOCAL: Final = (8, 9)
_FOREIGN: Final = range(8, 16)


@answers.register
class Phone(Answer):
    """A telephone number with area code, as people write it: `(49) 99999-0001`, `49 3322 1100`, `+55 49 99999 0001`.

    The value is in the form E.164: `+5549999990001`. A Brazilian mobile number without its ninth digit gets it.
    Numbers of other countries begin with `+`.
    """

    sensitive = True
    in_sentences = True

    def understand(self, message: Inbound, question: Question) -> Understood:  # noqa: ARG002 - the contract's
        """Return the number."""
        text = as_seen(words_of(message))
        written = [found.group() for found in _WRITTEN.finditer(text)]
        numbers = list(dict.fromkeys(number for one in written if (number := _number(one))))
        if len(numbers) > 1:
            raise refusal("ambiguous")
        if numbers:
            if _LETTER.search(text) or any(_digits(one).startswith("00") for one in written):
                raise refusal("not_a_phone")
            return Understood(value=numbers[0])
        lacks_area = any(len(_digits(one)) in _LOCAL for one in written)
        raise refusal("area_code" if lacks_area else "not_a_phone")


def _number(written: str) -> str | None:
    digits = _digits(written)
    if _CUT_OFF.search(written):
        return None
    if not written.startswith("+"):
        return _brazilian(_without_prefix(digits))
    if digits.startswith("55"):
        return _brazilian(digits[2:])
    return f"+{digits}" if len(digits) in _FOREIGN else None


def _digits(written: str) -> str:
    return re.sub("[^0-9]", "", written)


def _without_prefix(digits: str) -> str:
    """Return a number without the prefixes before the area code: `55`, `0`, `0` and a carrier."""
    if len(digits) in {12, 13} and digits.startswith("55"):
        return digits[2:]
    if digits.startswith("0"):
        return digits[3:] if len(digits) in {13, 14} else digits[1:]
    return digits


def _brazilian(digits: str) -> str | None:
    area, number = digits[:2], digits[2:]
    if area not in _AREAS or len(set(number)) == 1:
        return None
    if len(number) == 8 and number[0] in "6789":  # noqa: PLR2004 - before mobile numbers had nine digits
        number = f"9{number}"
    is_mobile = len(number) == 9 and number[0] == "9"  # noqa: PLR2004 - the ninth digit
    is_landline = len(number) == 8 and number[0] in "2345"  # noqa: PLR2004 - landlines have eight
    return f"+55{area}{number}" if is_mobile or is_landline else None
