"""What a tab of the claim page is called, so that it tells how things stand from behind other tabs."""

from app.claims.page import ClaimView
from app.claims.phases import Phase
from app.core.runtime import runtime
from app.http.filters import capital
from app.web import blueprint

P = Phase
TITLES: dict[Phase, str] = {
    P.CALLING: "Calling you",
    P.RINGING: "Ringing: press 1",
    P.ANSWERED: "On the line: press 1",
    P.CONNECTING: "Connecting {client}",
    P.PICKED_UP: "On the line",
    P.CONNECTED: "Talking to {client}",
    P.MISSED: "We couldn't reach you",
    P.PIN: "Call us with your PIN",
    P.STOPPING: "Hanging up",
    P.QUIET: "{client} is yours",
    P.CLAIMED: "{client} is yours",
    P.CLIENT_MISSED: "{client} didn't pick up",
    P.DECLINING: "Declining: undo?",
    P.LOST: "{winner} was first",
    P.DECLINED: "Moved on: {need}",
    P.WITHDRAWN: "Moved on: {need}",
    P.EXPIRED: "Moved on: {need}",
}


@blueprint.app_template_filter()
def tab_title(view: ClaimView) -> str:
    """The state of the offer, else what it is about."""
    words = TITLES.get(view.phase)
    if words is None:
        return f"{view.need.headline} · {runtime().settings.brand_name}"
    named = words.format(client=view.client_first_name, winner=view.winner_first_name, need=view.need.headline)
    return capital(named)
