"""One of several options."""

import re
from typing import Final

from domain.message import Inbound
from flows.answers.base import Answer, Understood, answers, refusal, words_of
from flows.phrases import normalise, without_politeness
from flows.portuguese import NUMBER_WORDS, OPTION_WORDS
from flows.question import Choice, Question

_BEFORE: Final = "|".join(OPTION_WORDS)
_NUMBERED: Final = re.compile(rf"(?:(?:{_BEFORE}) )*0?([0-9]{{1,3}})[oa]?(?: (?:{_BEFORE}))?")
_NUMBER_AND_LABEL: Final = re.compile(r"0?([0-9]{1,3}) (.+)")


@answers.register
class OneOfSeveral(Answer):
    """One of the options: tapped, or written as its number (`2`, `2.`, `opção 2`, 2️⃣), label or synonym.

    Case, accents, punctuation, emoji and politeness around it do not matter.
    """

    also = "any"
    offers = True
    must_save = False

    def understand(self, message: Inbound, question: Question) -> Understood:
        """Return the value and the id of the option chosen."""
        tapped = [choice for choice in question.choices if _is_tapped(choice, message)]
        if tapped:
            return _chosen(tapped)
        words = normalise(words_of(message))
        for tried in (words, without_politeness(words)):
            if named := [choice for choice in question.choices if tried and tried in _names(choice)]:
                return _chosen(named)
            if numbered := _numbered(tried, question.choices):
                return _chosen([numbered])
        raise refusal("no_such_option")


def _is_tapped(choice: Choice, message: Inbound) -> bool:
    """Whether *message* taps *choice*, and not an option of the same id of an older question."""
    if choice.id != message.choice:
        return False
    return message.text.strip() in {"", choice.id} or normalise(message.text) == normalise(choice.label)


def _names(choice: Choice) -> set[str]:
    names = {normalise(name) for name in (choice.label, *choice.synonyms)}
    return names | {without_politeness(name) for name in names}


def _numbered(words: str, choices: tuple[Choice, ...]) -> Choice | None:
    place = NUMBER_WORDS.get(words, 0)
    if match := _NUMBERED.fullmatch(words):
        place = int(match[1])
    elif (match := _NUMBER_AND_LABEL.fullmatch(words)) and 1 <= int(match[1]) <= len(choices):
        rest = without_politeness(match[2])
        place = int(match[1]) if rest in _names(choices[int(match[1]) - 1]) else 0
    return choices[place - 1] if 1 <= place <= len(choices) else None


def _chosen(found: list[Choice]) -> Understood:
    if len(found) > 1:
        raise refusal("ambiguous")
    return Understood(value=found[0].value, choice=found[0].id)
