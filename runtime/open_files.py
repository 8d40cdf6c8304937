"""How many files and connections this process may have open."""

import resource
from contextlib import suppress
from typing import Final

MOST: Final = 65_536
"""Files that are asked for, where the system allows more: some systems walk through all that might be open."""


def raise_limit() -> int:
    """Raise the soft limit of open files as far as the hard one allows, and return it; child processes inherit it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST if hard == resource.RLIM_INFINITY else min(hard, MOST)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return MOST if soft == resource.RLIM_INFINITY else soft
    with suppress(ValueError, OSError):  # macOS has a lower limit of its own, which it does not tell
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]
