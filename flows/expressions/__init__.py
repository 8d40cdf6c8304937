"""Expressions and templates: their grammar, their evaluation, their filters and values."""
