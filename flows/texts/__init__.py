"""The standard sentences of a flow, in each language that has a file here."""

from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any, Final

from pydantic import ConfigDict

from domain.model import Written
from flows.reading.tree import read_tree

_BY_KIND: Final = "invalid_"
"""How the names of sentences begin that answers of one kind are refused with."""


class Texts(Written):
    """Prosa's own sentences, `{{ expressions }}` allowed, and the words it understands."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    text_too_long: str
    """A message was longer than can be read in one go."""
    choose_one: str
    """An answer is not one of the options; they are shown again."""
    invalid: str
    """An answer is not what the question takes, and its kind has no sentence of its own.

    A flow that writes this one writes them all, unless it writes the other too.
    """
    invalid_confirmation: str
    """An answer is neither yes nor no."""
    invalid_number: str
    """An answer is not one number."""
    invalid_money: str
    """An answer is not one amount of money."""
    invalid_date: str
    """An answer is not one date."""
    invalid_time: str
    """An answer is not one time of day."""
    invalid_cpf: str
    """An answer is not one right CPF."""
    invalid_cnpj: str
    """An answer is not one right CNPJ."""
    invalid_cpf_cnpj: str
    """An answer is neither a right CPF nor a right CNPJ."""
    invalid_email: str
    """An answer is not one e-mail address."""
    invalid_phone: str
    """An answer is not one telephone number with area code."""
    invalid_cep: str
    """An answer is not one CEP."""
    invalid_file: str
    """An answer is no file."""
    invalid_image: str
    """An answer is no picture."""
    invalid_audio: str
    """An answer is no sound recording."""
    invalid_location: str
    """An answer is no place on the map."""
    invalid_rating: str
    """An answer is not a rating."""
    choose_score: str
    """An answer to a survey is not a score, which goes from `lowest` to `highest`."""
    for_example: str
    """Follows `invalid` when the question gives an example, known here as `example`."""
    apology: str
    """The last message before a conversation ends because of an error."""
    after_end: str
    """Answers a thank-you after the end."""
    robot: str
    """The last message before a conversation with another bot ends."""
    handing_over: str
    """The contact is passed to agents of the queue `queue`, which is empty when the queue has no title.

    `position` is the position in the queue, 1 for the next; `estimate` is the time within which most have their answer
    (`10 minutos`), empty when unknown.
    """
    still_waiting: str
    """Answers a waiting contact's messages, once in a while; knows `position` and `estimate`.

    The estimate is of the time from now on.
    """
    goodbye: str
    """The last message to a contact who has asked to leave."""
    thanks: tuple[str, ...]
    """Words, phrases and emoji that make up a thank-you."""
    yes: tuple[str, ...]
    """Ways to say yes; the first one labels the button."""
    no: tuple[str, ...]
    """Ways to say no; the first one labels the button."""
    menu_words: tuple[str, ...]
    """Ways to ask for the menu, at any question."""
    back_words: tuple[str, ...]
    """Ways to ask for the question before, to correct its answer."""
    repeat_words: tuple[str, ...]
    """Ways to ask for the question once more."""
    agent_words: tuple[str, ...]
    """Ways to ask for a person."""
    leave_words: tuple[str, ...]
    """Ways to end the conversation."""


def refusal(kind: str) -> str:
    """Return the name of the sentence that an answer of *kind* is refused with."""
    name = f"{_BY_KIND}{kind}"
    return name if name in Texts.model_fields else "invalid"


def in_language(language: str, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the sentences of *language* with *changes*; only the changes when the language has no file."""
    known = _LANGUAGES.get(language, {})
    if "invalid" in changes:
        known = {name: changes["invalid"] if name.startswith(_BY_KIND) else text for name, text in known.items()}
    return {**known, **changes}


def languages() -> tuple[str, ...]:
    """Return the languages whose sentences Prosa brings along."""
    return tuple(sorted(_LANGUAGES))


def _read() -> Iterator[tuple[str, Mapping[str, Any]]]:
    for file in sorted(files(__name__).iterdir(), key=lambda file: file.name):
        if file.name.endswith(".yaml"):
            texts = Texts.model_validate(read_tree(file.read_text(encoding="utf-8"), file.name).plain())
            yield file.name.removesuffix(".yaml"), texts.model_dump(mode="json")


_LANGUAGES: Final = dict(_read())
DEFAULT: Final = Texts.model_validate(in_language("pt-BR", {}))
"""The sentences of a conversation whose flow cannot be read."""
