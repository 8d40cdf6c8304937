"""Mirrors the tree; what the product promises, as sentences."""
