"""The claim page, the portal, and sign-in."""

from flask import Blueprint

blueprint = Blueprint("web", __name__)

from app.web import contact, join, passkeys, pwa, sign_in  # noqa: F401
from app.web.claim import misses, number, number_links, page, portal, titles  # noqa: F401
from app.web.client import page as clients_page  # noqa: F401
from app.web.client import words  # noqa: F401
from app.web.mail_links import arrived, unsubscribe  # noqa: F401
from app.web.portal import (  # noqa: F401
    channel_words,
    channels,
    client,
    deal,
    figures,
    home,
    invite,
    me,
    passing_on,
    push,
    referral,
    team,
    terms,
)
