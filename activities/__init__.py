"""Side effects, one module a subject."""
