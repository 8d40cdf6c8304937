"""Processes that stand in for the outside world; they import nothing of Prosa."""
