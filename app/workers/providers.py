"""The providers of the app being served, made once per process and on first use."""

from flask import Flask, current_app

from app.config.push_hosts import push_hosts
from app.config.webhook_hosts import place_of
from app.core.runtime import runtime
from app.providers.smtp.mailer import Mailer
from app.providers.twilio.client import Carrier
from app.providers.webhooks.client import EndpointClient
from app.providers.webpush.pusher import Pusher


def _app() -> Flask:
    return current_app._get_current_object()  # type: ignore[attr-defined,no-any-return]


def carrier() -> Carrier:
    """The carrier."""
    made = _app().extensions.get("carrier")
    if not isinstance(made, Carrier):
        made = _app().extensions["carrier"] = Carrier(runtime().settings)
    return made


def mailer() -> Mailer:
    """The mail server."""
    made = _app().extensions.get("mailer")
    if not isinstance(made, Mailer):
        settings = runtime().settings
        made = _app().extensions["mailer"] = Mailer(settings.mail_url, settings.mail_from, settings.mail_bounces_to)
    return made


def pusher() -> Pusher | None:
    """The push services; None without a key."""
    settings = runtime().settings
    if not settings.sends_push:
        return None
    made = _app().extensions.get("pusher")
    if not isinstance(made, Pusher):
        made = Pusher(settings.vapid_private_key, settings.vapid_subject, push_hosts(settings.push_hosts).allowed)
        _app().extensions["pusher"] = made
    return made


def endpoint_client() -> EndpointClient:
    """What posts webhooks."""
    hosts = runtime().settings.webhook_hosts
    return EndpointClient(lambda url: place_of(url, hosts))
