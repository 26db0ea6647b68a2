"""The stages in their order, by kind, and which moves have to be explained."""

import pytest

from app.core.referral_kind import ReferralKind
from app.pipeline.stages import STAGE_WORDS, Stage, needs_reason, next_stage, place_of, stages_for


def test_the_stages_are_those_of_the_trade_in_their_order() -> None:
    assert [STAGE_WORDS[stage] for stage in Stage] == [
        "Left Voicemail", "Connected", "Meeting Scheduled", "Met", "Coming Soon", "Making an Offer", "Listing",
        "In Escrow", "Closed", "Failed",
    ]  # fmt: skip
    assert [place_of(stage) for stage in (None, *Stage)] == list(range(11))


@pytest.mark.parametrize(
    ("kind", "without"),
    [(ReferralKind.SELLER, {Stage.OFFER}), (ReferralKind.BUYER, {Stage.COMING_SOON, Stage.LISTING})],
)
def test_a_client_goes_through_the_stages_of_their_kind(kind: ReferralKind, without: set[Stage]) -> None:
    assert set(Stage) - set(stages_for(kind)) == without
    walked, stage = [], None
    while (stage := next_stage(kind, stage)) is not None:
        walked.append(stage)
    assert walked == [stage for stage in stages_for(kind) if stage is not Stage.FAILED]


@pytest.mark.parametrize("before", [None, *Stage])
@pytest.mark.parametrize("after", Stage)
def test_back_and_failed_need_a_reason_and_nothing_else_does(before: Stage | None, after: Stage) -> None:
    assert needs_reason(before, after) is (after is Stage.FAILED or place_of(after) < place_of(before))
