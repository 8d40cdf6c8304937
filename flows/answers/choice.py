"""One of several options."""

import re
from collections.abc import Sequence
from typing import Final

from domain.message import Inbound
from flows.answers.base import Answer, Understood, answers, refusal, words_of
from flows.parts.question import Choice, Question
from flows.understanding.phrases import normalise, without_politeness
from flows.understanding.portuguese import (
    COUNTING,
    DAYTIMES,
    GREETING,
    NUMBER_WORDS,
    OPTION_NOUNS,
    OPTION_WORDS,
    ORDINALS,
    POLITE,
    SEVERAL,
    WEEKDAYS,
)

_BEFORE: Final = "|".join(OPTION_WORDS)
_NUMBERED: Final = re.compile(rf"(?:(?:{_BEFORE}) )*0?([0-9]{{1,3}})[oa]?(?: (?:{_BEFORE}))?")
_NUMBER_AND_LABEL: Final = re.compile(r"0?([0-9]{1,3}) (.+)")
_NUMBER: Final = re.compile("[0-9]+[oa]?")
_NOT_AFTER: Final = frozenset({"no", "n"})
"""`nº` stands before a number; after it, these say no."""
_BESIDE: Final = frozenset({"de", "do", "da"})
_DIGITS: Final = 9
_PART: Final = re.compile("[0-9]+|[a-z]+")
_DAYS: Final = frozenset(map(normalise, WEEKDAYS))


@answers.register
class OneOfSeveral(Answer):
    """One of the options: tapped, or written as its number (`2`, `opção 2`, 2️⃣, `a última`), label or synonym.

    Case, accents, punctuation, emoji and politeness around it do not matter. A message that wants several (`os dois`),
    or may mean a time or a day (`2 da tarde`), is asked again.
    """

    also = "any"
    offers = True
    must_save = False

    def understand(self, message: Inbound, question: Question) -> Understood:
        """Return the value and the id of the option chosen."""
        tapped = [choice for choice in question.choices if _is_tapped(choice, message)]
        if tapped:
            return _chosen(tapped)
        text = words_of(message)
        words = normalise(text)
        written = [choice for choice in question.choices if text.casefold() in _written(choice)]
        if sure := written or _number_said(words, question.choices):
            return _chosen(sure)
        for tried in (words, without_politeness(words)):
            if named := [choice for choice in question.choices if tried and tried in _names(choice)]:
                return _chosen(named)
            if labelled := _labelled(tried, question.choices):
                return _chosen([labelled])
            if numbered := _numbered(tried, question.choices):
                if _is_several(words.split()):
                    raise refusal("ambiguous")
                return _chosen([numbered])
        if meant := _in_words(words.split(), question.choices):
            return _chosen([meant])
        raise refusal("no_such_option")


def _is_tapped(choice: Choice, message: Inbound) -> bool:
    """Whether *message* taps *choice*, and not an option of the same id of an older question."""
    if choice.id != message.choice:
        return False
    return message.text.strip() in {"", choice.id} or normalise(message.text) == normalise(choice.label)


def _written(choice: Choice) -> set[str]:
    return {name.strip().casefold() for name in (choice.label, *choice.synonyms)}


def _number_said(words: str, choices: tuple[Choice, ...]) -> list[Choice]:
    """Return the options that *words* mean by a number in their labels, several where that is unclear.

    A label that is the number itself goes before all; one that holds it is doubted where another option stands in
    that place: `3` of `3 dias`, `2 dias`, `1 dia`.
    """
    parts = [word for word in words.split() if word in NUMBER_WORDS or word not in POLITE | _BESIDE]
    number = _value(parts[0]) if len(parts) == 1 else None
    if number is None:
        return []
    alone = [choice for choice in choices if _value(normalise(choice.label)) == number]
    holding = [choice for choice in choices if number in map(_value, _PART.findall(normalise(choice.label)))]
    placed = _at(number, choices)
    if alone or not holding or _is_several(words.split()):
        return alone
    return holding if placed is None or placed in holding else [*holding, placed]


def _value(word: str) -> int | None:
    if word in NUMBER_WORDS:
        return NUMBER_WORDS[word]
    return int(word) if word.isdecimal() and len(word) <= _DIGITS else None


def _names(choice: Choice) -> set[str]:
    names = {normalise(name) for name in (choice.label, *choice.synonyms)}
    return names | {without_politeness(name) for name in names}


def _labelled(words: str, choices: tuple[Choice, ...]) -> Choice | None:
    """Return the option that *words* give by number and name together."""
    match = _NUMBER_AND_LABEL.fullmatch(words)
    choice = _at(int(match[1]), choices) if match else None
    return choice if match and choice and without_politeness(match[2]) in _names(choice) else None


def _numbered(words: str, choices: tuple[Choice, ...]) -> Choice | None:
    match = _NUMBERED.fullmatch(words)
    return _at(int(match[1]) if match else NUMBER_WORDS.get(words, 0), choices)


def _in_words(words: Sequence[str], choices: tuple[Choice, ...]) -> Choice | None:
    """Return the choice of `opção dois`, `a primeira`, `última opção`."""
    for at, word in enumerate(words):
        place = _place(words, at, len(choices))
        if place and all(other in POLITE or other in OPTION_NOUNS for other in (*words[:at], *words[at + 1 :])):
            names = {part for choice in choices for name in _names(choice) for part in name.split()}
            unsure = word in names or words[at - 1 : at] == ["por"] or GREETING.intersection(words[at + 1 :])
            return None if unsure or _is_doubtful(words, at) else _at(place, choices)
    return None


def _place(words: Sequence[str], at: int, count: int) -> int:
    """Return the place that the word *at* says, 0 when it says none."""
    word, before = words[at], words[max(at - 1, 0) : at]
    beside = {*before, *words[at + 1 : at + 2]}
    if word in NUMBER_WORDS:
        is_named = OPTION_NOUNS.issuperset(before) or (word == "um" and before == ["o"])
        return NUMBER_WORDS[word] if before and is_named else 0
    is_day = word in _DAYS and not OPTION_NOUNS & beside
    place = 0 if is_day else ORDINALS.get(word, 0)
    return place if place >= 0 else count


def _at(place: int, choices: tuple[Choice, ...]) -> Choice | None:
    return choices[place - 1] if 1 <= place <= len(choices) else None


def _is_several(words: Sequence[str]) -> bool:
    """Whether the number among *words* probably does not choose an option."""
    at = next((place for place, word in enumerate(words) if _NUMBER.fullmatch(word) or _is_counted(word)), 0)
    return _is_doubtful(words, at)


def _is_counted(word: str) -> bool:
    return word in NUMBER_WORDS and word not in SEVERAL


def _is_doubtful(words: Sequence[str], at: int) -> bool:
    """Whether the words beside the number *at* change its meaning: `os dois`, `2 da tarde`, `2 n`."""
    before, after = words[:at], words[at + 1 :]
    daytime = any(
        word in DAYTIMES and list(words[place - 1 : place]) != [DAYTIMES[word]] for place, word in enumerate(words)
    )
    return bool(
        daytime or words[at] in COUNTING or SEVERAL.intersection([*before, *after]) or _NOT_AFTER.intersection(after)
    )


def _chosen(found: list[Choice]) -> Understood:
    if len(found) > 1:
        raise refusal("ambiguous")
    return Understood(value=found[0].value, choice=found[0].id)
