"""Reads the facts the gate needs, and stores its answers."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Index,
    Row,
    Select,
    String,
    bindparam,
    exists,
    false,
    func,
    insert,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.clients.consent import Basis, Given, Way
from app.clients.gate import DAY, RINGS, Act, Answer, Facts, Gate, Matter
from app.clients.models import Client, Consent
from app.clients.wishes import DoNotContact
from app.core.clock import now
from app.core.database.columns import Id, Moment, reference, table_of, text_enum
from app.core.database.ids import new_id
from app.extensions import Model


class GateAnswer(Model):
    """One answer from the gate. Counting the allowed calls gives the number of attempts."""

    __tablename__ = "gate_answer"

    id: Mapped[Id]
    client_id: Mapped[UUID] = reference("client.id")
    referral_id: Mapped[UUID] = reference("referral.id", index=False)
    call_id: Mapped[UUID | None] = reference("call.id", index=False)
    """The call in which it was asked."""
    act: Mapped[Act] = mapped_column(text_enum(Act))
    way: Mapped[Way] = mapped_column(text_enum(Way))
    allowed: Mapped[bool] = mapped_column(Boolean)
    refusals: Mapped[list[str]] = mapped_column(ARRAY(String(20)))
    at: Mapped[Moment] = mapped_column(default=now)

    __table_args__ = (
        Index("ix_gate_answer_referral", "referral_id", "way", "at"),
        Index("uq_gate_answer_call", "call_id", unique=True, postgresql_where="call_id IS NOT NULL"),
    )


ANSWER, CONSENT, UNWANTED = table_of(GateAnswer), table_of(Consent), table_of(DoNotContact)
CLIENT = table_of(Client)
_ALLOWED = (
    ANSWER.c.referral_id == bindparam("asked_referral"),
    ANSWER.c.way == bindparam("asked_way"),
    ANSWER.c.allowed,
    ANSWER.c.act.in_(RINGS),
)
_LATELY = func.count().filter(ANSWER.c.at > bindparam("a_day_ago"))
_CONSENTS = (
    select(
        func.jsonb_agg(
            aggregate_order_by(
                func.jsonb_build_array(CONSENT.c.basis, CONSENT.c.given_at, CONSENT.c.ways), CONSENT.c.given_at
            )
        )
    )
    .where(CONSENT.c.client_id == bindparam("asked_client"))
    .scalar_subquery()
)
_IS_UNWANTED = exists().where(
    UNWANTED.c.contact_key.in_(bindparam("contact_keys", expanding=True)),
    UNWANTED.c.way == bindparam("asked_way"),
    UNWANTED.c.lifted_at.is_(None),
)
_WITH_ADVISER = exists().where(
    CLIENT.c.id == bindparam("asked_client"), CLIENT.c.on_line_until > bindparam("asked_now")
)
KEEP = insert(ANSWER).values(
    id=bindparam("new_answer"),
    client_id=bindparam("asked_client"),
    referral_id=bindparam("asked_referral"),
    call_id=bindparam("asked_call"),
    act=bindparam("asked_act"),
    way=bindparam("asked_way"),
    allowed=bindparam("is_allowed"),
    refusals=bindparam("why_refused", type_=ARRAY(String(20))),
    at=bindparam("asked_at"),
)


def facts_query(on_a_call: ColumnElement[bool]) -> Select[Any]:
    """The query behind `facts_of`. `on_a_call`: is one of our calls already using the client's phone?"""
    return select(
        _IS_UNWANTED.label("unwanted"),
        _CONSENTS.label("consents"),
        select(_LATELY).where(*_ALLOWED).scalar_subquery().label("lately"),
        select(func.count()).where(*_ALLOWED).scalar_subquery().label("ever"),
        (on_a_call | _WITH_ADVISER).label("on_a_call"),
    )


TO_WRITE = facts_query(false())


def facts_of(row: Row[Any]) -> Facts:
    """Turns that row into facts."""
    given = (
        Given(Basis(basis), datetime.fromisoformat(at), frozenset(Way(way) for way in ways))
        for basis, at, ways in row.consents or ()
    )
    return Facts(row.unwanted, tuple(given), row.lately, row.ever, row.on_a_call)


def asked(way: Way, matter: Matter, gate: Gate, at: datetime) -> dict[str, Any]:
    """The parameters of `facts_query`."""
    contact = matter.email if way is Way.EMAIL else matter.phone
    return {
        "asked_client": matter.client_id,
        "asked_referral": matter.referral_id,
        "asked_way": way,
        "a_day_ago": at - DAY,
        "asked_now": at,
        "contact_keys": gate.keys.all_of(contact),
    }


def answered(
    answer: Answer, *, way: Way, matter: Matter, act: Act, call_id: UUID | None, at: datetime
) -> dict[str, Any]:
    """The parameters of `KEEP`."""
    return {
        "new_answer": new_id(),
        "asked_client": matter.client_id,
        "asked_referral": matter.referral_id,
        "asked_call": call_id,
        "asked_act": act,
        "asked_way": way,
        "is_allowed": answer.allowed,
        "why_refused": list(answer.refusals),
        "asked_at": at,
    }


def keep_answer(
    session: Session, answer: Answer, *, way: Way, matter: Matter, act: Act, call_id: UUID | None, at: datetime
) -> None:
    """Stores an answer."""
    session.execute(KEEP, answered(answer, way=way, matter=matter, act=act, call_id=call_id, at=at))


def ask_to_write(
    session: Session, *, way: Way, matter: Matter, gate: Gate, at: datetime, wrote_lately: bool = False
) -> Answer:
    """May the client be texted or mailed? Stores nothing.

    `wrote_lately`: they have texted us within a day, and this answers them.
    """
    facts = facts_of(session.execute(TO_WRITE, asked(way, matter, gate, at)).one())
    return gate.ask(way, matter, replace(facts, wrote_lately=wrote_lately), at)
