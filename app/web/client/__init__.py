"""The client's page, by its signed link."""
