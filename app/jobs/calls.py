"""Voice jobs, by the names of the release before."""

from app.workers.calls.jobs import end_call, place_call

__all__ = ["end_call", "place_call"]
