"""What is asked of an agent, and what a fee comes to."""

from datetime import date
from decimal import Decimal

import pytest
from marshmallow import ValidationError

from app.core.contact import NotUsable
from app.people.licences import Licence, parse_licence
from app.terms.rules import Lack, Standing, Step, Terms, lacking, read, written
from app.terms.schemas import fee_typed, parse_fee

TODAY = date(2026, 11, 28)
ALL = Terms("Thirty per cent.", (Step(Decimal(30)),), needs_brokerage=True, needs_licence=True)


def lacks(
    *licences: str, brokerage: str | None = "Ortiz Realty", agreed: bool = True, terms: Terms = ALL
) -> list[Lack]:
    standing = Standing(brokerage, [parse_licence(one) for one in licences], has_agreed=agreed)
    return list(lacking(terms, standing, state="TX", today=TODAY))


def test_who_has_all_of_it_lacks_nothing() -> None:
    assert lacks("TX 0612345 2027-01-31") == []
    assert lacks("OK 1", "TX 0612345") == []


def test_the_last_day_of_a_licence_still_counts() -> None:
    assert lacks("TX 0612345 2026-11-28") == []
    assert lacks("TX 0612345 2026-11-27") == [Lack.EXPIRED]
    assert lacks("TX 0612345 2026-11-27", "TX 0700000 2027-11-27") == []


def test_a_licence_elsewhere_or_without_a_number_is_none() -> None:
    assert lacks("OK 0612345") == [Lack.LICENCE]
    assert lacks("TX") == [Lack.LICENCE]


def test_all_that_is_missing_is_told() -> None:
    assert lacks(brokerage=None, agreed=False) == [Lack.AGREEMENT, Lack.BROKERAGE, Lack.LICENCE]


def test_what_is_not_asked_for_is_not_missed() -> None:
    assert lacks(brokerage=None, agreed=False, terms=Terms()) == []
    assert lacks(brokerage=None, agreed=False, terms=Terms(fee=ALL.fee)) == []


@pytest.mark.parametrize(
    ("typed", "price", "percent"),
    [
        ("30", 600_000, "30"),
        ("27.5%", 600_000, "27.5"),
        ("$400,000: 25\n30", 400_000, "25"),
        ("$400,000: 25\n30", 400_001, "30"),
        ("400000: 25\n800000 : 30\n35", 800_000, "30"),
    ],
)
def test_a_fee_goes_by_the_price(typed: str, price: int, percent: str) -> None:
    terms = Terms(fee=parse_fee(typed.splitlines()))
    assert terms.percent_for(price) == Decimal(percent)
    assert parse_fee(fee_typed(terms.fee).splitlines()) == terms.fee
    assert read(written(terms)) == terms


@pytest.mark.parametrize(
    "typed", ["a third", "400000: 25", "30\n400000: 25", "500000: 25\n400000: 30\n35", "100", "-5"]
)
def test_what_is_no_fee_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        parse_fee(typed.splitlines())


def test_a_licence_reads_as_it_is_written() -> None:
    for text in ("TX", "TX 0612345", "TX 0612345 2027-01-31", "CA SA-123/4.5"):
        assert str(parse_licence(text)) == text
    assert parse_licence("tx  0612345") == Licence("TX", "0612345")
    assert parse_licence("TX 2027-01-31") == Licence("TX", None, date(2027, 1, 31))
    for text in ("ZZ 1", "Texas", "TX 1 2027-02-30", "TX 1 2 3", ""):
        with pytest.raises(NotUsable):
            parse_licence(text)
