"""The kinds of events in a conversation's journal: one type a kind, in files by subject."""
