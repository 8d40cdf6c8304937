"""A number."""

from domain.message import Inbound
from flows.answers.base import Answer, Understood, answers, refusal, words_of
from flows.numerals import numerals_in, strange_words, tokens_of
from flows.portuguese import AROUND_A_NUMBER
from flows.question import Question


@answers.register
class Number(Answer):
    """A number, in digits anywhere in a sentence (`somos 4`, `1.234,5`, `-3`) or in words (`vinte e dois`, `2 mil`).

    The value is a number. Of `1.234` the dot groups thousands, of `12.50` it begins the decimals.
    """

    also = ""

    def understand(self, message: Inbound, question: Question) -> Understood:  # noqa: ARG002 - the contract's
        """Return the number."""
        tokens = tokens_of(words_of(message))
        found = numerals_in(tokens)
        values = {numeral.value for numeral in found if numeral.in_digits}
        if not values and not strange_words(tokens, found, AROUND_A_NUMBER):
            values = {numeral.value for numeral in found}
        if len(values) > 1:
            raise refusal("ambiguous")
        if not values:
            raise refusal("not_a_number")
        value = values.pop()
        return Understood(value=int(value) if value == value.to_integral_value() else float(value))
