"""Terms before the claim."""
