"""How values are shown."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from app.core.clock import now
from app.http.filters import clock, day, mailto, until, when

ZONE = "Pacific/Kiritimati"  # fourteen hours ahead: the day is the reader's, not UTC's


def test_an_end_is_told_with_its_day_unless_that_is_today() -> None:
    noon = now().astimezone(ZoneInfo(ZONE)).replace(hour=12)
    assert when(noon, ZONE) == clock(noon, ZONE)
    assert until(noon, ZONE) == f"until {clock(noon, ZONE)}"
    tomorrow = noon + timedelta(days=1)
    assert when(tomorrow, ZONE) == f"{day(tomorrow, ZONE)}, {clock(tomorrow, ZONE)}"


def test_a_link_to_write_to_a_client_names_one_address() -> None:
    assert mailto("maria+home@mail.example") == "mailto:maria%2Bhome@mail.example"
    assert mailto("maria?cc=boss@example.com") == "mailto:maria%3Fcc%3Dboss@example.com"
