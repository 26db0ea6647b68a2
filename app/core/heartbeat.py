"""Signs of life of processes that serve no requests, kept in Postgres: what they all need anyway."""

from datetime import datetime, timedelta

from sqlalchemy import String, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.database.columns import Moment
from app.extensions import Model

SWEEPER = "sweeper"
STALE_AFTER = timedelta(seconds=15)


class Heartbeat(Model):
    """When a kind of process was last seen alive."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    at: Mapped[Moment]


def beat(session: Session, name: str, at: datetime) -> None:
    """Says that a process of this kind is alive at `at`."""
    query = insert(Heartbeat).values(name=name, at=at)
    session.execute(query.on_conflict_do_update(index_elements=["name"], set_={"at": at}))


def alive(session: Session, at: datetime) -> set[str]:
    """The kinds of process seen alive lately."""
    return set(session.scalars(select(Heartbeat.name).where(Heartbeat.at > at - STALE_AFTER)))
