"""Two transactions at the same moment, in a product that runs in this process."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from app.extensions import db
from tests.support.world.in_process import InProcess
from tests.support.world.waiting import eventually

WAITING = "SELECT count(*) AS n FROM pg_locks WHERE NOT granted"


@dataclass
class Beside:
    """A transaction of its own, in a thread."""

    product: InProcess
    does: Callable[[Session], object]
    errors: list[BaseException] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        try:
            with self.product.app.app_context():
                self.does(db.session())
                db.session.commit()
        except BaseException as error:
            self.errors.append(error)

    def waits_or_is_done(self) -> None:
        self._thread.start()
        eventually(lambda: not self._thread.is_alive() or self.product.rows(WAITING)[0]["n"] > 0, "a lock it waits for")

    def ends(self) -> None:
        self._thread.join()
        assert self.errors == []


def both(product: InProcess, first: Callable[[Session], object], second: Callable[[Session], object]) -> None:
    """The second begins when the first has done all but its commit."""
    other = Beside(product, second)
    with product.app.app_context():
        first(db.session())
        other.waits_or_is_done()
        db.session.commit()
    other.ends()
