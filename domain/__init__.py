"""The vocabulary that every other package speaks; it imports only pydantic."""
