"""Use cases of people and programs for conversations and flows: open, act, hand over, close, publish."""
