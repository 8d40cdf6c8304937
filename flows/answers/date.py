"""A date."""

from datetime import date

from domain.message import Inbound
from flows.answers.base import Answer, Outcome, Understood, answers, changed, taken, words_of
from flows.parts.question import Question
from flows.understanding.dates import dates_in
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
        figures = in_figures(text, question.today)
        return taken(changed("dates-as-said", _read(text, question.today), _read(figures, question.today)))


def _read(text: str, today: date) -> Outcome:
    found = dates_in(text, today)
    if len(found) > 1:
        return "ambiguous"
    return Understood(value=found.pop().isoformat()) if found else "not_a_date"
