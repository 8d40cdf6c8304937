"""Shared parts of all HTTP servers: access, rate limits, assets, bodies, health, metrics."""
