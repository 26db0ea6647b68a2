"""What state an agent's channels are in, and switching them: off by what happens to a message, on by the agent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.orm import Session

from app.notifications.channels.models import AgentChannel
from app.notifications.channels.rules import Channel, OffReason

CHOSEN = (Channel.EMAIL, Channel.SMS, Channel.PUSH)
"""What an agent can be told by, in the order in which they are shown."""


@dataclass(frozen=True)
class ChannelState:
    """One channel of one agent."""

    channel: Channel
    wanted: bool = True
    quiet_from: time | None = None
    quiet_until: time | None = None
    off_at: datetime | None = None
    off_reason: OffReason | None = None
    off_code: str | None = None

    @property
    def is_on(self) -> bool:
        """Nothing has switched it off. Whether it is wanted is another question."""
        return self.off_at is None


def channel_states(session: Session, agent_ids: Sequence[UUID]) -> dict[tuple[UUID, Channel], ChannelState]:
    """The state of each channel of each of these agents; all of them are in it."""
    found = {(id_, channel): ChannelState(channel) for id_ in agent_ids for channel in CHOSEN}
    for row in session.scalars(select(AgentChannel).where(AgentChannel.agent_id.in_(agent_ids))):
        found[row.agent_id, row.channel] = ChannelState(
            row.channel, row.wanted, row.quiet_from, row.quiet_until, row.off_at, row.off_reason, row.off_code
        )
    return found


def channels_of(session: Session, agent_id: UUID) -> list[ChannelState]:
    """The channels of one agent, in the order in which they are shown."""
    found = channel_states(session, [agent_id])
    return [found[agent_id, channel] for channel in CHOSEN]


def set_preference(
    session: Session, *, agent_id: UUID, channel: Channel, wanted: bool, quiet: tuple[time, time] | None
) -> None:
    """What the agent wants of this channel; `quiet` is from and until, in their own zone."""
    begins, ends = quiet or (None, None)
    values = {"wanted": wanted, "quiet_from": begins, "quiet_until": ends}
    query = pg_insert(AgentChannel).values(agent_id=agent_id, channel=channel, **values)
    session.execute(query.on_conflict_do_update(constraint="pk_agent_channel", set_=values))


def switch_off(
    session: Session, *, agent_id: UUID, channel: Channel, reason: OffReason, at: datetime, code: str | None = None
) -> bool:
    """Marks the channel off; False when it was off already, for whatever reason came first."""
    values = {"off_at": at, "off_reason": reason, "off_code": code}
    query = pg_insert(AgentChannel).values(agent_id=agent_id, channel=channel, **values)
    changed = session.scalar(
        query.on_conflict_do_update(
            constraint="pk_agent_channel", set_=values, where=AgentChannel.off_at.is_(None)
        ).returning(AgentChannel.agent_id)
    )
    return changed is not None


def switch_on(session: Session, *, agent_id: UUID, channel: Channel) -> bool:
    """Marks the channel on again; False when it was not off."""
    changed = session.scalar(
        update(AgentChannel)
        .where(AgentChannel.agent_id == agent_id, AgentChannel.channel == channel, AgentChannel.off_at.is_not(None))
        .values(off_at=None, off_reason=None, off_code=None)
        .returning(AgentChannel.agent_id)
        .execution_options(synchronize_session=False)
    )
    return changed is not None
