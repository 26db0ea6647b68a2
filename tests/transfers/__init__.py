"""Client on the line: the adviser, the client and the agents, each with a phone."""
