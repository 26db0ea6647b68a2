"""The client: one person, where they are, when and how they may be reached, and what they wish."""
