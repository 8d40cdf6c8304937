"""The flow language for non-programmers: its cards, and the library of flows."""
