"""Signing in with a passkey: a key pair in the agent's device, which opens it by face, finger or PIN.

https://www.w3.org/TR/webauthn-3/. The challenge that a device signs is sealed by us and says what it is for and when
it was made, so nothing is kept of one that nobody answers; an answer counts once, since each key remembers the time
of the newest challenge it has answered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from app.access.models import Passkey
from app.core.contact import parse_moment
from app.core.database.locks import for_update
from app.core.sealed import Sealer
from app.people.models import Account, Agent

ANSWER_WITHIN = timedelta(minutes=5)
MOST = 10
"""Passkeys of one account: one a device, and few people have more."""


class Purpose(StrEnum):
    """What a challenge is for; an answer to one is none to the other."""

    ADD = "add"
    SIGN_IN = "sign-in"


class NotAccepted(Exception):
    """The answer is not valid: a wrong, expired or used challenge, or a passkey we do not know."""


@dataclass(frozen=True)
class Site:
    """Where keys are good: for this host alone, which is why a copy of our page somewhere else gets nothing."""

    host: str
    origin: str
    name: str


def site_of(public_url: str, name: str) -> Site | None:
    """The site at this address; None where there can be no passkeys, as at a bare IP address."""
    parts = urlsplit(public_url)
    host = parts.hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return Site(host, f"{parts.scheme}://{parts.netloc}", name)
    return None


@dataclass(frozen=True)
class Passkeys:
    """Passkeys at one site."""

    site: Site
    sealer: Sealer

    def to_add(self, session: Session, *, account: Account, name: str, at: datetime) -> str:
        """What the browser is to be asked for, as JSON: a key that its device keeps and asks its owner for."""
        known = passkeys_of(session, account=account)
        options = generate_registration_options(
            rp_id=self.site.host,
            rp_name=self.site.name,
            user_id=account.id.bytes,
            user_name=account.email,
            user_display_name=name,
            challenge=self._challenge(Purpose.ADD, account.id, at),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=one.credential_id) for one in known],
        )
        return options_to_json(options)

    def add(self, session: Session, *, account: Account, answer: Any, device: str, at: datetime) -> Passkey:
        """Keeps the key that the browser has made. Raises NotAccepted."""
        try:
            given = parse_registration_credential_json(answer)
            challenge = parse_client_data_json(given.response.client_data_json).challenge
            made_at = self._opened(challenge, Purpose.ADD, account.id, at)
            proven = verify_registration_response(
                credential=given,
                expected_challenge=challenge,
                expected_rp_id=self.site.host,
                expected_origin=self.site.origin,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, TypeError, KeyError, AttributeError):
            raise NotAccepted from None
        taken = exists().where(Passkey.credential_id == proven.credential_id)
        if session.scalar(select(taken)) or len(passkeys_of(session, account=account)) >= MOST:
            raise NotAccepted
        passkey = Passkey(
            account_id=account.id,
            session_key=account.session_key,
            credential_id=proven.credential_id,
            public_key=proven.credential_public_key,
            sign_count=proven.sign_count,
            device=device,
            answered_at=made_at,
            created_at=at,
        )
        session.add(passkey)
        session.flush()
        return passkey

    def to_sign_in(self, at: datetime) -> str:
        """What the browser is to be asked for, as JSON: any of its keys for this site."""
        options = generate_authentication_options(
            rp_id=self.site.host,
            challenge=self._challenge(Purpose.SIGN_IN, None, at),
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return options_to_json(options)

    def sign_in(self, session: Session, *, answer: Any, at: datetime) -> Account:
        """Whose key this is. Raises NotAccepted."""
        try:
            given = parse_authentication_credential_json(answer)
            challenge = parse_client_data_json(given.response.client_data_json).challenge
            made_at = self._opened(challenge, Purpose.SIGN_IN, None, at)
            passkey = _lock(session, credential_id=given.raw_id)
            if passkey is None or made_at <= passkey.answered_at:
                raise NotAccepted
            proven = verify_authentication_response(
                credential=given,
                expected_challenge=challenge,
                expected_rp_id=self.site.host,
                expected_origin=self.site.origin,
                credential_public_key=passkey.public_key,
                credential_current_sign_count=passkey.sign_count,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, TypeError, KeyError, AttributeError):
            raise NotAccepted from None
        passkey.sign_count, passkey.answered_at, passkey.used_at = proven.new_sign_count, made_at, at
        session.flush()
        return session.get_one(Account, passkey.account_id)

    def _challenge(self, purpose: Purpose, account_id: UUID | None, at: datetime) -> bytes:
        return self.sealer.seal(f"{purpose} {account_id} {at.isoformat()}").encode()

    def _opened(self, challenge: bytes, purpose: Purpose, account_id: UUID | None, at: datetime) -> datetime:
        """When we made this challenge. Raises NotAccepted for one that is another's, for something else, or too old."""
        words = (self.sealer.open(challenge.decode()) or "").split(" ")
        made_at = parse_moment(words[-1])
        is_for_this = words[:-1] == [str(purpose), str(account_id)]
        if not is_for_this or made_at is None or not made_at <= at < made_at + ANSWER_WITHIN:
            raise NotAccepted
        return made_at


def passkeys_of(session: Session, *, account: Account) -> Sequence[Passkey]:
    """The keys that sign this account in, oldest first."""
    query = select(Passkey).where(Passkey.account_id == account.id, Passkey.session_key == account.session_key)
    return session.scalars(query.order_by(Passkey.id)).all()


def remove_passkey(session: Session, *, account_id: UUID, passkey_id: UUID) -> bool:
    """That key signs nobody in any more; whether it was one of this account's."""
    passkey = session.get(Passkey, passkey_id)
    if passkey is None or passkey.account_id != account_id:
        return False
    session.delete(passkey)
    session.flush()
    return True


def _lock(session: Session, *, credential_id: bytes) -> Passkey | None:
    """The key, if its account may still sign in with it: two answers to one challenge come one after the other."""
    left = exists().where(Agent.account_id == Passkey.account_id, Agent.left_at.is_not(None))
    query = (
        select(Passkey)
        .join(Account, Account.id == Passkey.account_id)
        .where(Passkey.credential_id == credential_id, Passkey.session_key == Account.session_key, ~left)
    )
    return session.scalar(for_update(query, of=Passkey))
