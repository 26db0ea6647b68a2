"""`make race`: everybody presses 1 at the same moment, and the database is asked who won."""
