"""Our own addresses, as they go into messages, calls and the carrier's requests. Always below PUBLIC_URL."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from app.core.runtime import Runtime
from app.core.tokens import Purpose


@dataclass(frozen=True)
class Links:
    """Makes the addresses that messages carry."""

    offer: Callable[[UUID], str]
    sign_in: Callable[[UUID], str]
    sign_in_code: Callable[[UUID], str]
    """The code beside such a link: `123 456`."""
    portal: Callable[[UUID], str]
    admin: Callable[[UUID], str]
    desk: Callable[[], str]
    number_confirm: Callable[[UUID], str]
    number_revert: Callable[[UUID], str]
    unsubscribe: Callable[[UUID], str]
    """Of an agent."""
    arrived: Callable[[UUID], str]
    """Of a notification."""
    client: Callable[[UUID], str]
    """Of a referral: its client's page."""
    channels: Callable[[], str]
    team: Callable[[], str]
    """The team's page, for its leads."""
    invitations: Callable[[], str]
    """The desk's page of invitations and requests to join."""
    webhooks: Callable[[], str]
    """The desk's page of webhooks."""
    our_number: str
    """In E.164: calling it claims by a PIN."""


@dataclass(frozen=True)
class CallUrls:
    """Where the carrier asks about one call; made by the edge, which knows our addresses."""

    menu: str
    fallback: str
    status: str
    machine: str


def call_url(runtime: Runtime, call_id: UUID, step: str) -> str:
    """Where the carrier asks or reports about one call."""
    return runtime.link(f"/hooks/twilio/calls/{call_id}/{step}")


def call_urls(runtime: Runtime, call_id: UUID) -> CallUrls:
    """The addresses that a call is placed with."""
    return CallUrls(
        menu=call_url(runtime, call_id, "menu"),
        fallback=call_url(runtime, call_id, "fallback"),
        status=call_url(runtime, call_id, "status"),
        machine=call_url(runtime, call_id, "machine"),
    )


def transfer_url(runtime: Runtime, transfer_id: UUID, step: str) -> str:
    """Where the carrier asks or reports about a live transfer."""
    return runtime.link(f"/hooks/twilio/transfers/{transfer_id}/{step}")


def receipt_url(runtime: Runtime) -> str:
    """Where the carrier reports on a message; `{id}` is the notification's id, `{attempt}` which try it is."""
    return runtime.link("/hooks/twilio/messages/{id}?attempt={attempt}")


def check_status_url(runtime: Runtime) -> str:
    """Where the carrier reports on a test call; `{id}` stands for the notification's id."""
    return runtime.link("/hooks/twilio/tests/{id}/status")


def offer_path(runtime: Runtime, offer_id: UUID) -> str:
    """The claim page of an offer, by its signed link."""
    return f"/o/{runtime.signer.sign(Purpose.OFFER, offer_id)}"


def client_path(runtime: Runtime, referral_id: UUID) -> str:
    """The client's page of a referral, by its signed link."""
    return f"/c/{runtime.signer.sign(Purpose.CLIENT, referral_id)}"


def links(runtime: Runtime) -> Links:
    """The addresses that messages carry."""
    return Links(
        offer=lambda id_: runtime.link(offer_path(runtime, id_)),
        sign_in=lambda id_: runtime.link(f"/sign-in/{runtime.signer.sign(Purpose.SIGN_IN, id_)}"),
        sign_in_code=lambda id_: _in_groups(runtime.signer.code(Purpose.SIGN_IN, id_)),
        portal=lambda id_: runtime.link(f"/referrals/{id_}"),
        number_confirm=lambda id_: runtime.link(f"/n/{runtime.signer.sign(Purpose.NUMBER_CONFIRM, id_)}"),
        number_revert=lambda id_: runtime.link(f"/r/{runtime.signer.sign(Purpose.NUMBER_REVERT, id_)}"),
        admin=lambda id_: runtime.link(f"/admin/referrals/{id_}"),
        desk=lambda: runtime.link("/admin/"),
        unsubscribe=lambda id_: runtime.link(f"/unsubscribe/{runtime.signer.sign(Purpose.UNSUBSCRIBE, id_)}"),
        arrived=lambda id_: runtime.link(f"/a/{runtime.signer.sign(Purpose.ARRIVED, id_)}"),
        client=lambda id_: runtime.link(client_path(runtime, id_)),
        channels=lambda: runtime.link("/channels"),
        team=lambda: runtime.link("/team"),
        invitations=lambda: runtime.link("/admin/agents/invite"),
        webhooks=lambda: runtime.link("/admin/network/webhooks"),
        our_number=runtime.settings.twilio_call_from,
    )


def _in_groups(code: str) -> str:
    return f"{code[:3]} {code[3:]}"


def check_call_url(runtime: Runtime, notification_id: UUID, step: str) -> str:
    """Where the carrier asks and reports about the call: `key` or `status`."""
    return runtime.link(f"/hooks/twilio/tests/{notification_id}/{step}")


def local_path(raw: object) -> str | None:
    """`raw` if it is a local path that is safe to redirect to, else None."""
    if not isinstance(raw, str) or not raw.startswith("/") or raw.startswith(("//", "/\\")) or len(raw) > 200:  # noqa: PLR2004
        return None
    return raw if raw.isprintable() else None
