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
    one after today; with `past` the last one. Of a year in two digits, `85` is 1985. A span or a choice of days (`10 ou
    11/12`), or a day by the name of another (`terça, 25/12`), is asked for again. The value is `2026-12-10`, as the
    filter `date` takes it.
    """

    needs_today = True
    in_sentences = True

    def understand(self, message: Inbound, question: Question) -> Understood:
        """Return the date."""
        text = words_of(message)
        if excludes(text):
            raise refusal("denied")
        found = dates_in(in_figures(text, question.today), question.today, past=question.past)
        if len(found) != 1:
            raise refusal("ambiguous" if found else "not_a_date")
        day = found.pop()
        if (question.past and day > question.today) or (question.future and day < question.today):
            raise refusal("out_of_range")
        return Understood(value=day.isoformat())
