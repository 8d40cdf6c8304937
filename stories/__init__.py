"""Stories, the tests of flows: played on the production workflow and a server that skips time, with coverage."""
