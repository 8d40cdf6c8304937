"""Requests and answers that operations of several ERPs share, so that flows play with any of them."""
