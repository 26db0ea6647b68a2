"""Why an agent is not told by a channel: kept with the message that was not sent, for those who ask later. Pure."""

from enum import StrEnum

from app.notifications.channels.rules import Channel, OffReason
from app.notifications.channels.states import ChannelState


class Suppression(StrEnum):
    """Beside these there is each OffReason: the channel was off, and why."""

    OVER = "over"
    """Too late, or what it is about is gone."""
    TOGETHER = "together"
    """Another message says it, too."""
    PAUSED = "paused"
    NOT_AGREED = "not-agreed"
    """To texts."""
    UNWANTED = "unwanted"
    """The agent wants no offers by this channel."""
    NO_DEVICE = "no-device"
    """Nothing of theirs takes push."""
    BROWSER_GONE = "browser-gone"
    """The one it was for takes push no more."""
    QUIET_HOURS = "quiet-hours"
    """They end too late for it."""


SuppressionReason = Suppression | OffReason


def suppression_of(state: ChannelState, *, agreed_to_texts: bool) -> SuppressionReason | None:
    """Why this channel brings no offers to its agent, whatever the hour; None: it does."""
    if state.off_reason is not None:
        return state.off_reason
    if state.channel is Channel.SMS and not agreed_to_texts:
        return Suppression.NOT_AGREED
    return None if state.wanted else Suppression.UNWANTED
