"""Tells the agent, before the tap, whether the client may be called."""

from datetime import datetime

from app.calls.gate import ask_to_call
from app.claims.page import ClaimView
from app.claims.phases import Phase
from app.clients.gate import Answer, gate_of
from app.core.clock import now
from app.core.formats import from_then, time_to_call
from app.core.runtime import runtime
from app.extensions import db
from app.web import blueprint

ASKED_IN = frozenset({Phase.OFFERED, Phase.MISSED, Phase.PIN, Phase.CLIENT_MISSED, Phase.QUIET})
"""Phases with a button that leads to a call to the client."""


def can_call(view: ClaimView) -> Answer:
    """What the gate would say now. Stores nothing."""
    if view.phase not in ASKED_IN:
        return Answer()
    return ask_to_call(db.session(), gate=gate_of(runtime().settings), matter=view.matter, at=now())


@blueprint.app_template_filter()
def call_from(answer: Answer, time_zone: str) -> str | None:
    """From when on the client may be called, in the agent's own zone: `from 8 AM on`, `from Monday 9 AM on`."""
    return from_then(answer.not_before, time_zone, since=now()) if answer.not_before is not None else None


@blueprint.app_template_filter()
def call_time(at: datetime, time_zone: str) -> str:
    """When a call is booked for, in the agent's own zone: `Monday, November 30, 9:30 AM`."""
    return time_to_call(at, time_zone)
