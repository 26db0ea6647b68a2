"""Our own addresses, as they go into messages, calls and the carrier's requests. Always below PUBLIC_URL."""

from uuid import UUID

from app.core.ground import Ground
from app.core.tokens import Purpose
from app.flows.message_values import Links
from app.flows.place_call import CallUrls


def call_url(ground: Ground, call_id: UUID, step: str) -> str:
    """Where the carrier asks or reports about one call."""
    return ground.link(f"/hooks/twilio/calls/{call_id}/{step}")


def call_urls(ground: Ground, call_id: UUID) -> CallUrls:
    """The addresses that a call is placed with."""
    return CallUrls(
        menu=call_url(ground, call_id, "menu"),
        fallback=call_url(ground, call_id, "fallback"),
        status=call_url(ground, call_id, "status"),
        machine=call_url(ground, call_id, "machine"),
    )


def receipt_url(ground: Ground) -> str:
    """Where the carrier reports on a message; `{id}` is the notification's id, `{attempt}` which try it is."""
    return ground.link("/hooks/twilio/messages/{id}?attempt={attempt}")


def test_status_url(ground: Ground) -> str:
    """Where the carrier reports on a test call; `{id}` stands for the notification's id."""
    return ground.link("/hooks/twilio/tests/{id}/status")


def offer_path(ground: Ground, offer_id: UUID) -> str:
    """The claim page of an offer, by its signed link."""
    return f"/o/{ground.signer.sign(Purpose.OFFER, offer_id)}"


def links(ground: Ground) -> Links:
    """The addresses that messages carry."""
    return Links(
        offer=lambda id_: ground.link(offer_path(ground, id_)),
        sign_in=lambda id_: ground.link(f"/sign-in/{ground.signer.sign(Purpose.SIGN_IN, id_)}"),
        portal=lambda id_: ground.link(f"/referrals/{id_}"),
        number_confirm=lambda id_: ground.link(f"/n/{ground.signer.sign(Purpose.NUMBER_CONFIRM, id_)}"),
        number_revert=lambda id_: ground.link(f"/r/{ground.signer.sign(Purpose.NUMBER_REVERT, id_)}"),
        admin=lambda id_: ground.link(f"/admin/referrals/{id_}"),
        unsubscribe=lambda id_: ground.link(f"/unsubscribe/{ground.signer.sign(Purpose.UNSUBSCRIBE, id_)}"),
        arrived=lambda id_: ground.link(f"/a/{ground.signer.sign(Purpose.ARRIVED, id_)}"),
        channels=lambda: ground.link("/channels"),
        our_number=ground.settings.twilio_call_from,
    )
