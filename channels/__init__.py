"""One file a channel, or one folder: its name is what accounts call it, and the listing is the list."""

import sys

from channels.base import channels

channels.discover(sys.modules[__name__])
