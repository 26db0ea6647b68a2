"""Clients are called at a lawful and decent hour wherever they may be: in the area, and where their phone is from."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.clients.hours import CallingHours, Place, calling_hours
from app.clients.zones import ZONE_OF_STATE, client_places
from app.config.calling_rules import read_calling_rules
from app.core.places import STATES
from devtools.area_codes import area_codes

EASTERN, PACIFIC, HAWAII = "America/New_York", "America/Los_Angeles", "Pacific/Honolulu"
TEXAS = Place("America/Chicago", "TX")
HOURS = calling_hours((8, 21))
WEEKDAY, SATURDAY, SUNDAY = date(2026, 3, 4), date(2026, 3, 7), date(2026, 3, 15)
FEDERAL = ("8:00-21:00",) * 3
NO_SUNDAYS = ("8:00-21:00", "8:00-21:00", "never")
CANADIAN = ("9:00-21:00", "10:00-18:00", "10:00-18:00")
LAW = {
    "AL": NO_SUNDAYS,
    "LA": NO_SUNDAYS,
    "MS": NO_SUNDAYS,
    "CT": ("9:00-20:00",) * 3,
    "NV": ("9:00-20:00",) * 3,
    "FL": ("8:00-20:00",) * 3,
    "MD": ("8:00-20:00",) * 3,
    "MA": ("8:00-20:00",) * 3,
    "OK": ("8:00-20:00",) * 3,
    "RI": ("9:00-18:00", "10:00-17:00", "never"),
    "TX": ("9:00-21:00", "9:00-21:00", "12:00-21:00"),
    **dict.fromkeys(["AB", "BC", "MB", "NB", "NL", "NS", "NT", "NU", "ON", "PE", "QC", "SK", "YT"], CANADIAN),
}
"""Weekdays, Saturdays and Sundays of each state that has hours of its own, within the network's 8 to 21."""


def open_on(day: date, place: Place, hours: CallingHours = HOURS) -> str:
    """From when until when one may call on this day, looked up minute by minute: `8:00-21:00`, or `never`."""
    begin = datetime.combine(day, time(), ZoneInfo(place.zone)).astimezone(UTC)
    minutes = [begin + timedelta(minutes=n) for n in range(26 * 60)]
    local = [at.astimezone(ZoneInfo(place.zone)) for at in minutes if hours.may_call(at, (place,))]
    said = [at for at in local if at.date() == day]
    if not said:
        return "never"
    until = said[-1] + timedelta(minutes=1)
    return f"{said[0].hour}:{said[0].minute:02}-{until.hour}:{until.minute:02}"


@pytest.mark.parametrize("state", sorted(STATES))
def test_the_hours_of_each_state(state: str) -> None:
    place = Place(ZONE_OF_STATE[state], state)
    assert tuple(open_on(day, place) for day in (WEEKDAY, SATURDAY, SUNDAY)) == LAW.get(state, FEDERAL)


@pytest.mark.parametrize("night", [date(2026, 3, 8), date(2026, 11, 1)])
@pytest.mark.parametrize("state", sorted(STATES))
def test_on_both_nights_of_the_clock_change(state: str, night: date) -> None:
    place = Place(ZONE_OF_STATE[state], state)
    sunday = LAW.get(state, FEDERAL)[2]
    assert open_on(night, place) == sunday
    late = datetime.combine(night - timedelta(days=1), time(23), ZoneInfo(place.zone)).astimezone(UTC)
    opens = HOURS.opens(late, (place,)).astimezone(ZoneInfo(place.zone))
    first = night if sunday != "never" else night + timedelta(days=1)
    hours = sunday if sunday != "never" else LAW[state][0]
    assert (opens.date(), f"{opens.hour}:{opens.minute:02}") == (first, hours.partition("-")[0])


@pytest.mark.parametrize(
    ("state", "day"),
    [("AL", date(2026, 12, 25)), ("LA", date(2026, 2, 17)), ("MS", date(2026, 4, 27)), ("RI", date(2026, 8, 10))],
)
def test_on_a_legal_holiday_of_the_state_nobody_is_called(state: str, day: date) -> None:
    place = Place(ZONE_OF_STATE[state], state)
    assert open_on(day, place) == "never"
    noon = datetime.combine(day, time(12), ZoneInfo(place.zone))
    opens = HOURS.opens(noon, (place,)).astimezone(ZoneInfo(place.zone))
    assert opens.date() > day
    assert open_on(opens.date(), place) != "never"
    assert open_on(day, Place(EASTERN, "NY")) == "8:00-21:00"


@pytest.mark.parametrize(
    ("area", "state", "phone", "places"),
    [
        (EASTERN, "FL", "+13055550142", (Place(EASTERN, "FL"),)),
        (EASTERN, "NY", "+14155550142", (Place(EASTERN, "NY"), Place(PACIFIC, "CA"))),
        (EASTERN, "NY", "+13055550142", (Place(EASTERN, "NY"), Place(EASTERN, "FL"))),
        (EASTERN, "NY", "+18085550142", (Place(EASTERN, "NY"), Place(HAWAII, "HI"))),
        (PACIFIC, "CA", "+12085550142", (Place(PACIFIC, "CA"), Place("America/Boise", "ID"), Place(PACIFIC, "ID"))),
        (EASTERN, "NY", "+442079460000", (Place(EASTERN, "NY"), Place("Europe/London"))),
        (EASTERN, "NY", "+18005550142", (Place(EASTERN, "NY"),)),
        (EASTERN, "NY", "+18335550142", (Place(EASTERN, "NY"),)),
    ],
)
def test_a_phone_tells_where_it_is_from_unless_it_is_from_nowhere(
    area: str, state: str, phone: str, places: tuple[Place, ...]
) -> None:
    assert client_places(area_zone=area, state=state, phone=phone) == places


