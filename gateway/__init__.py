"""Webhooks and web chat in, signals out."""
