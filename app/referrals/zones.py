"""The client's time zone, from where they want to buy or sell: the ZIP code knows best, else the state."""

from functools import lru_cache

import zipcodes

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
STATES = frozenset(ZONE_OF_STATE)


def time_zone_of(state: str, zip_code: str) -> str:
    """An IANA zone. A state with two zones is told apart by its ZIP codes."""
    return _of_zip(zip_code[:5]) or ZONE_OF_STATE[state]


@lru_cache(maxsize=4096)
def _of_zip(zip_code: str) -> str | None:
    if not zip_code.isdigit():
        return None
    found = zipcodes.matching(zip_code)
    return found[0].get("timezone") or None if found else None
