"""The agent's figures beside their team's: one sentence first, then four tiles."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import render_template
from flask_login import login_required

from app.core.clock import now
from app.core.language import gettext as _
from app.core.language import mark
from app.extensions import db
from app.history.figures import Figure, Figures, figures_of, team_of
from app.http.filters import duration
from app.web import blueprint
from app.web.portal.current_agent import current_agent

MINUTE = 60
NO_TEAM = Figures(*[Figure(None, 0)] * 4)
WIDTH, HEIGHT, EDGE = 100, 28, 2
"""Of a small chart, in its own units."""


@dataclass(frozen=True)
class Tile:
    """One figure as it is shown."""

    name: str
    mine: str
    team: str
    points: str
    weeks_words: str
    how: str


@blueprint.get("/figures")
@login_required
def figures() -> str:
    """The page."""
    agent, session, at = current_agent(), db.session(), now()
    mine = figures_of(session, agent_ids=[agent.id], at=at)
    members = team_of(session, agent=agent)
    team = figures_of(session, agent_ids=members, at=at) if len(members) > 1 else NO_TEAM
    tiles = [
        _tile(mark("Speed to claim"), took, mine.claim_seconds, team.claim_seconds, CLAIMS),
        _tile(mark("Answer"), took, mine.answer_seconds, team.answer_seconds, ANSWERS),
        _tile(mark("Answered"), share, mine.answered, team.answered, RATE),
        _tile(mark("Talked with"), share, mine.talked, team.talked, TALKS),
    ]
    sentence = _sentence(mine.answer_seconds, team.answer_seconds)
    return render_template("web/portal/figures.html", agent=agent, tiles=tiles, sentence=sentence, at=at)


CLAIMS = mark("From the offer to the claim: half are faster. Clients that were handed over are left out.")
ANSWERS = mark("From our dialing until you pick up: half are faster.")
RATE = mark("Of the calls that rang you, those you picked up.")
TALKS = mark("Of the clients you claimed, those you have talked with.")


def took(seconds: float) -> str:
    """`11 s`, `2:05`; never less than a second."""
    return f"{max(1, round(seconds))}\u00a0s" if seconds < MINUTE else duration(round(seconds))


def share(part: float) -> str:
    """`86 %`."""
    return f"{round(part * 100)}\u00a0%"


def _sentence(mine: Figure, team: Figure) -> str:
    if mine.value is None:
        return _("Nothing to count yet")
    if team.value is None:
        return _("You answer in %(time)s", time=took(mine.value))
    return _("You answer in %(time)s, the team in %(team)s", time=took(mine.value), team=took(team.value))


def _tile(name: str, said: Callable[[float], str], mine: Figure, team: Figure, how: str) -> Tile:
    words = [_("none") if week is None else said(week) for week in mine.weeks]
    return Tile(
        name=_(name),
        mine="\u2013" if mine.value is None else said(mine.value),
        team="" if team.value is None else said(team.value),
        points=_points(mine.weeks),
        weeks_words=_("By week, oldest first: %(weeks)s", weeks=", ".join(words)),
        how=_(how),
    )


def _points(weeks: tuple[float | None, ...]) -> str:
    """A line through the weeks that have a figure; none for fewer than two."""
    known = [(n, week) for n, week in enumerate(weeks) if week is not None]
    if len(known) < 2:  # noqa: PLR2004
        return ""
    most = max(week for _n, week in known) or 1
    step, room = WIDTH / (len(weeks) - 1), HEIGHT - 2 * EDGE
    return " ".join(f"{n * step:.1f},{HEIGHT - EDGE - week / most * room:.1f}" for n, week in known)
