"""What happens, one file per thing that can happen: combines the packages below in one transaction.

A flow takes plain keyword arguments and an open session, decides, flushes, and returns what the edge has
to enqueue after its commit. It knows no request and no queue.
"""