def test_a_client_whose_zone_is_known_is_in_that_one_alone() -> None:
    own = client_places(area_zone=EASTERN, state="NY", phone="+14155550142", own_zone=HAWAII)
    assert own == (Place(HAWAII, "NY"), Place(HAWAII, "CA"))
    at = datetime(2027, 1, 14, 17, tzinfo=UTC)
    assert not HOURS.may_call(at, own)
    assert HOURS.may_call(at, client_places(area_zone=EASTERN, state="NY", phone="+14155550142"))


def test_each_area_code_has_the_state_that_libphonenumber_describes() -> None:
    for state, codes in area_codes().items():
        for code in codes:
            assert client_places(area_zone="UTC", state="NY", phone=f"+1{code}5550142", own_zone="UTC")[1:] == (
                (Place("UTC", state),) if state != "NY" else ()
            )


@pytest.mark.parametrize(
    ("zones", "utc", "closed", "called"),
    [
        ((EASTERN,), 13, None, 13),
        ((EASTERN, PACIFIC), 13, PACIFIC, 16),
        ((EASTERN, HAWAII), 17, HAWAII, 18),
        ((PACIFIC, EASTERN), 4, EASTERN, 16),
        ((EASTERN, PACIFIC), 20, None, 20),
        ((EASTERN, "Pacific/Guam"), 20, "Pacific/Guam", 22),
    ],
)
def test_all_their_places_have_to_allow_it(zones: tuple[str, ...], utc: int, closed: str | None, called: int) -> None:
    at, places = datetime(2027, 1, 14, utc, tzinfo=UTC), tuple(Place(zone) for zone in zones)
    assert HOURS.closed_in(at, places) == (Place(closed) if closed else None)
    when = HOURS.opens(at, places)
    assert HOURS.may_call(when, places)
    assert when.astimezone(UTC).hour == called
    assert at <= when < at + timedelta(days=1)


def test_a_client_in_texas_with_a_phone_from_florida_has_the_narrower_hours() -> None:
    places = client_places(area_zone="America/Chicago", state="TX", phone="+18505550142")
    there = ZoneInfo("America/Chicago")
    assert [HOURS.may_call(datetime(2026, 3, 4, hour, 30, tzinfo=there), places) for hour in (8, 9, 18, 19, 20)] == [
        False, True, True, False, False,
    ]  # fmt: skip
    assert HOURS.calls_a_day(places) == 3
    assert HOURS.calls_a_day((TEXAS,)) is None


def test_places_that_share_no_hour_leave_that_of_the_area() -> None:
    at = datetime(2027, 1, 14, 20, tzinfo=UTC)
    narrow, places = calling_hours((9, 10)), (Place(EASTERN), Place(HAWAII))
    when = narrow.opens(at, places)
    assert not narrow.may_call(at, places)
    assert when.astimezone(ZoneInfo(EASTERN)).hour == 9


def test_hours_of_the_network_that_the_law_never_allows_give_way_to_the_law() -> None:
    assert open_on(WEEKDAY, TEXAS, calling_hours((5, 8))) == "9:00-21:00"


def test_a_network_that_asks_for_no_hours_may_call_at_any() -> None:
    assert open_on(SUNDAY, Place(EASTERN, "AL"), calling_hours((0, 24))) == "0:00-0:00"


def test_a_network_can_bring_its_own_table() -> None:
    table = (
        'as_of = 2026-01-01\n[country.US]\nlaw = "ours"\nhours = "7-22"\n[country.CA]\nlaw = "ours"\nhours = "7-22"\n'
        '[state.TX]\nlaw = "ours"\nhours = "10:30-11"\n'
    )
    hours = calling_hours((0, 23), table)
    assert open_on(SUNDAY, TEXAS, hours) == "10:30-11:00"
    assert open_on(SUNDAY, Place(EASTERN, "AL"), hours) == "7:00-22:00"


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ('hours = "21-8"', "country.US.hours"),
        ('hours = "never"', "country.US.hours"),
        ('hours = "8-21"\nsunday = "noon"', "country.US.sunday"),
        ('hours = "8-21"\ncalls_a_day = 0', "country.US.calls_a_day"),
        ('hours = "8-21"\nsundays = "never"', "country.US.sundays"),
        ("", "country.US.hours"),
    ],
)
def test_what_is_wrong_in_a_table_is_named(wrong: str, named: str) -> None:
    table = f'as_of = 2026-01-01\n[country.US]\nlaw = "ours"\n{wrong}\n[country.CA]\nlaw = "ours"\nhours = "7-22"\n'
    with pytest.raises(ValueError, match=named):
        read_calling_rules(table)
