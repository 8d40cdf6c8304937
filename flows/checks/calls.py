"""Calls of other flows and systems: their existence and their arguments (P301, P302, P304 to P307)."""

from collections.abc import Collection, Iterator, Mapping
from typing import Final, cast

from pydantic import JsonValue

from domain.suggestion import Suggestions
from flows.cards.base import Asked
from flows.cards.open_conversation import OpenConversation
from flows.cards.run_flow import RunFlow
from flows.checks.finding import Finding
from flows.checks.installation import Catalogue, Schema
from flows.flow import Flow

KnownFlows = Mapping[str, Flow] | Collection[str]
"""The flows that may be called; with their content, inputs and outputs are checked too."""

_TYPES: Final[dict[str, tuple[type, ...]]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}


def check_flows(flow: Flow, known: KnownFlows) -> Iterator[Finding]:
    """Yield the flows that are called and do not exist, and variables that they do not have."""
    suggestions = Suggestions()
    callers = {name: card.id for card in reversed(flow.cards) for name in card.calls()}
    for name in flow.called():
        if name not in known and name != flow.flow:
            yield _no_flow(name, callers.get(name), known, suggestions)
    for card in flow.cards:
        if isinstance(card, OpenConversation) and card.flow not in known and card.flow != flow.flow:
            yield _no_flow(card.flow, card.id, known, suggestions)
    flows = {**contents(known), flow.flow: flow}
    for card in flow.cards:
        if isinstance(card, RunFlow | OpenConversation) and card.flow in flows:
            yield from _exchanged(card, flows[card.flow], suggestions)


def check_operations(flow: Flow, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield the calls whose operation or arguments do not exist or do not fit."""
    suggestions = Suggestions()
    for card in flow.cards:
        # A card may call the same operation in several ways; that there is none is said once.
        yield from dict.fromkeys(
            finding for asked in card.asks() for finding in _asked(card.id, asked, catalogue, suggestions)
        )


def contents(known: KnownFlows) -> Mapping[str, Flow]:
    """Return *known* when it has the flows' content; empty when it only has their names."""
    return cast("Mapping[str, Flow]", known) if isinstance(known, Mapping) else {}


def _no_flow(name: str, card: str | None, known: KnownFlows, suggestions: Suggestions) -> Finding:
    return Finding(
        code="P301",
        card=card,
        key="flow" if card else "",
        sentence=f"there is no flow {name!r}{suggestions.nearest_or_all(name, sorted(known))}",
        remedy="write it, or mend the name",
    )


def _exchanged(card: RunFlow | OpenConversation, called: Flow, suggestions: Suggestions) -> Iterator[Finding]:
    names = [(f"inputs.{name}", name) for name in card.inputs]
    if isinstance(card, RunFlow):
        names += [(f"outputs.{here}", there) for here, there in card.outputs.items()]
    for key, name in names:
        if name not in called.variables:
            yield Finding(
                code="P302",
                card=card.id,
                key=key,
                sentence=f"flow {called.flow!r} has no variable {name!r}"
                f"{suggestions.nearest_or_all(name, called.variables)}",
                remedy="mend the name, or declare it there",
            )


def _asked(card: str, asked: Asked, catalogue: Catalogue, suggestions: Suggestions) -> Iterator[Finding]:
    operations = catalogue.get(asked.connection)
    if operations is None:  # another finding says so
        return
    if asked.operation not in operations:
        yield Finding(
            code="P304",
            card=card,
            key=asked.key,
            sentence=f"connection {asked.connection!r} has no operation {asked.operation!r}"
            f"{suggestions.nearest_or_all(asked.operation, operations)}",
            remedy="mend the name",
        )
    else:
        yield from _arguments(card, asked, operations[asked.operation].arguments, suggestions)


def _arguments(card: str, asked: Asked, schema: Schema, suggestions: Suggestions) -> Iterator[Finding]:
    properties = cast("dict[str, Schema]", schema.get("properties", {}))
    under = asked.under.rstrip(".")
    for name in cast("list[str]", schema.get("required", [])):
        if name not in asked.arguments:
            yield Finding(
                code="P306",
                card=card,
                key=under or asked.key,
                sentence=f"operation {asked.operation!r} needs the argument {name!r}",
                remedy=f"add it under {under!r} ({name}: ...)" if under else "name a connection that needs it not",
            )
    for name, value in asked.arguments.items():
        if name not in properties:
            if schema.get("additionalProperties") in (None, False):
                yield Finding(
                    code="P305",
                    card=card,
                    key=asked.under + name,
                    sentence=f"operation {asked.operation!r} has no argument {name!r}"
                    f"{suggestions.nearest_or_all(name, properties)}",
                    remedy="mend the name, or leave it out",
                )
        elif (expected := _types(properties[name])) and not _may_be(value, expected):
            yield Finding(
                code="P307",
                card=card,
                key=asked.under + name,
                sentence=f"argument {name!r} of {asked.operation!r} is {' or '.join(expected)}, found {value!r}",
                remedy="write a value of that type",
            )


def _types(schema: Schema) -> list[str]:
    """Return the types that a value may have; none when the schema does not say it simply."""
    choices = cast("list[Schema]", schema.get("anyOf", [schema]))
    found = [choice.get("type") for choice in choices]
    return [name for name in found if isinstance(name, str) and name in _TYPES] if all(found) else []


def _may_be(value: JsonValue, types: list[str]) -> bool:
    if isinstance(value, str) and "{{" in value:
        return True  # only known when it is played
    if isinstance(value, bool):
        return "boolean" in types
    return any(isinstance(value, _TYPES[name]) for name in types)
