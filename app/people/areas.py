"""Where an agent works: a state, a city, a ZIP code, or so many miles around one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.core.contact import NotUsable
from app.core.language import gettext as _
from app.core.places import STATES, ZIP, Point, find_zip, miles_between
from app.people.models import AgentArea

MOST_AREAS = 50
FARTHEST = 200
"""Miles around a ZIP code."""


AROUND = re.compile(r"(?P<zip>\S+)\s*\+\s*(?P<miles>\d{1,3})(\s*(mi|miles?|millas?)\.?)?", re.IGNORECASE)
FIRST_HALF = re.compile(r"[A-CEGHJ-NPR-TVXY]\d[A-Z]", re.ASCII)
"""Of a Canadian postal code: a part of a town."""
IN_STATE = re.compile(r"(?P<city>.+?)\s*,\s*(?P<state>\w\w)")


@dataclass(frozen=True)
class Area:
    """One of four: `state` alone; `city` in it; `zip_code`, a `zip_key`; `miles` around a `zip_code`."""

    state: str | None = None
    city: str | None = None
    zip_code: str | None = None
    miles: int | None = None

    def __str__(self) -> str:
        """As `parse_area` reads it: `TX`, `Austin, TX`, `78704`, `78704 + 25 mi`."""
        if self.miles is not None:
            return f"{self.zip_code} + {self.miles} mi"
        if self.zip_code is not None:
            return self.zip_code
        return f"{self.city}, {self.state}" if self.city is not None else str(self.state)


def parse_area(raw: str) -> Area:
    """What somebody typed for an area. Raises NotUsable."""
    text = " ".join(raw.split())
    if found := AROUND.fullmatch(text):
        miles = int(found["miles"])
        if not 0 < miles <= FARTHEST:
            raise NotUsable(_("%(area)s: at most %(most)s miles.", area=text, most=FARTHEST))
        if find_zip(found["zip"]) is None:
            raise NotUsable(_("%(area)s: this ZIP code is on no map.", area=text))
        return Area(zip_code=zip_key(found["zip"]), miles=miles)
    if found := IN_STATE.fullmatch(text):
        return Area(state=_state(text, found["state"]), city=found["city"])
    if ZIP.fullmatch(text.upper()) or FIRST_HALF.fullmatch(text.upper()):
        return Area(zip_code=zip_key(text.upper()))
    return Area(state=_state(text, text))


def _state(area: str, raw: str) -> str:
    if raw.upper() not in STATES:
        raise NotUsable(_("%(area)s: give TX, Austin, TX, 78704 or 78704 + 25 mi.", area=area))
    return raw.upper()


@dataclass(frozen=True)
class Place:
    """Where a referral is."""

    state: str
    city: str
    zip_code: str

    @property
    def middle(self) -> Point | None:
        """Of its ZIP code."""
        found = find_zip(self.zip_code)
        return found.middle if found is not None else None


def covers(area: Area, place: Place) -> bool:
    """Whether the place is in the area. Pure."""
    if area.miles is not None:
        far = miles_to(area, place)
        return far is not None and far <= area.miles
    if area.zip_code is not None:
        return area.zip_code == zip_key(place.zip_code)
    if area.state != place.state:
        return False
    return area.city is None or area.city.casefold() == place.city.casefold()


def miles_to(area: Area, place: Place) -> float | None:
    """From the middle of an area's ZIP code to the place's; None where one of them is on no map."""
    center = find_zip(area.zip_code) if area.zip_code is not None else None
    if center is None or place.middle is None:
        return None
    return miles_between(center.middle, place.middle)


def zip_key(zip_code: str) -> str:
    """What two codes of one area share: five digits, or the first half of a Canadian one."""
    return zip_code[:5] if zip_code[:1].isdigit() else zip_code[:3]


def areas_of(session: Session, agent_ids: Sequence[UUID]) -> dict[UUID, list[Area]]:
    """The areas of each of these agents; all of them are in it."""
    found: dict[UUID, list[Area]] = {id_: [] for id_ in agent_ids}
    query = select(AgentArea).where(AgentArea.agent_id.in_(agent_ids)).order_by(AgentArea.id)
    for row in session.scalars(query):
        found[row.agent_id].append(Area(row.state, row.city, row.zip_code, row.miles))
    return found


def keep_areas(session: Session, *, agent_id: UUID, areas: Sequence[Area]) -> None:
    """Sets where an agent works."""
    session.execute(delete(AgentArea).where(AgentArea.agent_id == agent_id))
    for area in dict.fromkeys(areas):
        center = find_zip(area.zip_code) if area.miles is not None and area.zip_code else None
        session.add(
            AgentArea(
                agent_id=agent_id,
                state=area.state,
                city=area.city,
                zip_code=area.zip_code,
                miles=area.miles,
                latitude=center.middle.latitude if center else None,
                longitude=center.middle.longitude if center else None,
            )
        )
    session.flush()
