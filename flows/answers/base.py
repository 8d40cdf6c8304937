"""The contract of every kind of answer."""

from typing import ClassVar, Final

from domain.message import Inbound, Option
from domain.registry import Registry
from flows.parts.question import Question
from flows.understanding.negation import without_denials
from flows.understanding.refusals import Reason, refusal, words_of
from flows.understanding.shorthand import spelled_out
from flows.understood import Change, Outcome, Understood, changed, outcome, refused, taken

__all__ = [
    "Answer",
    "Change",
    "Outcome",
    "Question",
    "Reason",
    "Understood",
    "answers",
    "changed",
    "refusal",
    "taken",
    "words_of",
]


class Answer:
    """One kind of answer. Subclasses understand what people write, or say why not."""

    offers: ClassVar[bool] = False
    """Whether the flow gives it options."""
    must_save: ClassVar[bool] = True
    """Whether a question of this kind makes no sense without `save_as`."""
    sensitive: ClassVar[bool] = False
    """Whether it is personal data that logs must not show."""

    also: ClassVar[str] = "text"
    """The wider type that each of its values has as well; empty when there is none."""
    in_sentences: ClassVar[bool] = False
    """Whether what it looks for may stand anywhere in a sentence, which may deny it."""
    denied: ClassVar[str] = "answers-denied"
    """What `patched` calls the change since which it is refused when a sentence denies it."""
    in_shorthand: ClassVar[bool] = True
    """Whether what people type on phones means the words that it stands for: `hj`, `kkk`."""
    takes_any_words: ClassVar[bool] = False
    """Whether it understands whatever is written, so that keywords have to be heard before it."""
    needs_today: ClassVar[bool] = False
    """Whether what it means depends on the day on which it is read."""

    def options(self, question: Question) -> tuple[Option, ...]:
        """Return what the contact may tap."""
        return tuple(Option(id=choice.id, label=choice.label) for choice in question.choices)

    def understand(self, message: Inbound, question: Question) -> Understood:
        """Return what *message* means; InvalidAnswerError, whose text is a `Reason`, when it is no answer."""
        raise NotImplementedError

    def hear(self, message: Inbound, question: Question) -> Understood:
        """Return what *message* means, shorthand and denials considered; InvalidAnswerError when it is no answer."""
        heard = self._unless_denied(message, question)
        if not self.in_shorthand:
            return taken(heard)
        plain = message.model_copy(update={"text": spelled_out(message.text)})
        if plain.text != message.text:
            meant = self._unless_denied(plain, question)
            if refused(heard) is not None or refused(meant) == "denied":
                heard = changed("answers-in-shorthand", heard, meant)
        return taken(heard)

    def _unless_denied(self, message: Inbound, question: Question) -> Outcome:
        """Return what *message* means, aside from what it denies."""
        heard = outcome(lambda: self.understand(message, question))
        if not self.in_sentences:
            return heard
        affirmed = message.model_copy(update={"text": without_denials(message.text)})
        if affirmed.text == message.text:
            return heard
        meant = outcome(lambda: self.understand(affirmed, question))
        if isinstance(heard, Understood) and isinstance(meant, Understood) and heard.value == meant.value:
            return heard
        return changed("answers-corrected", changed(self.denied, heard, "denied"), meant)


answers: Final = Registry[Answer]("answer")
