"""Everything that a process needs to start: settings, secrets, clients, logging."""
