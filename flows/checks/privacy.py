"""Personal data where journal and logs would show it (P206 to P208)."""

from collections.abc import Iterator

from pydantic import JsonValue

from domain.errors import ExpressionError
from flows.answers import answers
from flows.cards.ask_question import AskQuestion
from flows.cards.base import Card
from flows.checks.finding import Finding
from flows.expressions.expression import names_shown
from flows.flow import Flow


def check_privacy(flow: Flow) -> Iterator[Finding]:
    """Yield the variables and notes that would keep personal data in plain text."""
    for card in flow.cards:
        if isinstance(card, AskQuestion) and answers[card.answer].sensitive:
            yield from _answer(flow, card)
        values = card.values()
        for key, name in card.sets().items():
            if key in values and name in flow.variables and not flow.variables[name].sensitive:
                for source in _sensitive(flow, values[key]):
                    yield _copied(card, key, name, source)
        for key, text in card.journalled().items():
            for source in _sensitive(flow, text):
                yield Finding(
                    code="P208",
                    severity="warning",
                    card=card.id,
                    key=key,
                    sentence=f"{key!r} writes {source!r}, which is personal data, into the journal",
                    remedy="leave it out, or mask it ({{ document | cpf }})",
                )


def _answer(flow: Flow, card: AskQuestion) -> Iterator[Finding]:
    name = card.save_as
    if name in flow.variables and not flow.variables[name].sensitive:
        yield Finding(
            code="P206",
            severity="warning",
            card=card.id,
            key="save_as",
            sentence=f"variable {name!r} keeps personal data that journal and logs would show",
            remedy=f"declare it as sensitive ({name}: {{type: {flow.variables[name].type}, sensitive: true}})",
        )


def _copied(card: Card, key: str, name: str, source: str) -> Finding:
    return Finding(
        code="P207",
        severity="warning",
        card=card.id,
        key=key,
        sentence=f"variable {name!r} takes over {source!r}, which is personal data; journal and logs would show it",
        remedy=f"declare it as sensitive too ({name}: {{..., sensitive: true}}), or mask what it takes",
    )


def _sensitive(flow: Flow, value: JsonValue) -> list[str]:
    """Return the sensitive variables that *value* shows."""
    try:
        shown = names_shown(value)
    except ExpressionError:  # another check says so
        return []
    return sorted(name for name in shown if name in flow.variables and flow.variables[name].sensitive)
