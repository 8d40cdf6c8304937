"""Python's garbage collector, as processes that serve for days want it."""

import gc
from typing import Final

YOUNG: Final = 20_000
"""How many more objects must have been made than freed before it looks (Python: 700): a turn makes thousands."""


def settle() -> None:
    """Exempt all present objects (modules, settings) from garbage collection, and collect seldom; call it once ready.

    A full pass stops the process for as long as it takes to look at everything.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG)
