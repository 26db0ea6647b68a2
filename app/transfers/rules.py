"""What a live transfer may become. Pure."""

from datetime import timedelta
from enum import StrEnum

from app.core.database.transitions import Transitions


class TransferStatus(StrEnum):
    """Where a transfer stands."""

    CODED = "coded"
    """The adviser is to ring our number, and type a code."""
    ASKED = "asked"
    """The adviser's phone rings."""
    ADVISER = "adviser"
    """The adviser is on the line, and the client's phone rings."""
    CLIENT = "client"
    """So is the client: the two talk."""
    RINGING = "ringing"
    """Agents' phones ring, and the client waits."""
    MISSED = "missed"
    """No agent pressed 1 in time. Adviser and client are still on the line."""
    CLAIMED = "claimed"
    """An agent has claimed, and joins them."""
    ENDED = "ended"


class End(StrEnum):
    """How it ended."""

    HANDED_OVER = "handed_over"
    """An agent has talked with the client."""
    NOBODY = "nobody"
    """No agent claimed."""
    ADVISER_AWAY = "adviser_away"
    """The adviser did not pick up, or typed no code."""
    CLIENT_AWAY = "client_away"
    """The client did not pick up."""
    CLIENT_LEFT = "client_left"
    """The client hung up before any agent was there."""
    ADVISER_LEFT = "adviser_left"
    """The adviser hung up before agents were rung."""
    REFUSED = "refused"
    """The gate refused to ring the client."""
    NOT_PLACED = "not_placed"
    """The carrier would not place a call."""
    CALLED_OFF = "called_off"
    """An admin ended it."""


S = TransferStatus
TRANSITIONS: Transitions[S] = Transitions(
    {
        S.CODED: frozenset({S.ADVISER, S.CLIENT, S.ENDED}),
        S.ASKED: frozenset({S.ADVISER, S.ENDED}),
        S.ADVISER: frozenset({S.CLIENT, S.ENDED}),
        S.CLIENT: frozenset({S.RINGING, S.MISSED, S.CLAIMED, S.ENDED}),
        S.RINGING: frozenset({S.MISSED, S.CLAIMED, S.ENDED}),
        S.MISSED: frozenset({S.RINGING, S.CLAIMED, S.ENDED}),
        S.CLAIMED: frozenset({S.ENDED}),
        S.ENDED: frozenset(),
    }
)
CLIENT_WAITS = (S.CLIENT, S.RINGING, S.MISSED)
"""The client is on the line, and no agent is: key 1 joins them."""

HANDFUL = 5
"""Agents who are rung at once."""
RING_FOR = timedelta(seconds=60)
"""How long the client waits for an agent."""
CODE_DIGITS = 4
CODE_HOLDS = timedelta(minutes=15)
ADVISER_RINGS = timedelta(seconds=45)
"""Until a call to the adviser that nobody has answered is given up."""
LONGEST = timedelta(hours=2)
"""What is older has ended without our hearing of it."""
