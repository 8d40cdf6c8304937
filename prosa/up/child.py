"""`python -m prosa.up.child PARENT PROGRAM...`: becomes PROGRAM, which the kernel kills when process PARENT dies.

A supervisor that is killed cannot stop its children; on Linux the kernel does it in its place. Elsewhere only this
last guarantee is missing: children outlive a supervisor that died of SIGKILL.
"""

import ctypes
import os
import signal
import sys
from typing import Final

PR_SET_PDEATHSIG: Final = 1  # linux/prctl.h


def main(arguments: list[str]) -> None:
    """Tie this process to its parent and become the program; it keeps the tie, since that survives exec."""
    parent, *command = arguments
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != int(parent):  # it died before the tie was made
        sys.exit(1)
    os.execvp(command[0], command)  # noqa: S606 - the program is one of Prosa's own


if __name__ == "__main__":
    main(sys.argv[1:])
