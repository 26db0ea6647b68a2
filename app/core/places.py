"""States and ZIP codes: which there are, and where on the map. The package `zipcodes` ships the table."""

import re
from dataclasses import dataclass
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt

import zipcodes

from app.core.contact import NotUsable

THE_STATES = (
    "AK AL AR AZ CA CO CT DC DE FL GA HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC ND NE NH NJ NM NV NY OH OK"
    " OR PA RI SC SD TN TX UT VA VT WA WI WV WY AS GU MP PR VI AB BC MB NB NL NS NT NU ON PE QC SK YT"
)
STATES = frozenset(THE_STATES.split())
"""Of the United States and Canada."""
ZIP = re.compile(r"\d{5}(-\d{4})?|[A-CEGHJ-NPR-TVXY]\d[A-Z] ?\d[A-Z]\d", re.ASCII)
EARTH_MILES = 3958.8
"""The mean radius."""
US_ZIP = re.compile(r"\d{5}(-|$)", re.ASCII)
MILES_A_DEGREE = 69.0
"""Of latitude, at least: a box that many degrees high has the circle in it."""


@dataclass(frozen=True)
class Point:
    """In degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class Zip:
    """A ZIP code that exists, and where its middle is."""

    state: str
    middle: Point


def parse_state(raw: str) -> str:
    """Its two letters. Raises NotUsable."""
    if raw.upper() not in STATES:
        raise NotUsable("Give a state or province by its two letters, such as TX.")
    return raw.upper()


def parse_zip(raw: str) -> str:
    """A ZIP, a ZIP+4 or a Canadian postal code. Raises NotUsable."""
    if not ZIP.fullmatch(raw.upper()):
        raise NotUsable("Give a ZIP or postal code, such as 78704.")
    return raw.upper()


@lru_cache(maxsize=8192)
def find_zip(zip_code: str) -> Zip | None:
    """The ZIP code (a ZIP+4 goes by its first five digits); None for one that is on no map, and in Canada."""
    if not US_ZIP.match(zip_code):
        return None
    for row in zipcodes.matching(zip_code[:5]):
        try:
            return Zip(row["state"], Point(float(row["lat"]), float(row["long"])))
        except (KeyError, ValueError):  # some rows of the table are shifted
            continue
    return None


def miles_between(a: Point, b: Point) -> float:
    """As the crow flies, by the haversine formula."""
    north, east = radians(b.latitude - a.latitude), radians(b.longitude - a.longitude)
    chord = sin(north / 2) ** 2 + cos(radians(a.latitude)) * cos(radians(b.latitude)) * sin(east / 2) ** 2
    return 2 * EARTH_MILES * asin(sqrt(min(1.0, chord)))
