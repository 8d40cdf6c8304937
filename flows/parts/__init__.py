"""Parts of cards: options, links, waiting, calls to the outside, message variants."""
