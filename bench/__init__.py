"""Prosa beside hand-written workflows: the same webhook in, the same provider out, ratios in one run."""
