"""One file an ERP, or one folder: its name is what connections call it, and the listing is the list."""

import sys

from erps.base import erps

erps.discover(sys.modules[__name__])
