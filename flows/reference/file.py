"""The file of a flow: its own keys, its variables, the sentences that it may say otherwise."""

from typing import Final, cast

from flows.reference.keys import Schema, keys_of
from flows.reference.topic import Chapter, Topic
from flows.schema import json_schema
from flows.texts import Texts, in_language
from flows.types import GENERAL, TYPES

ABOUT: Final = """
A flow is one file in YAML, in the folder that `[flows]` of the settings names. Its cards stand in order: where a card
does not say where to go, the one below follows. Unknown keys are mistakes; `prosa flow check` finds them by line.
"""
VARIABLES: Final = """
What the flow remembers, each under its name (`document: {type: cpf_cnpj, sensitive: true}`). Cards set them (`save_as`,
`set`), texts and conditions read them.
"""
TEXTS: Final = """
What Prosa says by itself, and the words that it understands. A flow says otherwise what it likes:
`texts: {goodbye: "Até logo!"}`. In brackets, what `pt-BR` says.
"""
_LANGUAGE: Final = "pt-BR"


def chapter() -> Chapter:
    """Return it."""
    schema = json_schema()
    definitions = cast("Schema", schema["$defs"])
    own = tuple(name for name in schema["properties"] if name != "texts")
    variable = keys_of(cast("Schema", definitions["Variable"]), definitions)
    topics = (
        Topic("Keys of the file", "", keys=keys_of(schema, definitions, own), example=EXAMPLE.strip()),
        Topic("variables", VARIABLES.strip(), keys=variable),
        Topic("types", "What a variable may hold.", rows=_types()),
        Topic("texts", TEXTS.strip(), rows=_texts()),
    )
    return Chapter("file", "The file of a flow", ABOUT.strip(), topics)


EXAMPLE: Final = """
spec: 1
flow: opening
title: Boas-vindas
language: pt-BR
variables:
  city: {type: text, title: Cidade}
fallback: sorry
cards:
  - id: ask_city
    card: ask_question
    text: "De que cidade você fala?"
    answer: text
    save_as: city
    timeout: 30m
  - id: thank
    card: send_message
    text: "Obrigado! Já vamos atender {{ city | title }}."
    next: end
  - id: sorry
    card: send_message
    text: "Desculpe, algo deu errado por aqui."
"""


def _types() -> tuple[tuple[str, str], ...]:
    answers = ", ".join(f"`{name}`" for name in TYPES if name not in GENERAL)
    return (*((f"`{name}`", about) for name, about in GENERAL.items()), (answers, "what the answer of that kind keeps"))


def _texts() -> tuple[tuple[str, str], ...]:
    said = in_language(_LANGUAGE, {})
    fields = Texts.model_fields.items()
    return tuple((f"`{name}`", _text(name, field.description or "", said)) for name, field in fields)


def _text(name: str, about: str, said: dict[str, object]) -> str:
    about = " ".join(about.split())
    return f"{about} ({said[name]})" if isinstance(said.get(name), str) else about
