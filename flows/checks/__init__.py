"""What `prosa flow check` looks for, one subject a module."""
