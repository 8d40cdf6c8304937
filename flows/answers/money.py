"""An amount of money."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from domain.message import Inbound
from flows.answers.base import Answer, Understood, answers, refusal, words_of
from flows.numerals import Numeral, numerals_in, strange_words, tokens_of
from flows.portuguese import AROUND_AN_AMOUNT, CENTS, CURRENCY
from flows.question import Question

_CENT: Final = Decimal("0.01")


@answers.register
class Money(Answer):
    """An amount in reais: `1.234,56`, `R$ 50`, `50 reais`, `10 reais e 50 centavos`, `mil e duzentos`, `1,5 mil`.

    The value is exact, a text with two decimals (`1234.56`), as the filter `money` and comparisons take it.
    """

    def understand(self, message: Inbound, question: Question) -> Understood:  # noqa: ARG002 - the contract's
        """Return the amount."""
        tokens = tokens_of(words_of(message))
        found = numerals_in(tokens)
        sure = [numeral for numeral in found if numeral.in_digits or _unit(tokens, numeral) in CURRENCY | CENTS]
        if not sure and not strange_words(tokens, found, AROUND_AN_AMOUNT):
            sure = found
        amounts = set(_amounts(tokens, sure))
        if len(amounts) > 1:
            raise refusal("ambiguous")
        amount = amounts.pop() if amounts else Decimal(-1)
        if amount < 0 or amount != amount.quantize(_CENT):
            raise refusal("not_an_amount")
        return Understood(value=str(amount.quantize(_CENT)))


def _amounts(tokens: Sequence[str], numerals: Sequence[Numeral]) -> list[Decimal]:
    """Return the amounts that are said; cents belong to the reais before them."""
    amounts: list[Decimal] = []
    expected = -1  # where the cents of the last amount would be
    for numeral in numerals:
        if _unit(tokens, numeral) not in CENTS:
            amounts.append(numeral.value)
            ends = numeral.after + (_unit(tokens, numeral) in CURRENCY)
            expected = ends + (list(tokens[ends : ends + 1]) == ["e"])
        elif numeral.first == expected:
            amounts[-1] += numeral.value / 100
        else:
            amounts.append(numeral.value / 100)
    return amounts


def _unit(tokens: Sequence[str], numeral: Numeral) -> str:
    return tokens[numeral.after] if numeral.after < len(tokens) else ""
