"""Every message as people get it, on each channel, with sample names. Nothing is sent from here."""

from dataclasses import dataclass

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.admin import blueprint
from app.core.clock import now
from app.core.ground import ground
from app.flows.addresses import links
from app.flows.message_preview import Look, Previewer, as_shown
from app.flows.message_samples import Cast
from app.notify.compose import WORDED
from app.notify.rules import Channel, Kind

MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; sandbox"
"""A mail is a page of its own, with inline styles as mails have them, and can do nothing."""


@dataclass(frozen=True)
class Title:
    """What admins call a kind of message, and when it goes out."""

    name: str
    when: str


TITLES: dict[Kind, Title] = {
    Kind.OFFER: Title("New referral", "To each agent it is offered to, at once."),
    Kind.LOST: Title("Somebody was first", "To the others, when one has claimed."),
    Kind.DETAILS: Title("Client's details", "To the agent who claimed, after the call."),
    Kind.UNPLACED: Title("Call couldn't be placed", "To an agent who texted 1, when no call came of it."),
    Kind.CLIENT_CALLED: Title("Client called back", "To the agent who claimed, when they missed it."),
    Kind.NO_AGENT: Title("Nobody has it", "To admins, when no offer stands any more."),
    Kind.SIGN_IN: Title("Sign-in link", "To whoever asks for one."),
    Kind.NUMBER_CODE: Title("Code for a number", "To the phone that is to be proved."),
    Kind.NUMBER_CONFIRM: Title("Make it your number?", "To the agent's address, when another phone serves an offer."),
    Kind.NUMBER_CHANGED: Title("Number changed", "To the phone that was rung before."),
    Kind.TEST: Title("Test", "To an agent who wants to see that a channel works."),
}
PICTURED = (Channel.SMS, Channel.PUSH, Channel.EMAIL, Channel.VOICE)


@blueprint.get("/messages")
def messages() -> AnyResponse:
    """The first kind of all."""
    return redirect(url_for("admin.message", kind=Kind.OFFER))


@blueprint.get("/messages/<kind>")
def message(kind: str) -> str:
    """One kind on every channel it goes by."""
    preview = _previewer().of(_kind(kind))
    return render_template(
        "admin/messages.html",
        titles=TITLES, chosen=preview, title=TITLES[preview.kind], channels=_channels(preview.kind), casts=Cast,
        cast=_cast(), looks=Look, look=_look(), mail_from=ground().settings.mail_from,
    )  # fmt: skip


@blueprint.get("/messages/<kind>/mail")
def message_mail(kind: str) -> Response:
    """The mail itself, for the frame."""
    chosen = _kind(kind)
    if Channel.EMAIL not in WORDED[chosen]:
        abort(404)
    response = make_response(as_shown(_previewer().mail(chosen).words.html, _look()))
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _previewer() -> Previewer:
    here = ground()
    return Previewer(render_template, here.settings.brand_name, links(here), _cast(), now())


def _channels(kind: Kind) -> list[Channel]:
    return [channel for channel in PICTURED if channel in WORDED[kind]]


def _kind(raw: str) -> Kind:
    return Kind(raw) if raw in set(Kind) else abort(404)


def _cast() -> Cast:
    raw = request.args.get("names", "")
    return Cast(raw) if raw in set(Cast) else Cast.TYPICAL


def _look() -> Look:
    raw = request.args.get("look", "")
    return Look(raw) if raw in set(Look) else Look.LIGHT
