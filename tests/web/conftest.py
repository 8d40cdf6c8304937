"""Health is asked of a running gateway."""

from tests.gateway.conftest import database, site, temporal

__all__ = ["database", "site", "temporal"]
