"""Check a story's expectations beside messages: variables, tags, exits, reference points, calls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.call import Call
from domain.conversation import Frame, Snapshot
from domain.event import Event
from flows.flow import Flow
from stories.matching import contains, in_order, is_called
from stories.outcome import Difference
from stories.steps import AnyStep, Asks, Hurries, Knows, Passes, Remembers, Tagged, Takes
from stories.wording import NOTHING, expected


@dataclass(frozen=True)
class View:
    """The state of a conversation that a step is checked against."""

    state: Snapshot | None
    flows: Mapping[str, Flow]
    journal: Sequence[Event]
    since: Sequence[Event]
    """The part of the journal since the contact last did something."""
    calls: Sequence[Call[Any]]
    """Calls to connections since then."""


def look(step: AnyStep, view: View) -> None:
    """Compare the expectation of *step* with the state; Difference when they differ."""
    match step:
        case Knows():
            found = _variables(step, view)
        case Tagged():
            tags = tuple(view.state.tags) if view.state else ()
            found = None if tags == step.tags else ", ".join(tags)
        case Hurries():
            priority = view.state.priority if view.state else NOTHING
            found = None if priority == step.priority else priority
        case Remembers():
            known = view.state.known.model_dump(mode="json") if view.state else {}
            found = None if contains(known, step.known) else str({name: known.get(name) for name in step.known})
        case Takes():
            taken = [event for event in view.since if event.kind == "exit_taken"]
            short = [f"{event.card}.{event.data['exit']}" for event in taken]
            whole = [f"{event.flow}.{name}" for event, name in zip(taken, short, strict=True)]
            named = whole if any(name.count(".") > 1 for name in step.exits) else short
            found = None if in_order(step.exits, named) else ", ".join(named)
        case Passes():
            points = [str(event.data["name"]) for event in view.journal if event.kind == "reference_point_reached"]
            found = None if in_order(step.reference_points, points) else ", ".join(points)
        case Asks():
            asked = [f"{effect.called} with {effect.call_arguments}" for effect in view.calls]
            found = None if any(is_called(step, effect) for effect in view.calls) else "; ".join(asked)
        case _:
            raise TypeError(f"expected a step that looks at something, found {step!r}")
    if found is not None:
        raise Difference(expected(step), found or NOTHING)


def _variables(step: Knows, view: View) -> str | None:
    frame: Frame | None = view.state.frames[-1] if view.state and view.state.frames else None
    if frame is None:
        return "the conversation has ended, and its variables with it"
    values = {name: variable.default for name, variable in view.flows[frame.flow].variables.items()} | frame.variables
    if contains(values, step.variables):
        return None
    return f"variables { ({name: values[name] for name in step.variables if name in values}) } of flow {frame.flow!r}"
