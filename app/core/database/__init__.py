"""The database: connections and their locks, ids, columns, and how a row moves from state to state."""
