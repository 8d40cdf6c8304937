"""Durable and deterministic: the conversation as a Temporal workflow."""
