"""The checks of `prosa flow check`, one subject for each module."""
