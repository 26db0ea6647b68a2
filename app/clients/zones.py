"""Where clients are in time: of the area the ZIP code knows best, else the state; and their phone tells, too."""

import tomllib
from functools import lru_cache
from pathlib import Path
from zoneinfo import available_timezones

import phonenumbers
import zipcodes
from phonenumbers import PhoneNumber
from phonenumbers.timezone import time_zones_for_geographical_number

from app.clients.hours import Place, Places

AREA_CODES = Path(__file__).with_name("area_codes.toml")
NORTH_AMERICA = "+1"
STATE_ZONES = {
    "America/New_York": "CT DC DE FL GA IN KY MA MD ME MI NC NH NJ NY OH PA RI SC VA VT WV",
    "America/Chicago": "AL AR IA IL KS LA MN MO MS ND NE OK SD TN TX WI",
    "America/Denver": "CO ID MT NM UT WY",
    "America/Phoenix": "AZ",
    "America/Los_Angeles": "CA NV OR WA",
    "America/Anchorage": "AK",
    "Pacific/Honolulu": "HI",
    "America/Puerto_Rico": "PR VI",
    "Pacific/Guam": "GU MP",
    "Pacific/Pago_Pago": "AS",
    "America/Toronto": "ON QC NU",
    "America/Winnipeg": "MB",
    "America/Regina": "SK",
    "America/Edmonton": "AB NT",
    "America/Vancouver": "BC",
    "America/Whitehorse": "YT",
    "America/Halifax": "NB NS PE",
    "America/St_Johns": "NL",
}
ZONE_OF_STATE = {state: zone for zone, states in STATE_ZONES.items() for state in states.split()}
EASTERN_BY_CUSTOM = ("36854", "36863", "36867", "36868", "36869", "36870", "36874", "36877")
"""Around Phenix City AL, which keeps Eastern time with Columbus GA across the river."""
CORRECTED = {
    **dict.fromkeys(EASTERN_BY_CUSTOM, "America/New_York"),
    "37405": "America/New_York",  # Chattanooga
    "67857": "America/Denver",  # Kendall KS
    "79942": "America/Denver",  # El Paso
    "83522": "America/Los_Angeles",  # Cottonwood ID
    "86003": "America/Phoenix",  # Flagstaff
    "86040": "America/Phoenix",  # Page AZ
    "86045": "America/Denver",  # Tuba City AZ: the Navajo Nation has summer time
    "89883": "America/Denver",  # West Wendover NV
}
"""ZIP codes that the package has in the wrong zone, found by comparing all of them with timezonefinder."""
ZONES = available_timezones()


def time_zone_of(state: str, zip_code: str) -> str:
    """An IANA zone. A state with two zones is told apart by its ZIP codes."""
    return _of_zip(zip_code[:5]) or ZONE_OF_STATE[state]


def client_places(*, area_zone: str, state: str, phone: str, own_zone: str | None = None) -> Places:
    """Where the client may be: in the area, and where their phone (E.164) is from, as far as its number tells.

    A client whose `own_zone` is known is in that; the laws of both states may protect them there.
    """
    phone_state = _state_of(phone)
    if own_zone is not None:
        return _once((Place(own_zone, state), *(Place(own_zone, phone_state),) * (phone_state is not None)))
    return _once((Place(area_zone, state), *(Place(zone, phone_state) for zone in _of_phone(phone))))


def _once(places: Places) -> Places:
    return tuple(dict.fromkeys(places))


@lru_cache(maxsize=4096)
def _of_phone(phone: str) -> tuple[str, ...]:
    """The zones of its area code; none for toll-free and other numbers that are from nowhere."""
    number = phonenumbers.parse(phone)
    anywhere = PhoneNumber(country_code=number.country_code, national_number=0)
    zones = time_zones_for_geographical_number(number)
    if len(zones) > 1 and zones == time_zones_for_geographical_number(anywhere):
        return ()
    return tuple(str(zone) for zone in zones if zone in ZONES)


def _state_of(phone: str) -> str | None:
    """The state of its area code; None for a number from nowhere in North America."""
    return _area_codes().get(phone[2:5]) if phone.startswith(NORTH_AMERICA) else None


@lru_cache(maxsize=1)
def _area_codes() -> dict[str, str]:
    table = tomllib.loads(AREA_CODES.read_text(encoding="utf-8"))
    return {code: state for state, codes in table.items() for code in codes.split()}


@lru_cache(maxsize=4096)
def _of_zip(zip_code: str) -> str | None:
    if not (zip_code.isascii() and zip_code.isdecimal()):
        return None
    if zip_code in CORRECTED:
        return CORRECTED[zip_code]
    found = zipcodes.matching(zip_code)
    zone = found[0].get("timezone") if found else None
    return zone if zone in ZONES else None  # some rows of the table are shifted, and hold a town
