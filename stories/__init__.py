"""Stories played on paper's terms: the production workflow on a server that skips time, and what they covered."""
