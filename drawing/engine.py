"""ELK, the layout engine of the Eclipse project, in a JavaScript engine inside this process."""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

import quickjs

VENDOR: Final = Path(__file__).parent / "vendor"
_MEMORY: Final = 512 * 1024 * 1024
_STACK: Final = 4 * 1024 * 1024
# The parts of a browser that ELK needs: timers that do not wait, and a place for its exports.
_BROWSER: Final = """
var self = globalThis, exports = {}, module = {exports: exports};
var console = {log() {}, warn() {}, error() {}};
function setTimeout(call) { call(); return 0; }
function clearTimeout() {}
"""
_CALL: Final = """
var elk = new module.exports();
function layout(graph) {
  var answer = "";
  elk.layout(JSON.parse(graph)).then(placed => { answer = JSON.stringify({placed}); },
    error => { answer = JSON.stringify({error: String(error.message || error)}); });
  return () => answer;
}
"""


class Elk:
    """ELK, loaded once; good for one thread."""

    def __init__(self) -> None:
        self._context: Any = cast("Any", quickjs).Context()
        self._context.set_memory_limit(_MEMORY)
        self._context.set_max_stack_size(_STACK)
        for script in (_BROWSER, (VENDOR / "elk.bundled.js").read_text(encoding="utf-8"), _CALL):
            self._context.eval(script)

    def layout(self, graph: dict[str, Any]) -> dict[str, Any]:
        """Return *graph*, in ELK's JSON, with a place for everything in it; RuntimeError has ELK's message."""
        answer = self._context.get("layout")(json.dumps(graph))
        while self._context.execute_pending_job():
            pass
        found = json.loads(answer())
        if "error" in found:
            raise RuntimeError(f"ELK refused a graph: {found['error']}")
        return dict(found["placed"])


@cache
def elk() -> Elk:
    """Return the engine of this process: loading it takes half a second."""
    return Elk()
