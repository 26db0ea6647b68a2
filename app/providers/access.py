"""The providers of the app being served, made once per process and on first use."""

from flask import Flask, current_app

from app.core.ground import ground
from app.core.push_hosts import push_hosts
from app.providers.carrier import Carrier
from app.providers.mail import Mailer
from app.providers.push import Pusher
from app.providers.signatures import SignatureCheck


def _app() -> Flask:
    return current_app._get_current_object()  # type: ignore[attr-defined,no-any-return]


def carrier() -> Carrier:
    """The carrier."""
    made = _app().extensions.get("carrier")
    if not isinstance(made, Carrier):
        made = _app().extensions["carrier"] = Carrier(ground().settings)
    return made


def mailer() -> Mailer:
    """The mail server."""
    made = _app().extensions.get("mailer")
    if not isinstance(made, Mailer):
        settings = ground().settings
        made = _app().extensions["mailer"] = Mailer(settings.mail_url, settings.mail_from, settings.mail_bounces_to)
    return made


def pusher() -> Pusher | None:
    """The push services; None without a key."""
    settings = ground().settings
    if not settings.sends_push:
        return None
    made = _app().extensions.get("pusher")
    if not isinstance(made, Pusher):
        made = Pusher(settings.vapid_private_key, settings.vapid_subject, push_hosts(settings.push_hosts).allowed)
        _app().extensions["pusher"] = made
    return made


def signature_check() -> SignatureCheck:
    """The check of the carrier's signatures."""
    made = _app().extensions.get("signature_check")
    if not isinstance(made, SignatureCheck):
        settings = ground().settings
        made = SignatureCheck(settings.twilio_auth_token, settings.public_url)
        _app().extensions["signature_check"] = made
    return made
