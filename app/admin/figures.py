"""The network's figures on the desk: range, comparison and split stand in the address; each table is a file, too."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Response, render_template, request

from app.admin import blueprint
from app.admin.board.views import DESK_ZONE
from app.core.clock import now
from app.extensions import db
from app.history.network_figures import LONGEST, By, Counts, NetworkFigures, Range, network_figures
from app.http.filters import duration

MONTH, MINUTE = timedelta(days=29), 60
SPLITS = {
    By.AGENT: "Agent", By.TEAM: "Team", By.AREA: "Area", By.SOURCE: "Source", By.CHANNEL: "Told first by",
    By.HOUR: "Hour", By.WEEKDAY: "Weekday",
}  # fmt: skip
COLUMNS = (
    "offers", "referrals", "looked", "rang", "answered", "claimed", "talked", "median_seconds", "p90_seconds",
    "claim_rate", "answer_rate", "connect_rate", "bad", "ours",
)  # fmt: skip


@dataclass(frozen=True)
class Tile:
    """One figure, what it was before, and how it is counted."""

    name: str
    value: str
    before: str | None
    how: str


@dataclass(frozen=True)
class Bar:
    """One bar of a chart: its length from 0 to 100, its number in words."""

    name: str
    length: float
    words: str


@blueprint.get("/figures")
def figures() -> str:
    """The page."""
    days, by, compares = _asked()
    found = network_figures(db.session(), days=days, by=by)
    before = network_figures(db.session(), days=days.before, by=by) if compares else None
    return render_template(
        "admin/figures.html",
        days=days,
        by=by,
        splits=SPLITS,
        compares=compares,
        found=found,
        tiles=_tiles(found, before),
        funnel=_funnel(found),
        bars=_bars(found, by),
        with_=lambda **other: _address(days, by, compares=compares, **other),
        desk_zone=DESK_ZONE,
        took=took,
        share=share,
    )


@blueprint.get("/figures.csv")
def figures_file() -> Response:
    """The same table as a file."""
    days, by, _compares = _asked()
    written = io.StringIO()
    sheet = csv.writer(written)
    sheet.writerow((by.value, *COLUMNS))
    for row in network_figures(db.session(), days=days, by=by).rows:
        c = row.counts
        rates = (c.claim_rate, c.answer_rate, c.connect_rate)
        counted = (c.offers, c.referrals, c.looked, c.rang, c.answered, c.claimed, c.talked)
        sheet.writerow((row.name, *counted, *map(_number, (c.median, c.p90, *rates)), c.bad, c.ours))
    headers = {"Content-Disposition": f'attachment; filename="figures-{days.first}-{days.last}-by-{by}.csv"'}
    return Response(written.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _asked() -> tuple[Range, By, bool]:
    """From the address; what is no range is the last 30 days."""
    today = now().astimezone(ZoneInfo(DESK_ZONE)).date()
    last = min(_day("to") or today, today)
    first = _day("from") or last - MONTH
    if not timedelta(0) <= last - first <= LONGEST:
        first = last - MONTH
    asked = request.args.get("by", "")
    return Range(first, last, DESK_ZONE), By(asked) if asked in set(By) else By.AGENT, "compare" in request.args


def _day(name: str) -> date | None:
    try:
        return datetime.strptime(request.args.get(name, ""), "%Y-%m-%d").date()  # noqa: DTZ007
    except ValueError:
        return None


def _address(days: Range, by: By, /, *, compares: bool, **other: object) -> str:
    asked = {"from": days.first, "to": days.last, "by": by.value, **({"compare": "1"} if compares else {}), **other}
    return f"?{urlencode({name: value for name, value in asked.items() if value})}"


def _tiles(found: NetworkFigures, before: NetworkFigures | None) -> list[Tile]:
    def tile(name: str, say: Callable[[Counts], str], how: str) -> Tile:
        return Tile(name, say(found.total), say(before.total) if before is not None else None, how)

    return [
        tile(
            "Speed to claim",
            lambda c: f"{took(c.median)} · {took(c.p90)}" if c.median is not None else "-",
            "From the offer to the claim: half of the claims are faster than the first, nine of ten than the second.",
        ),
        tile("Claimed", lambda c: share(c.claim_rate), "Of the referrals that were offered."),
        tile("Answered", lambda c: share(c.answer_rate), "Of the calls that rang agents."),
        tile("Talked", lambda c: share(c.connect_rate), "Of the referrals that were claimed."),
    ]


def _funnel(found: NetworkFigures) -> list[Bar]:
    """From what came in to who was talked with: of referrals at both ends, of offers between."""
    c = found.total
    steps = [
        ("Came in", found.came), ("Offered", c.referrals), ("Claimed", c.claimed), ("Talked", c.talked),
    ]  # fmt: skip
    most = max((count for _, count in steps), default=0) or 1
    return [Bar(name, 100 * count / most, f"{count:,}") for name, count in steps]


def _bars(found: NetworkFigures, by: By) -> list[Bar]:
    """Claims of each row; of hours and days all, of others the first dozen."""
    rows = found.rows if by in (By.HOUR, By.WEEKDAY) else found.rows[:12]
    most = max((row.counts.claimed for row in rows), default=0) or 1
    return [Bar(row.name, 100 * row.counts.claimed / most, f"{row.counts.claimed:,}") for row in rows]


def took(value: float | None) -> str:
    """Seconds in words; a dash for none."""
    if value is None:
        return "-"
    whole = max(1, round(value))
    return f"{whole}\u00a0s" if whole < MINUTE else duration(whole)


def share(part: float | None) -> str:
    """A part of 1 in per cent; a dash for none."""
    return f"{part:.0%}" if part is not None else "-"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}".rstrip("0").rstrip(".")
