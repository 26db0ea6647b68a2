"""Commands: `flask --app wsgi ...`."""

import os
import sys
from datetime import timedelta
from typing import Any, BinaryIO, TextIO
from uuid import UUID

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import select

from app.access.api_keys import make_api_key, revoke_api_key
from app.access.models import ApiKey
from app.access.second_factor import forget_second_factor
from app.access.sign_in import make_link
from app.calls.do_not_contact import do_not_contact
from app.clients.gate import gate_of
from app.clients.scrub import WrongLines, phones_in
from app.clients.wishes import Source, Wish
from app.config.weak import weaknesses
from app.core.actor import ACTOR, Actor, Via
from app.core.clock import now
from app.core.contact import NotUsable, parse_email
from app.core.errors import LockTimeout, NotFound
from app.core.formats import counted
from app.core.queue.outbox import NOTHING
from app.core.runtime import Purpose, runtime
from app.extensions import db
from app.notifications.delivery.bounces import is_ours, receive_bounce
from app.people.accounts import (
    add_admin,
    find_account,
    leave_network,
    remove_admin,
    sign_out_everywhere,
)
from app.providers.smtp.reports import quoted_ids, read_bounce
from app.providers.webpush.keys import new_private_key
from app.workers.check import faults

MOST_NAMED = 10


class Group(AppGroup):
    """Commands that change something: who typed them is kept with it."""

    def invoke(self, ctx: click.Context) -> Any:
        ACTOR.set(Actor(Via.COMMAND))
        return super().invoke(ctx)


keys = Group("keys", help="API keys of the network's own software.")
admins = Group("admins", help="People who run the network.")
agents = Group("agents", help="Agents of the network.")


def register_commands(app: Flask) -> None:
    """Adds them to `app`."""
    app.cli.add_command(keys)
    app.cli.add_command(admins)
    app.cli.add_command(agents)
    app.cli.add_command(bounce_command)
    app.cli.add_command(check_settings)
    app.cli.add_command(seed_command)
    app.cli.add_command(suppress_command)
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
    click.echo(runtime().link(f"/sign-in/{runtime().signer.sign(Purpose.SIGN_IN, link.id)}"))


@keys.command("list")
def list_keys() -> None:
    """Prints each API key's id, name, the day it was made, and whether it was revoked."""
    for key in db.session.scalars(select(ApiKey).order_by(ApiKey.id)):
        click.echo(f"{key.id}  {key.created_at:%Y-%m-%d}  {'revoked' if key.revoked_at else 'valid  '}  {key.name}")


@keys.command("revoke")
@click.argument("key_id", type=click.UUID)
def revoke_key(key_id: UUID) -> None:
    """Makes an API key worthless at once."""
    if not revoke_api_key(db.session(), key_id=key_id, at=now()):
        sys.exit("KEY_ID: there is no such key, or it was revoked before")
    db.session.commit()


@admins.command("remove")
@click.argument("email")
def remove_admin_command(email: str) -> None:
    """Makes an admin or a viewer neither, and signs them out everywhere."""
    try:
        remove_admin(db.session(), email=email)
    except NotFound:
        sys.exit("EMAIL: no admin has this address")
    db.session.commit()


@admins.command("forget-second-factor")
@click.argument("email")
def forget_second_factor_command(email: str) -> None:
    """Removes an admin's authenticator, passkeys and recovery codes: they have lost them, and set up new ones."""
    account = find_account(db.session(), email=email)
    if account is None or not account.sees_desk:
        sys.exit("EMAIL: no admin has this address")
    forget_second_factor(db.session(), account=account)
    sign_out_everywhere(account)
    db.session.commit()


@agents.command("leave")
@click.argument("email")
def leave_command(email: str) -> None:
    """An agent has left the network: they are offered nothing, their links are dead, and they are signed out."""
    try:
        leave_network(db.session(), email=email, at=now())
    except NotFound:
        sys.exit("EMAIL: no agent has this address")
    db.session.commit()


@click.command("bounce")
@click.argument("report", type=click.File("rb"), default="-")
def bounce_command(report: BinaryIO) -> None:
    """Reads the report of a mail that came back, as a mail server pipes it to us."""
    raw = report.read()
    bounce = read_bounce(raw) if is_ours(db.session(), quoted_ids(raw)) else None
    if bounce is not None:
        try:
            receive_bounce(db.session(), bounce=bounce, at=now())
        except LockTimeout:
            sys.exit(os.EX_TEMPFAIL)  # the mail server pipes it to us again
        db.session.commit()


@click.command("check-settings")
@click.option("--ask", is_flag=True, help="Asks database, Redis, mail server and carrier whether they suit us.")
def check_settings(*, ask: bool) -> None:
    """Says that the settings are complete, and which could be safer. A wrong one has stopped us before this."""
    for weakness in weaknesses(runtime().settings):
        click.echo(f"  could be safer: {weakness}", err=True)
    found = list(faults(runtime().settings)) if ask else []
    if found:
        sys.exit("\n".join(("Something is wrong.", *(f"  {fault}" for fault in found))))
    click.echo("The settings are complete." + (" All that they name is there." if ask else ""), err=True)


@click.command("suppress")
@click.argument("file", type=click.File("r", encoding="utf-8-sig"))
def suppress_command(file: TextIO) -> None:
    """Adds phone numbers to the do-not-contact list, from the first column of a CSV."""
    here, session = runtime(), db.session()
    try:
        phones = phones_in(file, here.settings.countries)
    except WrongLines as error:
        named = ", ".join(map(str, error.lines[:MOST_NAMED]))
        more = len(error.lines) - MOST_NAMED
        sys.exit(
            f"FILE: no phone number in line {named}{f' and {more} more' if more > 0 else ''}. Nothing was taken in."
        )
    except UnicodeDecodeError:
        sys.exit("FILE: this is no text. Nothing was taken in.")
    keys, outbox = gate_of(here.settings).keys, NOTHING
    for phone in phones:
        outbox += do_not_contact(session, wish=Wish(phone, Source.FILE), keys=keys, at=now())
    session.commit()
    outbox.enqueue(here.queue)
    click.echo(f"{counted(len(phones), 'number is', 'numbers are')} not called or texted any more.", err=True)


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
