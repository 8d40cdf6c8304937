"""What cards are made of: options, links, waiting, calls to the outside, message variants."""
