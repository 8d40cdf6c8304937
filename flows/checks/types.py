"""Types of values and of the variables that keep them (P209)."""

from collections.abc import Iterator, Mapping
from typing import Final, cast

from jinja2 import nodes
from pydantic import JsonValue

from domain.errors import ExpressionError
from flows.cards.ask_question import AskQuestion
from flows.cards.base import Card
from flows.cards.erp_call import ErpCall
from flows.cards.run_flow import RunFlow
from flows.checks.finding import Finding
from flows.checks.installation import Catalogue, Schema
from flows.expressions.filters import filters
from flows.expressions.grammar import parse_template
from flows.expressions.values import number
from flows.flow import Flow
from flows.types import ANY, fits

_SCHEMA: Final = {
    "string": "text",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "array": "list",
    "object": "record",
}
_NODES: Final[dict[type[nodes.Node], str]] = {
    nodes.Concat: "text",
    nodes.List: "list",
    nodes.Compare: "boolean",
    nodes.Not: "boolean",
    nodes.Test: "boolean",
}


def check_types(flow: Flow, catalogue: Catalogue, known: Mapping[str, Flow]) -> Iterator[Finding]:
    """Yield the values that are known before to be something else than their variable was declared as."""
    declared = {name: variable.type for name, variable in flow.variables.items()}
    for name, variable in flow.variables.items():
        yield from _misfit(None, f"variables.{name}.default", name, variable.type, type_of(variable.default))
    for card in flow.cards:
        for key, name, found in _given(card, declared, catalogue, known):
            if name in declared:
                yield from _misfit(card, key, name, declared[name], found)
        if isinstance(card, RunFlow) and card.flow in known:
            for name, value in card.inputs.items():
                if name in (there := known[card.flow].variables):
                    yield from _misfit(card, f"inputs.{name}", name, there[name].type, _written(value, declared))


def type_of(value: JsonValue) -> str:
    """Return the type of *value* as it stands; a text that is a number may be either."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, list):
        return "list"
    if isinstance(value, dict):
        return "record"
    return "text" if value and number(value) is None else ANY


def _misfit(card: Card | None, key: str, name: str, declared: str, found: str) -> Iterator[Finding]:
    if not fits(found, declared):
        yield Finding(
            code="P209",
            severity="warning",
            card=card.id if card else None,
            key=key,
            sentence=f"variable {name!r} is declared as {declared}, and gets {found}",
            remedy=f"declare it as what it gets ({name}: {{type: {found}}}), or give it {declared}",
        )


def _given(
    card: Card, declared: Mapping[str, str], catalogue: Catalogue, known: Mapping[str, Flow]
) -> Iterator[tuple[str, str, str]]:
    """Yield key, variable and type of each value that *card* writes to a variable."""
    values, types = card.values(), card.gives()
    for key, name in card.sets().items():
        if key in types:
            yield key, name, types[key]
        elif key in values:
            yield key, name, _written(values[key], declared)
        elif isinstance(card, ErpCall):
            operation = catalogue.get(card.connection, {}).get(card.operation)
            yield key, name, _answered(operation.answer) if operation else ANY
        elif isinstance(card, RunFlow) and card.flow in known:
            there = known[card.flow].variables.get(card.outputs[name])
            yield key, name, there.type if there else ANY
    if isinstance(card, AskQuestion) and card.save_as:
        for place, option in enumerate(card.options):
            kept = option.label if option.value is None else option.value
            yield f"options.{place}.value", card.save_as, _written(kept, declared)


def _answered(schema: Schema) -> str:
    choices = [choice for choice in cast("list[Schema]", schema.get("anyOf", [schema])) if choice.get("type") != "null"]
    return _SCHEMA.get(str(choices[0].get("type")), ANY) if len(choices) == 1 else ANY


def _written(value: JsonValue, declared: Mapping[str, str]) -> str:
    """Return the type that *value* has when it has been filled."""
    if not isinstance(value, str):
        return type_of(value)
    try:
        pieces = parse_template(value)
    except ExpressionError:  # another check says so
        return ANY
    if len(pieces) == 1 and not isinstance(pieces[0], nodes.TemplateData):
        return _worth(pieces[0], declared)
    return "text" if len(pieces) > 1 else type_of(value)


def _worth(node: nodes.Node, declared: Mapping[str, str]) -> str:
    """Return the type of the expression *node*, as far as it is known."""
    match node:
        case nodes.Name(name=name):
            return declared.get(name, ANY)
        case nodes.Const(value=value):
            return type_of(value)
        case nodes.Filter(name=name):
            return filters[name].gives
        case nodes.CondExpr(expr1=chosen, expr2=other) if other is not None:
            types = {_worth(chosen, declared), _worth(other, declared)}
            return types.pop() if len(types) == 1 else ANY
        case _:
            return _NODES.get(type(node), ANY)
