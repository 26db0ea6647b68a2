"""Whether an agent can be reached: preferences, browsers, dead channels, checks."""
