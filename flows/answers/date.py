"""A date."""

from domain.message import Inbound
from flows.answers.base import Answer, Understood, answers, refusal, words_of
from flows.parts.question import Question
from flows.understanding.dates import dates_in
from flows.understanding.negation import excludes
from flows.understanding.spoken_dates import in_figures


@answers.register
class Date(Answer):
    """A date: `10/12`, `10/12/2026`, `dez 10`, `vinte de maio`, `amanhã`, `sexta`, `dia 5`, `daqui a 3 dias`.

    Without a year, or a month, it is the next such date by the company's clock, today included; of a weekday the next
    one after today. Of a year in two digits, `85` is 1985. The value is `2026-12-10`, as the filter `date` takes it.
    """

    needs_today = True
    in_sentences = True

    def understand(self, message: Inbound, question: Question) -> Understood:
        """Return the date."""
        text = words_of(message)
        if excludes(text):
            raise refusal("denied")
        found = dates_in(in_figures(text, question.today), question.today)
        if len(found) != 1:
            raise refusal("ambiguous" if found else "not_a_date")
        return Understood(value=found.pop().isoformat())
