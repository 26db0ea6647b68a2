"""The channels of an agent: their states, rules, browsers, and why one is suppressed."""
