"""The stages of a claimed referral. Pure."""

from datetime import timedelta
from enum import StrEnum

from app.core.language import gettext as _
from app.core.language import mark
from app.core.referral_kind import ReferralKind


class Stage(StrEnum):
    """How far agent and client have come, in order. `closed` and `failed` are ends, and can be taken back."""

    LEFT_VOICEMAIL = "left_voicemail"
    CONNECTED = "connected"
    MEETING = "meeting"
    MET = "met"
    COMING_SOON = "coming_soon"
    OFFER = "making_offer"
    LISTING = "listing"
    ESCROW = "in_escrow"
    CLOSED = "closed"
    FAILED = "failed"


STAGE_WORDS: dict[Stage, str] = {
    Stage.LEFT_VOICEMAIL: mark("Left Voicemail"),
    Stage.CONNECTED: mark("Connected"),
    Stage.MEETING: mark("Meeting Scheduled"),
    Stage.MET: mark("Met"),
    Stage.COMING_SOON: mark("Coming Soon"),
    Stage.OFFER: mark("Making an Offer"),
    Stage.LISTING: mark("Listing"),
    Stage.ESCROW: mark("In Escrow"),
    Stage.CLOSED: mark("Closed"),
    Stage.FAILED: mark("Failed"),
}
NEW = mark("New")
"""What a referral is called that has no stage yet."""
ENDS = frozenset({Stage.CLOSED, Stage.FAILED})
UNREACHED = frozenset({None, Stage.LEFT_VOICEMAIL})
"""The client has not been talked with yet."""
REACH_FOR = timedelta(days=10)
"""How long after the claim a client who was not talked with is to be called every day."""
_ORDER = {stage: place for place, stage in enumerate(Stage, 1)}
_OF_SELLERS = frozenset({Stage.COMING_SOON, Stage.LISTING})
_OF_BUYERS = frozenset({Stage.OFFER})


def stage_words() -> dict[Stage | None, str]:
    """What each stage is called; None is the time before the first."""
    return {None: _(NEW), **{stage: _(words) for stage, words in STAGE_WORDS.items()}}


def stages_for(kind: ReferralKind) -> tuple[Stage, ...]:
    """The stages a referral of this kind goes through, in order."""
    others = _OF_BUYERS if kind is ReferralKind.SELLER else _OF_SELLERS
    return tuple(stage for stage in Stage if stage not in others)


def place_of(stage: Stage | None) -> int:
    """Where a stage stands in the order; 0 before the first."""
    return _ORDER[stage] if stage is not None else 0


TALKED = tuple(stage for stage in Stage if place_of(stage) >= place_of(Stage.CONNECTED) and stage is not Stage.FAILED)
"""Agent and client have talked."""


def next_stage(kind: ReferralKind, stage: Stage | None) -> Stage | None:
    """The stage one step on; None at the end."""
    ahead = [one for one in stages_for(kind) if place_of(one) > place_of(stage) and one is not Stage.FAILED]
    return ahead[0] if ahead and stage is not Stage.FAILED else None


def needs_reason(before: Stage | None, after: Stage) -> bool:
    """Whether a move has to be explained: a step back, or a failure."""
    return after is Stage.FAILED or place_of(after) < place_of(before)
