"""Terms before the claim: what a network asks of agents, and what they have agreed to."""
