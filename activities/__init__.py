"""Side effects, one module a subject; workers find them all in this folder."""

import sys

from activities.base import activities

activities.discover(sys.modules[__name__])
