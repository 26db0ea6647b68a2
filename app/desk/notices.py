"""What an agent hears when an admin gives them a client, or takes one back."""

from sqlalchemy import select

from app.claims.models import Claim
from app.notifications.kinds import KINDS, ON_THREE, Carried, Draft, Kind, Sample, Subject
from app.offers.notices import OfClientValues, of_client, of_client_sample, read_offers


class TakenBackValues(OfClientValues):
    """For the agent who has the client no more, and why."""

    words: str


def _taken_back(draft: Draft) -> TakenBackValues:
    words = draft.session.scalars(select(Claim.end_words).where(Claim.offer_id == draft.notification.offer_id)).one()
    return TakenBackValues(**of_client(draft), words=words or "")


def _taken_back_sample(sample: Sample) -> TakenBackValues:
    return TakenBackValues(**of_client_sample(sample), words="They asked for somebody who speaks Spanish.")


ASSIGNED = KINDS.declare(
    Kind(
        name="assigned",
        subject=Subject.OFFER,
        channels=ON_THREE,
        title="Given to you",
        when="To an agent, when an admin gives them a client.",
        place=35,
        values=of_client,
        sample=of_client_sample,
        line="that it is theirs now",
        quiet_hours=True,
        carried=Carried.WHILE_ON,
        prefetch=read_offers,
    )
)
TAKEN_BACK = KINDS.declare(
    Kind(
        name="taken_back",
        subject=Subject.OFFER,
        channels=ON_THREE,
        title="Taken back",
        when="To an agent, when an admin takes a client from them: why.",
        place=36,
        values=_taken_back,
        sample=_taken_back_sample,
        line="that it is theirs no more",
        quiet_hours=True,
        carried=Carried.WHILE_ON,
        prefetch=read_offers,
    )
)
