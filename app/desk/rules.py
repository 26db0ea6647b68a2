"""What an admin can do about a referral, and when. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from app.referrals.rules import ReferralStatus

UNDO_FOR = timedelta(seconds=10)
"""Until an action takes effect."""


class Action(StrEnum):
    """What is done."""

    SEND_ON = "send_on"
    """End its offers, and ask the next agents."""
    OFFER_TO = "offer_to"
    """Offer it to this agent, too."""
    WITHDRAW = "withdraw"
    """End its offers."""
    GIVE_TO = "give_to"
    """It is this agent's from now on, without a call."""
    CLOSE = "close"
    """Nobody gets it any more."""
    CALL = "call"
    """Ring its agent, and then the client."""
    BOOK = "book"
    """Ring both at a time."""


class Failure(StrEnum):
    """Why an action came to nothing when its time had come."""

    MOVED_ON = "moved_on"
    """Somebody claimed it meanwhile, or it was closed."""
    ON_THE_LINE = "on_the_line"
    """Agent and client were talking."""
    NOT_NOW = "not_now"
    """The agent cannot be rung: paused, on another call, or rung too often."""
    LACKS_TERMS = "lacks_terms"
    """The agent lacks what the network asks for before a claim."""


@dataclass(frozen=True)
class Kind:
    """An action in words, and where it can be taken."""

    label: str
    """On its button."""
    done: str
    """In the timeline, after who did it."""
    on: frozenset[ReferralStatus]
    needs_agent: bool = False
    needs_time: bool = False
    in_bulk: bool = False


_OPEN, _CLAIMED = frozenset({ReferralStatus.OPEN}), frozenset({ReferralStatus.CLAIMED})
ACTIONS: dict[Action, Kind] = {
    Action.SEND_ON: Kind("Send on", "sent it on", _OPEN, in_bulk=True),
    Action.OFFER_TO: Kind("Offer to", "offered it to {agent}", _OPEN, needs_agent=True, in_bulk=True),
    Action.WITHDRAW: Kind("Withdraw", "withdrew its offers", _OPEN, in_bulk=True),
    Action.GIVE_TO: Kind("Give to", "gave it to {agent}", _OPEN | _CLAIMED, needs_agent=True),
    Action.CALL: Kind("Call the client", "had {agent} and the client called", _CLAIMED),
    Action.BOOK: Kind("Book a call", "booked a call for {time}", _CLAIMED, needs_time=True),
    Action.CLOSE: Kind("Close", "closed it", _OPEN | _CLAIMED),
}
FAILED: dict[Failure, str] = {
    Failure.MOVED_ON: "it had moved on by then",
    Failure.ON_THE_LINE: "agent and client were on the line",
    Failure.NOT_NOW: "its agent could not be called",
    Failure.LACKS_TERMS: "the agent lacks what the terms ask for",
}


def possible(status: ReferralStatus) -> list[Action]:
    """What can be done about a referral with this status."""
    return [action for action, kind in ACTIONS.items() if status in kind.on]
