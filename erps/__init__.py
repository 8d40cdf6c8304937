"""One file an ERP: the file's name is what connections call it, and the folder is the list."""

import sys

from erps.base import erps

erps.discover(sys.modules[__name__])
