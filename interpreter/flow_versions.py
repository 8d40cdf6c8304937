"""The flow versions that this process plays: each is parsed and kept once, however many conversations play it."""

from typing import Final
from weakref import WeakValueDictionary

from domain.effect import LoadedFlow
from domain.wait_defaults import WaitDefaults
from flows.flow import Flow


class FlowVersion:
    """One published version of a flow, as the store has it and parsed; nobody changes either."""

    def __init__(self, loaded: LoadedFlow, silence: WaitDefaults) -> None:
        self.loaded = loaded
        self.flow = Flow.load(loaded.content).under(silence)


_versions: Final[WeakValueDictionary[tuple[str, WaitDefaults], FlowVersion]] = WeakValueDictionary()


def shared(loaded: LoadedFlow, silence: WaitDefaults) -> FlowVersion:
    """Return *loaded*, played with the time limits and reminders of *silence* where it has none of its own.

    Equal ones are one object for as long as any conversation holds it: each version brings its standard sentences and
    word lists along, and a copy a conversation was most of a worker's memory. A replay sees no difference.
    """
    key = loaded.version, silence
    known = _versions.get(key)
    if known is None or known.loaded != loaded:
        known = _versions[key] = FlowVersion(loaded, silence)
    return known
