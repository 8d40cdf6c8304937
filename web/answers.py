"""JSON answers over HTTP: nothing in them is raw that a terminal would obey."""

from typing import Any

from starlette import responses
from typing_extensions import override

from runtime.shown import json_text


class JSONResponse(responses.JSONResponse):
    r"""Starlette's, with harmful characters spelled as `\uXXXX`: a program reads the same, a terminal is safe."""

    @override
    def render(self, content: Any) -> bytes:
        return json_text(content).encode()
