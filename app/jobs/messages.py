"""Message jobs, by the name of the release before."""

from app.workers.messages.jobs import deliver

__all__ = ["deliver"]
