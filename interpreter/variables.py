"""Keep a flow's variables within their types and sizes."""

import json
from collections.abc import Sequence

from pydantic import JsonValue

from domain.conversation import Frame
from domain.errors import FlowError
from domain.limits import LIMITS
from flows.flow import Flow


def keep(frames: Sequence[Frame], flow: Flow, variable: str, value: JsonValue) -> None:
    """Store *value* in a variable of *flow*, the innermost; FlowError when it is not declared, or holds too much."""
    if variable not in flow.variables:
        raise FlowError(f"variable {variable!r} is not declared by flow {flow.flow!r}")
    if (size := size_of(value)) > LIMITS.variable:
        raise FlowError(f"variable {variable!r} would hold {size} bytes, {LIMITS.variable} at most")
    kept = frames[-1].variables
    before = kept.get(variable)
    kept[variable] = value
    if (size := sum(size_of(frame.variables) for frame in frames)) > LIMITS.state:
        kept[variable] = before
        raise FlowError(f"the variables of the conversation would hold {size} bytes, {LIMITS.state} at most")


def size_of(value: object) -> int:
    """Return the bytes that *value* takes as JSON."""
    return len(json.dumps(value, ensure_ascii=False).encode())
