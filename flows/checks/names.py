"""Names and expressions: syntax errors, undeclared variables, variables that are never set (P201 to P205)."""

from collections.abc import Iterator

from pydantic import JsonValue

from domain.errors import ExpressionError
from domain.suggestion import Suggestions
from domain.wait_defaults import WaitDefaults
from flows.checks.finding import Finding
from flows.expressions.expression import names_used, template_names
from flows.flow import ALWAYS, Flow
from flows.parts.queue_position import POSITION_NAMES

_TEXT_NAMES = {
    "for_example": ("example",),
    "choose_score": ("lowest", "highest"),
    "handing_over": ("queue", *POSITION_NAMES),
    "still_waiting": POSITION_NAMES,
}


def check_names(flow: Flow) -> Iterator[Finding]:
    """Yield the mistakes in names and expressions."""
    used: set[str] = set()
    suggestions = Suggestions()
    known = frozenset((*flow.variables, *ALWAYS))
    for card, key, names, inside in _read(flow):
        yield from _unknown(card, key, names, known.union(inside) if inside else known, suggestions)
        used |= names if isinstance(names, set) else set()
    yield from _settings(flow, suggestions)
    yield from _declarations(flow, used)


def check_reminders(silence: WaitDefaults) -> Iterator[Finding]:
    """Yield the mistakes in the names that reminders of the settings use: no flow's variables are known there."""
    for key, text in _reminders(silence):
        yield from _unknown(None, key, _names(text), frozenset(ALWAYS), Suggestions())


def _unknown(
    card: str | None,
    key: str,
    names: set[str] | ExpressionError,
    known: frozenset[str],
    suggestions: Suggestions,
) -> Iterator[Finding]:
    """Yield the *names* that are not *known*, or that they cannot be read."""
    if isinstance(names, ExpressionError):
        yield Finding(
            code="P201",
            card=card,
            key=key,
            sentence=f"{key!r} cannot be read: {names}",
            remedy="mend the expression",
        )
        return
    for name in sorted(names - known):
        yield Finding(
            code="P202",
            card=card,
            key=key,
            sentence=f"{key!r} uses the unknown name {name!r}{suggestions.nearest(name, known)}",
            remedy="declare it under 'variables', or mend the name",
        )


def _reminders(silence: WaitDefaults) -> Iterator[tuple[str, str]]:
    for place, reminder in enumerate(silence.reminders or ()):
        yield f"silence.reminders.{place}.text", reminder.text


def _read(flow: Flow) -> Iterator[tuple[str | None, str, set[str] | ExpressionError, tuple[str, ...]]]:
    """Yield card, key and names of everything that is rendered, filled or evaluated, with extra names known there."""
    for name, text in flow.texts:
        if isinstance(text, str):
            yield None, f"texts.{name}", _names(text), _TEXT_NAMES.get(name, ())
    for key, text in _reminders(flow.silence):
        yield None, key, _names(text), ()
    for card in flow.cards:
        inside = card.names_inside()
        for key, value in (*card.texts().items(), *card.values().items()):
            yield card.id, key, _names(value), inside.get(key, ())
        for key, expression in card.expressions().items():
            yield card.id, key, _names(expression, bare=True), inside.get(key, ())


def _names(value: JsonValue, *, bare: bool = False) -> set[str] | ExpressionError:
    try:
        return names_used(value, bare=True) if bare and isinstance(value, str) else template_names(value)
    except ExpressionError as error:
        return error


def _settings(flow: Flow, suggestions: Suggestions) -> Iterator[Finding]:
    for card in flow.cards:
        for key, name in card.sets().items():
            if name not in flow.variables:
                yield Finding(
                    code="P203",
                    card=card.id,
                    key=key,
                    sentence=f"{key!r} sets the undeclared variable {name!r}"
                    f"{suggestions.nearest(name, flow.variables)}",
                    remedy=f"declare it under 'variables' ({name}: {{type: text}}), or mend the name",
                )


def _declarations(flow: Flow, used: set[str]) -> Iterator[Finding]:
    given = {name for card in flow.cards for name in card.sets().values()}
    given |= {name for name, variable in flow.variables.items() if variable.input or variable.default is not None}
    for name in flow.variables:
        if name in used and name not in given:
            yield Finding(
                code="P204",
                severity="warning",
                key=f"variables.{name}",
                sentence=f"variable {name!r} is used and never set",
                remedy="set it before, give it a 'default', or mark it 'input: true' when the calling flow sets it",
            )
        elif name not in used and name not in given:
            yield Finding(
                code="P205",
                severity="warning",
                key=f"variables.{name}",
                sentence=f"variable {name!r} is neither used nor set",
                remedy="delete it",
            )
