"""Python's garbage collector, as processes that serve for days want it."""

import gc
from typing import Final

YOUNG: Final = 20_000
"""How many more objects must have been made than freed before it looks (Python: 700): a turn makes thousands."""


def settle() -> None:
    """Never look again at what has been made so far, modules and settings, and seldom at the rest; call it once ready.

    A full pass stops the process for as long as it takes to look at everything.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG)
