"""What every process needs to start: settings, secrets, clients, logging."""
