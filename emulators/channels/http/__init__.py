"""A message provider: takes messages over HTTP, signed per Standard Webhooks, and remembers every call.

Run it with `python -m emulators.channels.http --port 0 --secret SECRET --database FILE`.
"""
