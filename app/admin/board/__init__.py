"""The live board: what its views show, in which order, how many there are, and its page."""
