"""What the edge has to put on the queue once its transaction is committed."""

from dataclasses import dataclass
from uuid import UUID

from app.core.queue.jobs import Job
from app.core.queue.queues import JobQueue


@dataclass(frozen=True)
class Outbox:
    """Ids of rows that wait for a worker."""

    notifications: tuple[UUID, ...] = ()
    calls_to_place: tuple[UUID, ...] = ()
    calls_to_end: tuple[UUID, ...] = ()
    transfers: tuple[UUID, ...] = ()

    def __add__(self, other: "Outbox") -> "Outbox":
        return Outbox(
            self.notifications + other.notifications,
            self.calls_to_place + other.calls_to_place,
            self.calls_to_end + other.calls_to_end,
            self.transfers + other.transfers,
        )

    def enqueue(self, queue: JobQueue) -> None:
        """Call it after the commit. Calls go first: somebody is waiting for them."""
        queue.enqueue(Job.END_CALL, self.calls_to_end)
        queue.enqueue(Job.SERVE_TRANSFER, self.transfers)
        queue.enqueue(Job.PLACE_CALL, self.calls_to_place)
        if self.notifications:
            queue.wake(Job.DELIVER)


NOTHING = Outbox()
"""Nothing to enqueue."""


def outbox_with(queued: UUID | None) -> Outbox:
    """An outbox with this message; an empty one if it was not queued, because there is one like it already."""
    return Outbox(notifications=(queued,)) if queued is not None else NOTHING
