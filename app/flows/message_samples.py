"""Values as `message_values` would give them, of people who do not exist: for the preview, and for measuring words.

What a sample holds has the names of the real thing; tests/words/test_samples.py compares them with real rows.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from app.core.kinds import ReferralKind
from app.flows.message_values import Links
from app.notify.rules import Channel, Kind
from app.referrals.rules import Need

NOBODY = UUID(int=0)
"""Of a row that is not there: a link made for it opens nothing."""
NO_TOPIC = "AAAAAAAAAAAAAAAAAAAAAA"


class Cast(StrEnum):
    """Whose names stand in a sample."""

    TYPICAL = "typical"
    LONGEST = "longest"


@dataclass(frozen=True)
class SampleClient:
    """A client's details, as the templates read them."""

    name: str
    phone: str
    email: str

    @property
    def first_name(self) -> str:
        return self.name.split()[0]


@dataclass(frozen=True)
class Players:
    """Who and what one set of samples is about."""

    agent_first_name: str
    winner_first_name: str
    client: SampleClient
    need: Need
    notes: str
    letter: str | None
    behind: str
    outcomes: tuple[str, ...]


TYPICAL = Players(
    agent_first_name="Priya",
    winner_first_name="Sam",
    client=SampleClient("Maria Delgado", "+15125557001", "maria@mail.example"),
    need=Need(ReferralKind.SELLER, "Austin", "TX", "78704", 590_000, 610_000),
    notes="Would like to list in March.",
    letter=None,
    behind=", by 4 seconds",
    outcomes=('Sam Ortiz: declined. Too far away: "an hour by car"', "Priya Raman: expired"),
)
LONGEST = Players(
    agent_first_name="Maximiliana-Wilhelmina-Esperanza-Guadalupe-Montserrat-Nguyễn-Phước-Tôn-Nữ-Hoàng",
    winner_first_name="Bartholomäus-Ferdinand-Maximilian-Aurélien-Ξενοφών-Владимир-Nguyễn-Phước-Bảo-Toà",
    client=SampleClient(
        "María-Guadalupe-Esperanza-de-los-Ángeles-Montserrat Nguyễn-Phước Fernández-Villavicencio y Álvarez de Toledo",
        "+15125557001",
        "maria-guadalupe-esperanza-de-los-angeles-montserrat.villavicencio@a-very-long-name-of-a-mail-host.example",
    ),
    need=Need(
        ReferralKind.SELLER,
        "San Buenaventura de los Ángeles de la Española y Santa María de Guadalupe",
        "TX",
        "78704-1234",
        123_450_000,
        999_990_000,
    ),
    notes="Would like to list in March, and to hear first from somebody who has sold in the same street. " * 4,
    letter="B",
    behind=", by 59 seconds",
    outcomes=tuple(f"Bartholomäus-Ferdinand-Maximilian Ortiz-Villavicencio {n}: expired" for n in range(1, 11)),
)
PLAYERS = {Cast.TYPICAL: TYPICAL, Cast.LONGEST: LONGEST}


def sample_values(
    kind: Kind, channel: Channel, *, cast: Players, brand: str, links: Links, at: datetime
) -> dict[str, Any]:
    """What a template of this kind is given, beginning with the brand."""
    return {
        "brand": brand,
        "language": "en",
        "arrived": links.arrived(NOBODY),
        "tag": str(kind) if kind is Kind.TEST else NO_TOPIC,
        "badge": 2,
        **_of_kind(kind, channel, cast, links, at),
    }


def _of_kind(kind: Kind, channel: Channel, cast: Players, links: Links, at: datetime) -> dict[str, Any]:
    agent = {"agent_first_name": cast.agent_first_name}
    need = {"need": cast.need, "city": cast.need.city, "zip": cast.need.zip_code.partition("-")[0]}
    zone = {"time_zone": "America/Chicago"}
    offered = {**agent, **need, "link": links.offer(NOBODY), "unsubscribe": links.unsubscribe(NOBODY)}
    claimed = {**agent, "client": cast.client, "link": links.portal(NOBODY), **zone}
    phones = {"new_phone": "+15125559999", "old_phone": "+15125551001"}
    called = {"client_first_name": cast.client.first_name, "called_at": at}
    arrived = links.channels() if channel is Channel.PUSH else links.arrived(NOBODY)
    values: dict[Kind, dict[str, Any]] = {
        Kind.OFFER: {**offered, **zone, "letter": cast.letter, "expires_at": at + timedelta(minutes=30)},
        Kind.LOST: {**offered, "winner_first_name": cast.winner_first_name, "lead": cast.behind},
        Kind.DETAILS: {**claimed, "need": cast.need, "notes": cast.notes, "claimed_at": at, "talked": True},
        Kind.CLIENT_CALLED: {**claimed, **need, **called},
        Kind.UNPLACED: {
            **need, "our_number": links.our_number, "pin": "482913", "reply": f"1{cast.letter or ''}",
            "link": links.offer(NOBODY),
        },
        Kind.TEST: {**agent, "link": arrived},
        Kind.SIGN_IN: {**agent, "link": links.sign_in(NOBODY), "minutes": 15},
        Kind.NO_AGENT: {"need": cast.need, "link": links.admin(NOBODY), "offers": list(cast.outcomes)},
        Kind.NUMBER_CODE: {"code": "482913", "minutes": 10},
        Kind.NUMBER_CONFIRM: {
            **agent, **phones, "need": cast.need, "link": links.number_confirm(NOBODY), "hours": 24,
        },
        Kind.NUMBER_CHANGED: {"ending": "9999", "is_own": False, "link": links.number_revert(NOBODY)},
    }  # fmt: skip
    return values[kind]
