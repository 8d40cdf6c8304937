"""`prosa chat`: be a customer in the terminal."""
