"""Protocols that several channels speak: one file a protocol, imported by their channels and itself no channel."""
