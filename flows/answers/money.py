"""An amount of money."""

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Final

from domain.message import Inbound
from flows.answers.base import Answer, Understood, answers, refusal, within, words_of
from flows.parts.question import Question
from flows.understanding.numerals import Numeral, are_joined, numerals_in, strange_words, tokens_of
from flows.understanding.portuguese import AROUND_AN_AMOUNT, CENTS, CURRENCY, FOREIGN_CURRENCY, NO_AMOUNT

_CENT: Final = Decimal("0.01")
_FINER: Final = re.compile(r"-?[0-9.]*,[0-9]{3,}[.,]?")
"""Three digits of cents, or thousands as others write them: `1,000`; nobody knows."""
_AND: Final = frozenset({"e", "com"})
_CENTS: Final = range(10, 100)
"""Numbers of cents that may follow reais without a unit; smaller ones need it."""


@answers.register
class Money(Answer):
    """An amount in reais: `1.234,56`, `R$ 50`, `50 reais`, `dez reais e cinquenta`, `mil e duzentos`, `1,5 mil`.

    The value is exact, a text with two decimals (`1234.56`), as the filter `money` and comparisons take it. A negated
    amount (`200 não consigo`) is asked for again, and so is a number of something else (`3x`, `10%`, `dia 10`).
    """

    in_sentences = True

    def understand(self, message: Inbound, question: Question) -> Understood:
        """Return the amount."""
        tokens = _with_cents(tokens_of(words_of(message)))
        numerals = _numerals(tokens)
        amounts = set(_amounts(tokens, numerals))
        if len(amounts) > 1 or are_joined(tokens, numerals):
            raise refusal("ambiguous")
        amount = amounts.pop() if amounts and not any(map(_FINER.fullmatch, tokens)) else Decimal(-1)
        if amount < 0 or amount != amount.quantize(_CENT) or _is_of_something_else(tokens):
            raise refusal("not_an_amount")
        within(amount, question)
        return Understood(value=str(amount.quantize(_CENT)))


def _with_cents(tokens: Sequence[str]) -> Sequence[str]:
    """Return *tokens* with the unit of cents that are said without one: `dez reais e cinquenta`.

    InvalidAnswerError when they may be two amounts: `20 e 50`.
    """
    for reais, cents in pairwise(numerals_in(tokens)):
        between = tokens[reais.after : cents.first]
        if (
            between[-1:] not in (["e"], ["com"])
            or cents.value not in _CENTS
            or _unit(tokens, cents) in CURRENCY | CENTS | NO_AMOUNT
        ):
            continue
        if len(between) == 1:
            raise refusal("ambiguous")
        if CURRENCY.issuperset(between[:-1]):
            return [*tokens[: cents.after], "centavos", *tokens[cents.after :]]
    return tokens


def _is_of_something_else(tokens: Sequence[str]) -> bool:
    """Whether a number among *tokens* counts no money, or that of other countries."""
    if any(token in FOREIGN_CURRENCY or (token, sign) == ("us", "$") for token, sign in pairwise([*tokens, ""])):
        return True
    return any(
        _unit(tokens, numeral) in NO_AMOUNT or (numeral.first > 0 and tokens[numeral.first - 1] == "dia")
        for numeral in _numerals(tokens)
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
            expected = ends + (not _AND.isdisjoint(tokens[ends : ends + 1]))
        elif numeral.first == expected:
            amounts[-1] += numeral.value / 100
        else:
            amounts.append(numeral.value / 100)
    return amounts


def _unit(tokens: Sequence[str], numeral: Numeral) -> str:
    return tokens[numeral.after] if numeral.after < len(tokens) else ""
