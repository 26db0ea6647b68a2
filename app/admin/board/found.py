"""The board's search: by name, phone, email, place, ZIP code, or an id of either side. Trigram indexes answer it."""

from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, union_all

from app.clients.models import Client
from app.core.database.ids import parse_id
from app.referrals.models import Referral

MOST_WORDS = 5
LEAST_DIGITS = 3
"""Of a phone, before it is looked for."""
LOOKED_AT = 2000
"""The newest referrals with the longest word, in which the others are looked for."""
LOOKED_THROUGH = 1000
"""The newest referrals, which are looked through before any index is asked: a common word fills a page there."""
WHOLE = 10
"""Digits of a phone that is typed in full: it is found by an index of its own."""
LAST = 4
"""Four digits are taken as the end of a phone number. Elsewhere in a number only the newest referrals are searched."""
LONGEST = 80


def found_by(typed: str) -> Select[UUID]:
    """The ids of the referrals that have every word of this, for use in a query."""
    words = typed[:LONGEST].split()[:MOST_WORDS]
    id_ = parse_id(typed.strip())
    if id_ is not None:
        return select(Referral.id).where(or_(Referral.id == id_, Referral.client_id == id_))
    longest = max(words, key=len)
    of_client = (
        select(Referral.id)
        .join(Client, Client.id == Referral.client_id)
        .where(or_(*_in_client(longest, by_end=True)))
        .order_by(Referral.id.desc())
        .limit(LOOKED_AT)
    )
    of_place = select(Referral.id).where(or_(*_in_referral(longest))).order_by(Referral.id.desc()).limit(LOOKED_AT)
    either = union_all(of_client.subquery().select(), of_place.subquery().select()).subquery()
    query = select(Referral.id).where(Referral.id.in_(select(either.c.id)))
    for word in words:
        if word is not longest:
            query = query.where(_has(word))
    return query


def found_lately(typed: str, before: UUID | None) -> Select[UUID] | None:
    """The same among the newest referrals, or the newest before one of them; None where an id was typed."""
    if parse_id(typed.strip()) is not None:
        return None
    newest = select(Referral.id).order_by(Referral.id.desc()).limit(LOOKED_THROUGH)
    if before is not None:
        newest = newest.where(Referral.id < before)
    words = typed[:LONGEST].split()[:MOST_WORDS]
    query = select(Referral.id).join(Client, Client.id == Referral.client_id)
    query = query.where(Referral.id.in_(newest.subquery().select()))
    return query.where(*(or_(*_in_client(word), *_in_referral(word)) for word in words))


def _has(word: str) -> ColumnElement[bool]:
    theirs = exists().where(and_(Client.id == Referral.client_id, or_(*_in_client(word))))
    return or_(theirs, *_in_referral(word))


def _in_client(word: str, *, by_end: bool = False) -> list[ColumnElement[bool]]:
    digits = "".join(filter(str.isdigit, word))
    if by_end and len(word) == len(digits) == LAST and digits.isascii():
        return [func.right(Client.phone, LAST) == digits]
    found = [Client.email.icontains(word, autoescape=True)]
    if not word.isdecimal():
        found.append(Client.name.icontains(word, autoescape=True))
    if len(digits) >= WHOLE and digits.isascii():
        found.append(Client.phone.in_((f"+{digits}", f"+1{digits}")))
    elif len(digits) >= LEAST_DIGITS and digits.isascii():
        found.append(Client.phone.contains(digits))
    return found


def _in_referral(word: str) -> list[ColumnElement[bool]]:
    return [
        Referral.city.icontains(word, autoescape=True),
        Referral.zip_code.istartswith(word, autoescape=True),
        Referral.external_id == word,
    ]
