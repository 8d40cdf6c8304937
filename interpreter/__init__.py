"""Plays the cards of a conversation: one loop over its messages, behind a port that hides Temporal."""
