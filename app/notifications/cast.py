"""People who do not exist, for samples of messages: typical ones, and ones with the longest names."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.core.names import shown_client
from app.core.referral_kind import ReferralKind
from app.referrals.rules import Need

NOBODY = UUID(int=0)
"""Of a row that is not there: a link made for it opens nothing."""


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
        return shown_client(self.name)


@dataclass(frozen=True)
class Players:
    """Who and what one set of samples is about."""

    agent_first_name: str
    winner_first_name: str
    client: SampleClient
    need: Need
    notes: str
    letter: str | None
    behind_seconds: int
    outcomes: tuple[str, ...]


TYPICAL = Players(
    agent_first_name="Priya",
    winner_first_name="Sam",
    client=SampleClient("Maria Delgado", "+15125557001", "maria@mail.example"),
    need=Need(ReferralKind.SELLER, "Austin", "TX", "78704", 590_000, 610_000),
    notes="Would like to list in March.",
    letter=None,
    behind_seconds=4,
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
    behind_seconds=59,
    outcomes=tuple(f"Bartholomäus-Ferdinand-Maximilian Ortiz-Villavicencio {n}: expired" for n in range(1, 11)),
)
PLAYERS = {Cast.TYPICAL: TYPICAL, Cast.LONGEST: LONGEST}
