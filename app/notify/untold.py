"""Why an agent is not told by a channel: kept with the message that was not sent, for whoever asks later. Pure."""

from enum import StrEnum

from app.notify.channel_rules import OffReason
from app.notify.channels import ChannelState
from app.notify.rules import Channel


class Untold(StrEnum):
    """Beside these there is each OffReason: the channel was off, and why."""

    OVER = "over"
    """Too late, or what it is about is gone."""
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


Why = Untold | OffReason


def why_untold(state: ChannelState, *, agreed_to_texts: bool) -> Why | None:
    """Why this channel brings no offers to its agent, whatever the hour; None: it does."""
    if state.off_reason is not None:
        return state.off_reason
    if state.channel is Channel.SMS and not agreed_to_texts:
        return Untold.NOT_AGREED
    return None if state.wanted else Untold.UNWANTED
