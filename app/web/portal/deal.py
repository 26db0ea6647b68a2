"""What an agent does about a client of theirs: ring them, move their stage, hold, note, report."""

from http import HTTPStatus
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Response, redirect, render_template, request
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from app.calls.request import CannotCall, call_me
from app.claims.ending import standing_claim
from app.core.clock import now
from app.core.errors import InvalidInput
from app.core.language import gettext as _
from app.core.language import mark
from app.core.runtime import runtime
from app.core.urls import offer_path
from app.extensions import db
from app.http.forms import load
from app.pipeline.deals import hold, move_stage, report
from app.pipeline.follow_ups import move_follow_up
from app.pipeline.notes import save_note
from app.pipeline.schemas import FollowUpSchema, HoldSchema, NoteSchema, ReportSchema, StageSchema
from app.web import blueprint
from app.web.contact import person_card
from app.web.portal.current_agent import current_agent
from app.web.portal.referral import back_to, mine_or_404, my_offer_or_404, refused, refused_by, words_of

CANNOT_CALL = {
    "over": mark("This client is not yours any more."),
    "paused": mark("You are paused, so we don't call you. Ask your network to resume you."),
    "on_another_call": mark("Your phone is busy with a call for another referral. Finish it, then try again."),
    "too_often": mark("That was a lot of calls. Wait ten minutes, or dial the number yourself."),
}


@blueprint.post("/referrals/<uuid:referral_id>/call")
@login_required
def call_client(referral_id: UUID) -> AnyResponse:
    """Rings the agent, and then the client from our number; the claim page follows the call."""
    here, offer = runtime(), my_offer_or_404(referral_id)
    result = call_me(db.session(), offer_id=offer.id, at=now(), ring_seconds=here.settings.ring_seconds, signed_in=True)
    db.session.commit()
    result.outbox.enqueue(here.queue)
    if isinstance(result, CannotCall):
        return refused(referral_id, {"call": _(CANNOT_CALL[result.reason])}, {})
    return redirect(offer_path(here, offer.id), HTTPStatus.SEE_OTHER)


@blueprint.post("/referrals/<uuid:referral_id>/stage")
@login_required
def stage(referral_id: UUID) -> AnyResponse:
    """Moves the client to another stage."""
    found, agent = mine_or_404(referral_id), current_agent()
    try:
        asked = load(StageSchema(), request.form)
        move_stage(
            db.session(), referral_id=found.id, agent_id=agent.id, to=asked["stage"], reason=asked["reason"], at=now()
        )
    except InvalidInput as error:
        return refused_by(referral_id, error)
    db.session.commit()
    return back_to(referral_id, "stage")


@blueprint.post("/referrals/<uuid:referral_id>/hold")
@login_required
def hold_until(referral_id: UUID) -> AnyResponse:
    """Leaves the client alone until a day, or takes them up again."""
    found, agent = mine_or_404(referral_id), current_agent()
    given = {name: value for name, value in request.form.items() if value}
    try:
        until = load(HoldSchema(), given)["until"]
        today = now().astimezone(ZoneInfo(agent.time_zone)).date()
        hold(db.session(), referral_id=found.id, agent_id=agent.id, until=until, today=today, at=now())
    except InvalidInput as error:
        return refused_by(referral_id, error)
    db.session.commit()
    return back_to(referral_id, "next")


@blueprint.post("/referrals/<uuid:referral_id>/follow-up")
@login_required
def follow_up_later(referral_id: UUID) -> AnyResponse:
    """Moves the next reminder."""
    found, agent = mine_or_404(referral_id), current_agent()
    claim = standing_claim(db.session(), referral_id=found.id, agent_id=agent.id)
    assert claim is not None
    try:
        to = load(FollowUpSchema(), request.form)["to"]
    except InvalidInput as error:
        return refused_by(referral_id, error)
    move_follow_up(db.session(), claim=claim, agent=agent, to=to, at=now())
    db.session.commit()
    return back_to(referral_id, "next")


@blueprint.post("/referrals/<uuid:referral_id>/notes")
@login_required
def note(referral_id: UUID) -> AnyResponse | str:
    """Saves a note: as it is being typed, or when it is done."""
    found, agent = mine_or_404(referral_id), current_agent()
    try:
        typed = load(NoteSchema(), request.form)
    except InvalidInput as error:
        if request.htmx:  # type: ignore[attr-defined]
            return render_template("web/portal/note_saved.html", wrong=words_of(error).get("body"))
        return refused_by(referral_id, error)
    saved = save_note(
        db.session(), note_id=typed["id"], referral_id=found.id, agent_id=agent.id, body=typed["body"], at=now()
    )
    db.session.commit()
    if request.htmx:  # type: ignore[attr-defined]
        wrong = None if saved else _("This note was not saved. Reload the page and write it again.")
        return render_template("web/portal/note_saved.html", agent=agent, saved_at=now(), wrong=wrong)
    return back_to(referral_id, "notes")


@blueprint.post("/referrals/<uuid:referral_id>/report")
@login_required
def report_referral(referral_id: UUID) -> AnyResponse:
    """Something is wrong with this referral."""
    found, agent = mine_or_404(referral_id), current_agent()
    try:
        said = load(ReportSchema(), request.form)
    except InvalidInput as error:
        return refused_by(referral_id, error)
    outbox = report(
        db.session(), referral_id=found.id, agent_id=agent.id, what=said["what"], words=said["words"], at=now()
    )
    db.session.commit()
    outbox.enqueue(runtime().queue)
    return back_to(referral_id, "report")


@blueprint.get("/referrals/<uuid:referral_id>/contact.vcf")
@login_required
def client_card(referral_id: UUID) -> Response:
    """The client as a contact for the agent's phone."""
    client = mine_or_404(referral_id).client
    return person_card(client.name, client.phone, client.email)
