"""A second factor beside the mailed link: an authenticator app, a passkey, or a recovery code.

An authenticator's codes follow RFC 6238, through pyotp. A passkey is opened by face, finger or PIN in its device, so it
is a second factor by itself.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pyotp import TOTP, random_base32
from pyotp.exceptions import OTPVerificationError
from sqlalchemy import delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from app.access.models import Authenticator, Passkey, RecoveryCode, SignedIn
from app.core.database.locks import for_update
from app.core.sealed import Sealer
from app.people.models import Account

CODES = 10
"""Recovery codes made at once."""
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
HALF = 5
"""Letters of a recovery code on either side of its dash: 49 bits in all."""
DRIFT = 1
"""Time steps of 30 seconds by which a phone's clock may be off."""


def new_secret() -> str:
    """A secret for an authenticator app, in base32."""
    return random_base32()


def setup_address(secret: str, *, email: str, brand: str) -> str:
    """What an authenticator app reads from a QR code."""
    return TOTP(secret).provisioning_uri(name=email, issuer_name=brand)


def has_second_factor(session: Session, *, account: Account) -> bool:
    """Whether this account has an authenticator, or a passkey."""
    authenticator = exists().where(Authenticator.account_id == account.id)
    passkey = exists().where(Passkey.account_id == account.id, Passkey.session_key == account.session_key)
    return bool(session.scalar(select(or_(authenticator, passkey))))


def authenticator_of(session: Session, *, account: Account) -> Authenticator | None:
    """The account's authenticator app."""
    return session.get(Authenticator, account.id)


def add_authenticator(
    session: Session, *, account: Account, secret: str, typed: str, vault: Sealer, at: datetime
) -> bool:
    """Keeps the app that shows this code now; in place of the one before. False: the code is wrong."""
    step = _step(secret, typed, at)
    if step is None:
        return False
    session.merge(Authenticator(account_id=account.id, secret=vault.seal(secret), used_step=step, created_at=at))
    session.flush()
    return True


def remove_authenticator(session: Session, *, account: Account) -> None:
    """The app is a second factor no more."""
    session.execute(delete(Authenticator).where(Authenticator.account_id == account.id))


def new_recovery_codes(session: Session, *, account: Account, at: datetime) -> list[str]:
    """Ten new codes; those before are void. They are readable only here."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = ["-".join("".join(secrets.choice(ALPHABET) for _ in range(HALF)) for _ in range(2)) for _ in range(CODES)]
    for code in codes:
        salt = secrets.token_bytes(16)
        session.add(RecoveryCode(account_id=account.id, salt=salt, code_hash=_hash(code, salt), created_at=at))
    session.flush()
    return codes


def recovery_codes_left(session: Session, *, account: Account) -> int:
    """How many are still good."""
    query = select(func.count()).where(RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None))
    return session.scalar(query) or 0


def accept_second_factor(session: Session, *, account: Account, typed: str, vault: Sealer, at: datetime) -> bool:
    """Whether this is a code of the account's authenticator, or a recovery code; each counts once."""
    code = "".join(typed.split()).lower()
    found = session.scalar(
        for_update(select(Authenticator).where(Authenticator.account_id == account.id), of=Authenticator)
    )
    if found is not None and code.isdecimal():
        secret = vault.open(found.secret)
        step = _step(secret, code, at) if secret is not None else None
        if step is None or step <= found.used_step:
            return False
        found.used_step = step
        session.flush()
        return True
    return any(
        hmac.compare_digest(_hash(code, one.salt), one.code_hash) and _use(session, one, at)
        for one in _unused(session, account)
    )


def prove(session: Session, *, signed_in_id: UUID, at: datetime) -> None:
    """A second factor was given in this session."""
    session.get_one(SignedIn, signed_in_id).proven_at = at
    session.flush()


def forget_second_factor(session: Session, *, account: Account) -> None:
    """Removes every second factor of an account whose owner has lost them. Make sure who is asking first."""
    for model in (Authenticator, RecoveryCode, Passkey):
        session.execute(delete(model).where(model.account_id == account.id))


def _unused(session: Session, account: Account) -> Sequence[RecoveryCode]:
    query = select(RecoveryCode).where(RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None))
    return session.scalars(query).all()


def _use(session: Session, code: RecoveryCode, at: datetime) -> bool:
    used = update(RecoveryCode).where(RecoveryCode.id == code.id, RecoveryCode.used_at.is_(None)).values(used_at=at)
    return session.scalar(used.returning(RecoveryCode.id)) is not None


def _step(secret: str, typed: str, at: datetime) -> int | None:
    """The time step in which the app shows this code; None: it shows it at no time near now."""
    try:
        return TOTP(secret).verify_and_get_timecode("".join(typed.split()), for_time=at, valid_window=DRIFT)
    except OTPVerificationError:
        return None


def _hash(code: str, salt: bytes) -> bytes:
    return hashlib.scrypt(code.encode(), salt=salt, n=2**14, r=8, p=1)
