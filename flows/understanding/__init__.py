"""Understand contacts' words: numbers, dates, times, yes and no, in Brazilian Portuguese."""
