"""Yes or no."""

from domain.message import Inbound, Option
from flows.answers.base import Answer, Understood, answers, refusal, words_of
from flows.phrases import normalise, says
from flows.question import Question


@answers.register
class Confirmation(Answer):
    """Yes or no, in the many ways in which people say it: `sim`, `claro`, `pode ser`, 👍, `não`, `deixa`.

    The words are those of the flow's `texts` (`yes`, `no`). The value is true or false.
    """

    also = "boolean"
    must_save = False

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
        if normalise(text) in {"1", "2"}:
            return _meant(yes=normalise(text) == "1")
        if says(text, question.yes, question.no):
            return _meant(yes=True)
        if says(text, question.no, question.yes):
            return _meant(yes=False)
        raise refusal("not_yes_or_no")


def _meant(*, yes: bool) -> Understood:
    return Understood(value=yes, choice="yes" if yes else "no")
