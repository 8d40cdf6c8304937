"""Odd, forged and slow requests from outside, against a gateway process with a database of its own."""
