"""What the clock shows where a client is, by ZIP code."""

import pytest

from app.clients.zones import time_zone_of


@pytest.mark.parametrize(
    ("place", "zip_code", "zone"),
    [
        ("Austin TX", "78704", "America/Chicago"),
        ("El Paso TX", "79901", "America/Denver"),
        ("El Paso TX", "79942", "America/Denver"),
        ("Chattanooga TN", "37405", "America/New_York"),
        ("Nashville TN", "37201", "America/Chicago"),
        ("Flagstaff AZ", "86003", "America/Phoenix"),
        ("Page AZ", "86040", "America/Phoenix"),
        ("Tuba City AZ", "86045", "America/Denver"),
        ("Kendall KS", "67857", "America/Denver"),
        ("Wichita KS", "67202", "America/Chicago"),
        ("Cottonwood ID", "83522", "America/Los_Angeles"),
        ("Boise ID", "83702", "America/Boise"),
        ("West Wendover NV", "89883", "America/Denver"),
        ("Reno NV", "89501", "America/Los_Angeles"),
        ("Phenix City AL", "36867", "America/New_York"),
        ("Valley AL", "36854", "America/New_York"),
        ("Birmingham AL", "35203", "America/Chicago"),
        ("a code nobody has, AZ", "00000", "America/Phoenix"),
    ],
)
def test_the_zone_of_a_place_is_what_its_clocks_show(place: str, zip_code: str, zone: str) -> None:
    assert time_zone_of(place[-2:], zip_code) == zone
