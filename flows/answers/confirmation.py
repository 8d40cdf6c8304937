"""Yes or no."""

import re
from collections.abc import Iterable
from typing import Final

from domain.message import Inbound, Option
from flows.answers.base import Answer, Understood, answers, refusal, words_of
from flows.parts.question import Question
from flows.understanding.acts import ASKS, by_act, names, wishes_otherwise
from flows.understanding.phrases import mentions, normalise, says, tokens
from flows.understanding.portuguese import DENIALS, GREETING, ONLY_ALONE, UNSURE

_BREAK: Final = re.compile(r"[,;.!\n…]+|\s[-–—]+\s")
_WITHOUT_BREAK: Final = 3
"""Words that may follow a yes or a no without a comma."""
_AFTER_BREAK: Final = 10
"""Words that may follow a yes or no after a comma; a longer remark says something else as well."""
NUMBERS: Final = ("1", "2")
"""Numbers of the two options."""


@answers.register
class Confirmation(Answer):
    """Yes or no, in the many ways in which people say it: `sim`, `claro`, `pode ser`, 👍, `não`, `deixa`.

    The words are those of the flow's `texts` (`yes`, `no`). A short remark may follow (`sim, voltou`; `não funcionou`),
    unless it takes the answer back, or asks a question: `certo?` is no yes. With `act` its forms are
    heard, too: `pode cancelar`, `não cancela`. The value is true or false.
    """

    also = "boolean"
    must_save = False
    in_shorthand = False

    def options(self, question: Question) -> tuple[Option, ...]:
        """Return yes and no, labelled with the first word for each."""
        return (
            Option(id="yes", label=question.yes[0].capitalize()),
            Option(id="no", label=question.no[0].capitalize()),
        )

    def understand(self, message: Inbound, question: Question) -> Understood:
        """Return true or false."""
        if message.choice in {"yes", "no"}:
            return _meant(yes=message.choice == "yes")
        text = words_of(message)
        if question.act and names(text, question.act):  # before the language's words: `cancela` is a no elsewhere
            decided = by_act(text, question.act, irreversible=question.irreversible)
        else:
            decided = _plain(text, question)
            if decided is None and not (question.act and wishes_otherwise(text, question.act)):
                decided = _remarked(text, question)
        if decided is None:
            raise refusal("not_yes_or_no")
        return _meant(yes=decided)


def _plain(text: str, question: Question) -> bool | None:
    """Return what *text* says as a whole."""
    if normalise(text) in NUMBERS:
        return normalise(text) == "1"
    if says(text, question.yes, question.no) and not ASKS.search(text):
        return True
    return False if says(text, question.no, question.yes) else None


def _remarked(text: str, question: Question) -> bool | None:
    """Return what *text* says before a remark; where nothing can be taken back, no yes has one."""
    if not question.irreversible and _is_remarked(text, question.yes, (*question.no, *DENIALS)):
        return True
    return False if _is_remarked(text, question.no, question.yes) else None


def _is_remarked(text: str, words: tuple[str, ...], others: Iterable[str]) -> bool:
    """Whether *text* begins with one of *words*, and only a remark follows that does not contradict it.

    Without a break between them, only the plain word counts, and only a few words may follow: `quero` may as well be
    the beginning of `quero cancelar`.
    """
    said, after = _parted(text)
    if after and says(said, words, others):
        remark = after
    else:
        plain, _, rest = said.partition(" ")
        if not says(plain, words[:1]) or not 0 < len(rest.split()) <= _WITHOUT_BREAK:
            return False
        remark = f"{rest}, {after}"
    contrary = (*(phrase for phrase in others if normalise(phrase) not in ONLY_ALONE), *NUMBERS)
    doubtful = ASKS.search(text) or mentions(text, UNSURE) or mentions(remark, contrary)
    return not doubtful and len(tokens(remark)) <= _AFTER_BREAK


def _parted(text: str) -> tuple[str, str]:
    """Return the normalised text up to the first break, and the rest; a greeting in front is left out."""
    parts = [said for part in _BREAK.split(text) if (said := " ".join(tokens(part)))]
    if len(parts) > 1 and set(parts[0].split()) <= GREETING:
        del parts[0]
    return parts[0] if parts else "", ", ".join(parts[1:])


def _meant(*, yes: bool) -> Understood:
    return Understood(value=yes, choice="yes" if yes else "no")
