"""What people and programs do with conversations and flows, whoever asks: open, act, hand over, close, publish."""
