"""`python -m tests.support.world.dying_worker POINT CHANNEL`: the real worker, killed at a named point of a delivery.

The product's own steps run; around one of them stands a SIGKILL, as from a kernel that is out of memory.
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import worker
from app.workers.messages import dispatcher

POINTS = ("before_taking", "after_taking", "after_the_provider_took_it", "before_writing", "before_the_commit")


def die() -> None:
    """At once; nothing is tidied up."""
    os.kill(os.getpid(), signal.SIGKILL)


def arm(point: str, channel: str) -> None:
    """Puts the kill where it belongs."""
    take, hand_over, note = dispatcher.take, dispatcher.hand_over, dispatcher.note

    def taking(*args: Any, **kwargs: Any) -> Any:
        if point == "before_taking":
            die()
        ready = take(*args, **kwargs)
        if point == "after_taking" and any(outgoing.channel == channel for outgoing in ready):
            die()
        return ready

    def handing_over(outgoing: Any, post: Any, **kwargs: Any) -> Any:
        outcome = hand_over(outgoing, post, **kwargs)
        if point == "after_the_provider_took_it" and outgoing.channel == channel:
            die()
        return outcome

    def noting(session: Any, **kwargs: Any) -> None:
        if point == "before_writing" and kwargs["outgoing"].channel == channel:
            die()
        note(session, **kwargs)
        if point == "before_the_commit" and kwargs["outgoing"].channel == channel:
            die()

    replacements: dict[str, Callable[..., Any]] = {"take": taking, "hand_over": handing_over, "note": noting}
    for name, replacement in replacements.items():
        setattr(dispatcher, name, replacement)


if __name__ == "__main__":
    arm(*sys.argv[1:3])
    sys.exit(worker.main("messages"))
