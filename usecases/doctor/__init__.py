"""The examinations of `prosa doctor`, one subject for each module: each returns findings."""
