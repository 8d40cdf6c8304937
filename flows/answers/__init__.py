"""One file for each kind of answer; flows write the file's name after `answer:`."""

import sys

from flows.answers.base import answers

answers.discover(sys.modules[__name__])
