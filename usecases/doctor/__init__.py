"""What `prosa doctor` looks at, one subject a module: each returns findings."""
