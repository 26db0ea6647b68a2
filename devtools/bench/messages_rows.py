"""Rows for the figures of messages, made as the product makes them."""

from typing import Any
from uuid import UUID

from devtools.bench.messages_world import TEAM


def offers_to_agents_of_their_own(count: int) -> list[str]:
    """Claim pages, each of another agent, so that each tap rings another phone."""
    from app import create_app
    from app.core.clock import now
    from app.core.runtime import runtime
    from app.core.urls import offer_path
    from app.extensions import db
    from app.offers.service import Window
    from app.people.service import AgentDetails, add_agent
    from app.routing.intake import refer

    links = []
    with create_app().app_context():
        session = db.session()
        for n in range(count):
            details = AgentDetails(f"Tapper {n}", f"t{n}@agents.example", f"+1512556{1000 + n}", "America/Chicago",
                                   takes_buyers=True, takes_sellers=True)  # fmt: skip
            agent = add_agent(session, details=details, consent_source="bench", at=now())
            offer = refer(session, new=_new_referral(agent_id=agent.id), window=Window(600), at=now()).offers[0]
            links.append(offer_path(runtime(), offer.id))
        session.commit()
    return links


def fill_the_queue(team_id: str, messages: int) -> None:
    """So many messages wait, and one job to send them."""
    from app import create_app
    from app.core.clock import now
    from app.core.queue.jobs import Job
    from app.core.runtime import runtime
    from app.extensions import db
    from app.offers.service import Window
    from app.routing.intake import refer

    with create_app().app_context():
        session = db.session()
        for _ in range(-(-messages // (TEAM * 3))):
            refer(session, new=_new_referral(team_id=UUID(team_id)), window=Window(600), at=now())
        session.commit()
        runtime().queue.wake(Job.DELIVER)


def _new_referral(**target: Any) -> Any:
    from app.clients.service import NewClient
    from app.core.referral_kind import ReferralKind
    from app.referrals.service import NewReferral

    return NewReferral(
        ReferralKind.SELLER, NewClient("Maria Delgado", "+15125557001", "maria@mail.example"),
        "Austin", "TX", "78704",
        590_000, 610_000, None, **target,
    )  # fmt: skip
