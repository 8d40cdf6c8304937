"""What every system asks in turn: a text, a choice of nine and a confirmation; and how a floor reads the answers.

`echo.yaml` asks the same; `tests/bench` compares the two.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

Option = tuple[str, str]
"""Id and label of what a contact may tap."""


@dataclass(frozen=True)
class Question:
    """One question, and what the driver's contacts answer to it, one after the other."""

    text: str
    variable: str
    answers: tuple[str, ...]
    """A text as it is written; of a question with options, the id of one."""
    options: tuple[Option, ...] = ()
    synonyms: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """What else people may write for an option, by its id."""


NOTE: Final = Question(
    text="Pergunta do teste de desempenho: o que mais devo anotar neste atendimento agora?",
    variable="note",
    answers=("Resposta do teste de desempenho: anote por favor que o cliente ligou de novo hoje.",),
)
SUBJECT: Final = Question(
    text="Pergunta do teste de desempenho: sobre qual destes assuntos vamos falar agora?",
    variable="subject",
    options=(
        ("boleto", "Segunda via de boleto"),
        ("suporte", "Suporte técnico"),
        ("desbloqueio", "Desbloqueio em confiança"),
        ("planos", "Planos e preços"),
        ("endereco", "Mudança de endereço"),
        ("visita", "Visita técnica"),
        ("senha", "Senha do wifi"),
        ("cancelamento", "Cancelamento"),
        ("outro", "Outro assunto"),
    ),
    synonyms={"boleto": ("fatura", "conta"), "suporte": ("técnico", "sem internet"), "planos": ("preços", "valores")},
    answers=("suporte", "senha", "outro", "boleto"),
)
RIGHT: Final = Question(
    text="Pergunta do teste de desempenho: anotei tudo certo até aqui, podemos continuar?",
    variable="right",
    options=(("yes", "Sim"), ("no", "Não")),
    synonyms={"yes": ("s", "claro", "pode", "isso"), "no": ("n", "nao", "nunca", "negativo")},
    answers=("yes", "no"),
)
QUESTIONS: Final = (NOTE, SUBJECT, RIGHT)
"""In the order in which they are asked, for ever."""
NOTES: Final = (NOTE,)
"""For flows that ask nothing else."""


def understand(question: Question, text: str, choice: str | None) -> str | bool | None:
    """Return the value of an answer, as people write this by hand; None when it has to be asked for again."""
    if not question.options:
        return text.strip() or None
    said = _plain(text)
    for place, (id_, label) in enumerate(question.options, 1):
        names = {str(place), _plain(label), *map(_plain, question.synonyms.get(id_, ()))}
        if choice == id_ or (choice is None and said in names):
            return id_ == "yes" if question is RIGHT else id_
    return None


def answer(questions: Sequence[Question], number: int, mark: str) -> tuple[str, str | None]:
    """Return text and tapped option of the contact's message *number*, counted from 0; the first one asks nothing.

    *mark* makes texts differ: nobody says the same thirty times, and Prosa would take him for a bot.
    """
    place = number - 1
    question = questions[place % len(questions)]
    said = question.answers[(place // len(questions)) % len(question.answers)]
    if number == 0 or not question.options:
        return f"{NOTE.answers[0]} {mark}", None
    return dict(question.options)[said], said


def _plain(text: str) -> str:
    return " ".join(text.casefold().strip(" .!?").split())
