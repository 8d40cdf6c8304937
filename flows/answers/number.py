"""A number."""

from collections.abc import Sequence
from decimal import Decimal

from domain.message import Inbound
from flows.answers.base import Answer, Understood, answers, refusal, within, words_of
from flows.parts.question import Question
from flows.understanding.numerals import Numeral, are_joined, numerals_in, strange_words, tokens_of
from flows.understanding.portuguese import AFTER_A_NUMBER, AROUND_A_NUMBER, HALF


@answers.register
class Number(Answer):
    """A number, in digits anywhere in a sentence (`somos 4`, `1.234,5`, `-3`) or in words (`vinte e dois`, `2 mil`).

    The value is a number. Of `1.234` the dot groups thousands, of `12.50` it begins the decimals. One that is negated
    (`4 não`), or only a part of a larger one (`2 e meio`, `2 dúzias`), is asked for again.
    """

    also = ""
    in_sentences = True

    def understand(self, message: Inbound, question: Question) -> Understood:
        """Return the number."""
        text = words_of(message)
        values = _values(text)
        if not values:
            raise refusal("not_a_number")
        if len(values) > 1 or _is_part(text) or _is_twice(text):
            raise refusal("ambiguous")
        value = values.pop()
        within(value, question)
        return Understood(value=int(value) if value == value.to_integral_value() else float(value))


def _values(text: str) -> set[Decimal]:
    tokens = tokens_of(text)
    found = numerals_in(tokens)
    values = {numeral.value for numeral in found if numeral.in_digits}
    if not values and not strange_words(tokens, found, AROUND_A_NUMBER):
        values = {numeral.value for numeral in found}
    return values


def _is_twice(text: str) -> bool:
    tokens = tokens_of(text)
    return are_joined(tokens, numerals_in(tokens))


def _is_part(text: str) -> bool:
    """Whether a number of *text* is only a part of a larger one: `3 e meia`."""
    tokens = tokens_of(text)
    return any(_has_more(tokens, numeral) for numeral in numerals_in(tokens))


def _has_more(tokens: Sequence[str], numeral: Numeral) -> bool:
    after = tokens[numeral.after : numeral.after + 2]
    return not AFTER_A_NUMBER.isdisjoint(after[:1]) or (after[:1] == ["e"] and not HALF.isdisjoint(after[1:]))
