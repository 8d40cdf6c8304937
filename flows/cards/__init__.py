"""One file a card: the file's name is the card's type, and the folder is the list."""

import sys

from flows.cards.base import cards

cards.discover(sys.modules[__name__])
