"""Keep a flow's variables, and all that its frames hold, within their sizes."""

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
    try:
        check_size(frames)
    except FlowError:
        kept[variable] = before
        raise


def check_size(frames: Sequence[Frame]) -> None:
    """Raise FlowError when *frames* hold more than a new run could be given beside what is unread."""
    if (size := sum(len(frame.model_dump_json().encode()) for frame in frames)) > LIMITS.state:
        raise FlowError(f"variables, answers and inputs of the conversation hold {size} bytes, {LIMITS.state} at most")


def size_of(value: object) -> int:
    """Return the bytes that *value* takes as JSON."""
    return len(json.dumps(value, ensure_ascii=False).encode())
