"""An amount of money."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from domain.message import Inbound
from flows.answers.base import Answer, Change, Understood, answers, refusal, words_of
from flows.denial import affirmed
from flows.numerals import Numeral, numerals_in, strange_words, tokens_of
from flows.portuguese import AROUND_AN_AMOUNT, CENTS, CURRENCY, NO_AMOUNT
from flows.question import Question

_CENT: Final = Decimal("0.01")
_NOT_MEANT: Final = Change(name="amounts-not-meant", now="not_an_amount")


@answers.register
class Money(Answer):
    """An amount in reais: `1.234,56`, `R$ 50`, `50 reais`, `10 reais e 50 centavos`, `mil e duzentos`, `1,5 mil`.

    The value is exact, a text with two decimals (`1234.56`), as the filter `money` and comparisons take it. An amount
    that is denied (`200 não consigo`) is asked for again, and so is a number of something else (`3x`, `10%`, `dia 10`).
    """

    def understand(self, message: Inbound, question: Question) -> Understood:  # noqa: ARG002 - the contract's
        """Return the amount."""
        text = words_of(message)
        amounts = _said(text)
        if len(amounts) > 1:
            raise refusal("ambiguous")
        change = _NOT_MEANT if _said(affirmed(text)) != amounts or _is_of_something_else(text) else None
        amount = amounts.pop() if amounts else Decimal(-1)
        if amount < 0 or amount != amount.quantize(_CENT):
            raise refusal("not_an_amount")
        return Understood(value=str(amount.quantize(_CENT)), change=change)


def _said(text: str) -> set[Decimal]:
    """Return the amounts that *text* says."""
    tokens = tokens_of(text)
    return set(_amounts(tokens, _numerals(tokens)))


def _is_of_something_else(text: str) -> bool:
    """Whether a number of *text* counts no money."""
    tokens = tokens_of(text)
    return any(
        _unit(tokens, numeral) in NO_AMOUNT or tokens[: numeral.first][-1:] == ["dia"] for numeral in _numerals(tokens)
    )


def _numerals(tokens: Sequence[str]) -> list[Numeral]:
    """Return the numbers that count: those in digits, or of a currency; others only when nothing else is said."""
    found = numerals_in(tokens)
    sure = [numeral for numeral in found if numeral.in_digits or _unit(tokens, numeral) in CURRENCY | CENTS]
    return found if not sure and not strange_words(tokens, found, AROUND_AN_AMOUNT) else sure


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
