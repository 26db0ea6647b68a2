"""What a tab of the claim page is called, so that it tells how things stand from behind other tabs."""

from app.claims.page import ClaimView
from app.claims.phases import Phase
from app.core.language import gettext as _
from app.core.language import mark
from app.core.runtime import runtime
from app.http.filters import capital
from app.web import blueprint

P = Phase
TITLES: dict[Phase, str] = {
    P.CALLING: mark("Calling you"),
    P.RINGING: mark("Ringing: press 1"),
    P.ANSWERED: mark("On the line: press 1"),
    P.CONNECTING: mark("Connecting {client}"),
    P.PICKED_UP: mark("On the line"),
    P.CONNECTED: mark("Talking to {client}"),
    P.MISSED: mark("We couldn't reach you"),
    P.PIN: mark("Call us with your PIN"),
    P.STOPPING: mark("Hanging up"),
    P.QUIET: mark("{client} is yours"),
    P.CLAIMED: mark("{client} is yours"),
    P.CLIENT_MISSED: mark("{client} didn't pick up"),
    P.DECLINING: mark("Declining: undo?"),
    P.LOST: mark("{winner} was first"),
    P.DECLINED: mark("Moved on: {need}"),
    P.WITHDRAWN: mark("Moved on: {need}"),
    P.EXPIRED: mark("Moved on: {need}"),
}


@blueprint.app_template_filter()
def tab_title(view: ClaimView) -> str:
    """The state of the offer, else what it is about."""
    words = TITLES.get(view.phase)
    if words is None:
        return f"{view.need.headline} · {runtime().settings.brand_name}"
    named = _(words).format(client=view.client_first_name, winner=view.winner_first_name, need=view.need.headline)
    return capital(named)
