"""What runs the product: locks of its dependencies, process manager, and the servers of development."""
