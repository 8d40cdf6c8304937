"""One file or folder for each channel; accounts write its name under `channel:`."""

import sys

from channels.base import channels

channels.discover(sys.modules[__name__])
