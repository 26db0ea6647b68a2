"""The board's search: by name, phone, email, place, ZIP code, or an id of either side. Trigram indexes answer it."""

from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, union_all

from app.clients.models import Client
from app.core.database.ids import parse_id
from app.referrals.models import Referral

MOST_WORDS = 5
LEAST_DIGITS = 3
"""Of a phone, before it is looked for."""
LOOKED_AT = 2000
"""The newest referrals with the longest word, in which the others are looked for."""
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
        .where(or_(*_in_client(longest)))
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


def _has(word: str) -> ColumnElement[bool]:
    theirs = exists().where(and_(Client.id == Referral.client_id, or_(*_in_client(word))))
    return or_(theirs, *_in_referral(word))


def _in_client(word: str) -> list[ColumnElement[bool]]:
    found = [Client.name.icontains(word, autoescape=True), Client.email.icontains(word, autoescape=True)]
    digits = "".join(filter(str.isdigit, word))
    if len(digits) >= LEAST_DIGITS and digits.isascii():
        found.append(Client.phone.contains(digits))
    return found


def _in_referral(word: str) -> list[ColumnElement[bool]]:
    return [
        Referral.city.icontains(word, autoescape=True),
        Referral.zip_code.istartswith(word, autoescape=True),
        Referral.external_id == word,
    ]
