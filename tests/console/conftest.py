"""The pages are served by a gateway, as `prosa gateway` puts them together."""

from tests.gateway.conftest import database, site, temporal

__all__ = ["database", "site", "temporal"]
