"""Plays cards: one loop over what has arrived, behind a port that hides Temporal."""
