"""Every message as people get it, on each channel, with sample names. Nothing is sent from here."""

from http import HTTPStatus

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.admin import blueprint
from app.core.clock import now
from app.core.language import LANGUAGES, known
from app.core.runtime import runtime
from app.core.urls import links
from app.notifications.cast import Cast
from app.notifications.channels.rules import Channel
from app.notifications.kinds import KINDS, Kind
from app.notifications.wording.preview import Look, Previewer, as_shown

MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; sandbox"
"""A mail is a page of its own, with inline styles as mails have them, and can do nothing."""


PICTURED = (Channel.SMS, Channel.PUSH, Channel.EMAIL, Channel.VOICE)


@blueprint.get("/messages")
def messages() -> AnyResponse:
    """The first kind of all."""
    return redirect(url_for("admin.message", kind=next(iter(KINDS)).name))


@blueprint.get("/messages/<kind>")
def message(kind: str) -> str:
    """One kind on every channel it goes by."""
    preview = _previewer().of(_kind(kind))
    return render_template(
        "admin/messages/page.html",
        kinds=KINDS, chosen=preview, channels=_channels(preview.kind), casts=Cast,
        cast=_cast(), looks=Look, look=_look(), languages=LANGUAGES, spoken=_language(),
        mail_from=runtime().settings.mail_from,
    )  # fmt: skip


@blueprint.get("/messages/<kind>/mail")
def message_mail(kind: str) -> Response:
    """The mail itself, for the frame."""
    chosen = _kind(kind)
    if Channel.EMAIL not in chosen.channels:
        abort(HTTPStatus.NOT_FOUND)
    response = make_response(as_shown(_previewer().mail(chosen).words.html, _look()))
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _previewer() -> Previewer:
    here = runtime()
    return Previewer(render_template, here.settings.brand_name, links(here), _cast(), now(), _language())


def _channels(kind: Kind) -> list[Channel]:
    return [channel for channel in PICTURED if channel in kind.channels]


def _kind(raw: str) -> Kind:
    return KINDS.by_name.get(raw) or abort(HTTPStatus.NOT_FOUND)


def _cast() -> Cast:
    raw = request.args.get("names", "")
    return Cast(raw) if raw in set(Cast) else Cast.TYPICAL


def _language() -> str:
    return known(request.args.get("language"))


def _look() -> Look:
    raw = request.args.get("look", "")
    return Look(raw) if raw in set(Look) else Look.LIGHT
