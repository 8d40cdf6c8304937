"""The flow language: what a non-programmer writes, its cards, and the flows written in it."""
