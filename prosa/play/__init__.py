"""`prosa flow play` and `prosa flow test`: flows and stories in the terminal."""
