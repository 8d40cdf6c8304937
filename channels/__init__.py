"""One file a channel: the file's name is what accounts call it, and the folder is the list."""

import sys

from channels.base import channels

channels.discover(sys.modules[__name__])
