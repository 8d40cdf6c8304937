"""One file or folder for each ERP; connections write its name under `erp:`."""

import sys

from erps.base import erps

erps.discover(sys.modules[__name__])
