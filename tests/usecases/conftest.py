"""Folders with settings and flows, and a database, as the tests of the command line and of the gateway have them."""

from tests.gateway.conftest import database
from tests.prosa.conftest import folder, prosa

__all__ = ["database", "folder", "prosa"]
