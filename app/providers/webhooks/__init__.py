"""The network's own software, as something that is posted to."""
