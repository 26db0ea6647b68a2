"""What is said of a referral before it is claimed."""

import pytest

from app.core.referral_kind import ReferralKind
from app.referrals.rules import Need


def need(least: int = 600_000, most: int = 600_000, zip_code: str = "78704") -> Need:
    return Need(ReferralKind.SELLER, "Austin", "TX", zip_code, least, most)


@pytest.mark.parametrize(
    ("least", "most", "written", "spoken"),
    [
        (600_000, 600_000, "about $600k", "about 600 thousand dollars"),
        (999_499, 999_499, "about $999k", "about 999 thousand dollars"),
        (999_500, 999_500, "about $1M", "about 1 million dollars"),
        (999_999, 999_999, "about $1M", "about 1 million dollars"),
        (1_009_000, 1_009_000, "about $1.01M", "about 1.01 million dollars"),
        (1_250_000, 1_250_000, "about $1.25M", "about 1.25 million dollars"),
        (999_994_999, 999_994_999, "about $999.99M", "about 999.99 million dollars"),
        (1_000_000_000, 1_000_000_000, "about $1B", "about 1 billion dollars"),
        (450_000, 2_000_000, "$450k to $2M", "450 thousand dollars to 2 million dollars"),
        (0, 600_000, "up to $600k", "up to 600 thousand dollars"),
        (500, 500, "about $500", "about 500 dollars"),
        (1, 600_000, "up to $600k", "up to 600 thousand dollars"),
        (1_500, 2_250, "$1.5k to $2.2k", "1.5 thousand dollars to 2.2 thousand dollars"),
        (1, 1, "about $1", "about 1 dollar"),
        (0, 0, "price open", "price open"),
    ],
)
def test_the_ear_hears_the_price_that_the_eye_reads(least: int, most: int, written: str, spoken: str) -> None:
    assert (need(least, most).price, need(least, most).spoken_price) == (written, spoken)


@pytest.mark.parametrize(
    ("zip_code", "told"),
    [("78704", "78704"), ("78704-1234", "78704"), ("K1A 0B1", "K1A"), ("K1A0B1", "K1A")],
)
def test_the_area_is_told_and_no_few_houses(zip_code: str, told: str) -> None:
    assert need(zip_code=zip_code).headline == f"Seller in Austin, {told}"
