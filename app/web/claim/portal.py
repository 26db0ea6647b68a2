"""From the claim page into the portal: its link knows the agent, so a code is one tap away."""

from http import HTTPStatus

from flask import redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response as AnyResponse

from app.access.request import request_code
from app.core.clock import now
from app.core.language import gettext as _
from app.core.limits import Limit
from app.core.runtime import runtime
from app.extensions import db
from app.notifications.channels.rules import Channel
from app.people.service import get_agent
from app.web import blueprint
from app.web.claim.link import linked_view
from app.web.sign_in import HOUR, code_page


@blueprint.get("/o/<token>/portal")
def open_in_portal(token: str) -> AnyResponse | str:
    """The referral, for the agent who is signed in here; for others, ways to get a code."""
    view = linked_view(token)
    agent = current_user.agent if current_user.is_authenticated else None
    if agent is not None and agent.id == view.agent_id:
        return redirect(url_for("web.referral", referral_id=view.referral_id), HTTPStatus.SEE_OTHER)
    name = get_agent(db.session(), view.agent_id).first_name
    return render_template("web/portal_code.html", url=f"/o/{token}", agent_first_name=name)


@blueprint.post("/o/<token>/portal")
def send_code(token: str) -> str:
    """Sends a code to the agent's own address or phone: whoever holds the link alone does not get it."""
    view = linked_view(token)
    if not runtime().limits.allow(Limit.PORTAL_CODES_PER_AGENT, str(view.agent_id)):
        raise TooManyRequests(_("Those were a lot of codes. Try again in an hour."), retry_after=HOUR)
    asked = request_code(
        db.session(),
        account=get_agent(db.session(), view.agent_id).account,
        channel=Channel.SMS if request.form.get("by") == Channel.SMS else Channel.EMAIL,
        next_path=url_for("web.referral", referral_id=view.referral_id),
        at=now(),
    )
    db.session.commit()
    asked.outbox.enqueue(runtime().queue)
    return code_page(asked.link_id)
