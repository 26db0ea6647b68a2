"""Commands: `flask --app wsgi ...`."""

import os
import sys
from datetime import timedelta
from typing import BinaryIO

import click
from flask import Flask
from flask.cli import AppGroup

from app.core.clock import now
from app.core.errors import LockTimeout
from app.core.ground import Purpose, ground
from app.core.vapid import new_private_key
from app.extensions import db
from app.flows.bounce import receive_bounce
from app.people.rules import NotUsable, parse_email
from app.people.service import add_admin
from app.people.signin import make_api_key, make_link
from app.providers.bounces import read_bounce

keys = AppGroup("keys", help="API keys of the network's own software.")
admins = AppGroup("admins", help="People who run the network.")


def register_commands(app: Flask) -> None:
    """Adds them to `app`."""
    app.cli.add_command(keys)
    app.cli.add_command(admins)
    app.cli.add_command(bounce_command)
    app.cli.add_command(check_settings)
    app.cli.add_command(seed_command)
    app.cli.add_command(vapid_key)


@keys.command("create")
@click.argument("name")
def create_key(name: str) -> None:
    """Makes an API key and prints it, and nothing else, this once."""
    key = make_api_key(db.session(), name=name)
    db.session.commit()
    click.echo(key)


@admins.command("create")
@click.argument("email")
def create_admin(email: str) -> None:
    """Makes an admin and prints a link that signs them in, once, within half an hour."""
    try:
        address = parse_email(email)
    except NotUsable as error:
        sys.exit(f"EMAIL: {error}")
    account = add_admin(db.session(), email=address)
    link = make_link(db.session(), account=account, next_path="/admin/", at=now())
    db.session.commit()
    click.echo(ground().link(f"/sign-in/{ground().signer.sign(Purpose.SIGN_IN, link.id)}"))


@click.command("bounce")
@click.argument("report", type=click.File("rb"), default="-")
def bounce_command(report: BinaryIO) -> None:
    """Reads the report of a mail that came back, as a mail server pipes it to us."""
    bounce = read_bounce(report.read())
    if bounce is not None:
        try:
            receive_bounce(db.session(), bounce=bounce, at=now())
        except LockTimeout:
            sys.exit(os.EX_TEMPFAIL)  # the mail server pipes it to us again
        db.session.commit()


@click.command("check-settings")
def check_settings() -> None:
    """Says that the settings are usable; a wrong or missing one has stopped us before we came here."""
    click.echo("The settings are complete.", err=True)


@click.command("vapid-key")
def vapid_key() -> None:
    """Prints a new VAPID_PRIVATE_KEY, and nothing else. Browsers that have subscribed know the one before it."""
    click.echo(new_private_key())


@click.command("seed")
def seed_command() -> None:
    """Fills an empty database with a small network to try, and prints who can sign in."""
    from app.seed import seed

    for line in seed(link_lifetime=timedelta(hours=12)):
        click.echo(line)
