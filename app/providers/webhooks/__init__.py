"""The endpoints of the network's own software."""
