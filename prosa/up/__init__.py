"""`prosa up`: everything in one command, with the programs it starts and the supervisor that keeps them."""
