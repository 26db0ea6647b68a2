"""What the claim page shows, read in one query, and the tag by which a poll knows that nothing changed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session

from app.calls.reached import Outcome, Reached
from app.calls.reasons import Reason
from app.calls.rules import ENDS, MISSES, UNSERVED_AFTER, CallStatus
from app.claims.phases import FINAL, CallFacts, Phase, phase_of
from app.clients.consent import Way
from app.clients.gate import Matter, Refusal
from app.core.language import gettext as _
from app.core.names import shown_agent, shown_client
from app.core.referral_kind import ReferralKind
from app.notifications.channels.rules import Channel
from app.offers.rules import OfferStatus
from app.referrals.rules import Need

NOT_MISSED = (Reason.STOPPED, Reason.DECLINED, Reason.OTHER_CALL, Reason.TERMS)
"""Whatever else was wrong with such a call: it was not the phone that could not be reached."""
_THE_CALL = "(ended_at IS NULL AND status <> 'canceling') DESC, (accepted_at IS NOT NULL) DESC, id DESC LIMIT 1"
"""Which of an offer's calls the page is about: the newest, unless an earlier one has been picked up after all."""
_MISSES = ", ".join(f"'{status}'" for status in sorted(MISSES))
_COUNTS = "(o.phone_at IS NULL OR call.requested_at >= o.phone_at OR call.accepted_at IS NOT NULL)"
"""Calls to a number that was changed since are history, unless the key 1 was pressed."""
_VIEW = text(
    """
SELECT o.id AS offer_id, o.referral_id, o.status, o.expires_at, o.ended_at, o.decline_reason,
       r.kind, r.city, r.state, r.zip_code, r.price_min, r.price_max, r.claimed_at,
       k.name AS client_name, k.given_name AS client_given_name,
       a.id AS agent_id, coalesce(o.phone, a.phone) AS phone, a.time_zone, a.language,
       a.paused_at IS NOT NULL AS agent_paused,
       c.status AS call_status, c.reason AS call_reason, c.attempt, c.phone AS call_phone,
       c.ring_deadline_at, c.connected_at, c.picked_up_at, c.reached, c.outcome,
       c.requested_at, o.decline_at, r.time_zone AS area_time_zone, k.time_zone AS client_time_zone,
       k.phone AS client_phone, k.id AS client_id, k.email AS client_email, k.prefers AS client_prefers,
       pin.digits AS pin,
       t.misses, t.client_missed AND NOT t.talked AS client_missed,
       t.talked, (SELECT refusals FROM gate_answer WHERE gate_answer.call_id = c.id) AS refusals,
       w.name AS winner_name, w.team_id = a.team_id AS winner_is_teammate, late.behind_ms,
       (SELECT count(*) FROM offer other JOIN agent mate ON mate.id = other.agent_id
         WHERE other.referral_id = r.id AND other.id <> o.id AND mate.team_id = a.team_id) AS teammates,
       (SELECT count(*) FROM offer other JOIN agent rival ON rival.id = other.agent_id
         WHERE other.referral_id = r.id AND other.wave = o.wave AND other.id <> o.id
           AND (rival.team_id IS NULL OR rival.team_id IS DISTINCT FROM a.team_id)) AS rivals,
       ARRAY(SELECT channel FROM agent_channel WHERE agent_id = a.id AND off_at IS NOT NULL) AS off,
       EXISTS (SELECT FROM terms) AS terms_are_set,
       concat_ws('.', o.xmin, a.xmin, c.id, c.xmin, late.behind_ms) AS rows
  FROM offer o
  JOIN referral r ON r.id = o.referral_id
  JOIN client k ON k.id = r.client_id
  JOIN agent a ON a.id = o.agent_id
  LEFT JOIN LATERAL (SELECT *, xmin FROM call WHERE call.offer_id = o.id AND {COUNTS} ORDER BY {THE_CALL}) c ON true
  LEFT JOIN LATERAL (
        SELECT count(*) FILTER (WHERE status IN ({MISSES}) OR (status = 'canceled' AND reason = '{AGAIN}')
                                      OR (status = 'failed' AND reason IS NULL)) AS misses,
               coalesce(bool_or(status = 'client_missed'), false) AS client_missed,
               coalesce(bool_or(connected_at IS NOT NULL), false) AS talked
          FROM call WHERE call.offer_id = o.id AND direction = 'outbound' AND {COUNTS}) t ON true
  LEFT JOIN pin ON pin.offer_id = o.id
  LEFT JOIN LATERAL (SELECT agent_id FROM claim
                      WHERE referral_id = r.id AND at <= o.ended_at AND o.status = 'lost'
                      ORDER BY at DESC LIMIT 1) claim ON true
  LEFT JOIN agent w ON w.id = claim.agent_id
  LEFT JOIN late_claim late ON late.offer_id = o.id
 WHERE o.id = :offer_id AND a.left_at IS NULL
""".replace("{MISSES}", _MISSES)
    .replace("{AGAIN}", Reason.AGAIN)
    .replace("{COUNTS}", _COUNTS)
    .replace("{THE_CALL}", _THE_CALL)
)

TAGS_SQL = """
SELECT o.id, concat_ws('.', o.xmin, a.xmin, c.id, c.xmin, late.behind_ms)
       || CASE WHEN o.expires_at <= now() THEN 'x' ELSE '' END
       || CASE WHEN c.ring_deadline_at <= now() THEN 'd' ELSE '' END
       || CASE WHEN o.decline_at <= now() THEN 'n' ELSE '' END
       || CASE WHEN c.status = 'requested' AND c.requested_at <= now() - interval '8 seconds' THEN 'w' ELSE '' END
  FROM offer o
  JOIN agent a ON a.id = o.agent_id
  LEFT JOIN LATERAL (SELECT id, xmin, status, requested_at, ring_deadline_at FROM call
                      WHERE call.offer_id = o.id AND {COUNTS} ORDER BY {THE_CALL}) c ON true
  LEFT JOIN late_claim late ON late.offer_id = o.id
 WHERE o.id = ANY(%s)
""".replace("{COUNTS}", _COUNTS).replace("{THE_CALL}", _THE_CALL)
"""The tags alone of these offers, for psycopg: one small query, no ORM. xmin changes whenever a row does, and cannot be
forgotten; the letters change when time alone changes the page."""


@dataclass(frozen=True)
class ClaimView:
    """The claim page of one offer at one moment. What is shown of it has no surname, phone, email or address."""

    offer_id: UUID
    referral_id: UUID
    agent_id: UUID
    phase: Phase
    tag: str
    need: Need
    client_first_name: str
    phone: str
    """The number that will ring, or is ringing, in E.164."""
    time_zone: str
    language: str
    """Of the agent."""
    agent_paused: bool
    expires_at: datetime
    ended_at: datetime | None
    claimed_at: datetime | None
    decline_reason: str | None
    decline_at: datetime | None
    call_status: CallStatus | None
    call_reason: str | None
    attempt: int
    ring_deadline_at: datetime | None
    connected_at: datetime | None
    picked_up_at: datetime | None
    """When the client's phone was picked up in this call."""
    reached: Reached | None
    outcome: Outcome | None
    """What the agent says came of it."""
    winner_in_team: str | None
    """The first name of who was first, if they share a team with the agent."""
    behind_seconds: int | None
    pin: str | None
    refusals: tuple[Refusal, ...]
    """Why the client was not rung, most serious first."""
    talked: bool
    """Agent and client have been on the line together."""
    matter: Matter
    """Input for the gate; never shown before the claim."""
    area_time_zone: str
    teammates: int
    """How many others of the team were sent this referral. No part of the tag: no poll asks for them."""
    rivals: int
    """How many agents of no team or another were sent it at the same time. No part of the tag either."""
    off: tuple[Channel, ...]
    """The agent's channels that have died. No part of the tag: no poll asks for them."""
    terms_are_set: bool
    """Whether the network has ever set terms for a claim."""
    now: datetime

    @property
    def winner_first_name(self) -> str:
        """Who was first, in the language that is spoken: agents of other teams are not named to each other."""
        return self.winner_in_team or _("another agent")

    @property
    def live(self) -> bool:
        """Whether the page still has to ask for changes."""
        return self.phase not in FINAL

    @property
    def on_call(self) -> bool:
        """Whether the agent's newest call is still going on."""
        return self.call_status is not None and self.call_status not in ENDS

    @property
    def seconds_left(self) -> int:
        """Until the offer ends."""
        return max(0, int((self.expires_at - self.now).total_seconds()))

    @property
    def ring_seconds_left(self) -> int:
        """Until the page offers another call."""
        return max(0, round((self.ring_deadline_at - self.now).total_seconds())) if self.ring_deadline_at else 0

    @property
    def undo_seconds(self) -> int:
        """Until a decline takes effect."""
        return max(0, round((self.decline_at - self.now).total_seconds())) if self.decline_at else 0

    @property
    def connected_seconds(self) -> int:
        """How long agent and client have been talking."""
        return max(0, int((self.now - self.connected_at).total_seconds())) if self.connected_at else 0


def claim_view(session: Session, *, offer_id: UUID, at: datetime) -> ClaimView | None:
    """The page of an offer, or None when there is no such offer."""
    row = session.execute(_VIEW, {"offer_id": offer_id}).one_or_none()
    return _view(row, at) if row is not None else None


def _view(row: Row[tuple[object, ...]], at: datetime) -> ClaimView:
    call_status = CallStatus(row.call_status) if row.call_status else None
    facts = None
    if call_status is not None:
        waits = call_status is CallStatus.REQUESTED and row.requested_at <= at - UNSERVED_AFTER
        facts = CallFacts(
            call_status,
            row.ring_deadline_at,
            stopped=row.call_reason in NOT_MISSED or call_status is CallStatus.DECLINED,
            unplaced=call_status is CallStatus.FAILED and row.call_reason is not None,
            unserved=waits,
            quiet=row.call_reason == Reason.QUIET,
            picked_up=row.picked_up_at is not None,
            misses=row.misses,
            client_missed=row.client_missed,
        )
    return ClaimView(
        offer_id=row.offer_id,
        referral_id=row.referral_id,
        agent_id=row.agent_id,
        phase=phase_of(OfferStatus(row.status), row.expires_at, facts, at, row.decline_at),
        tag=_tag(row, at),
        need=Need(ReferralKind(row.kind), row.city, row.state, row.zip_code, row.price_min, row.price_max),
        client_first_name=shown_client(row.client_name, row.client_given_name),
        phone=row.call_phone if facts else row.phone,
        time_zone=row.time_zone,
        language=row.language,
        agent_paused=row.agent_paused,
        expires_at=row.expires_at,
        ended_at=row.ended_at,
        claimed_at=row.claimed_at,
        decline_reason=row.decline_reason,
        decline_at=row.decline_at,
        call_status=call_status,
        call_reason=row.call_reason,
        attempt=row.attempt or 0,
        ring_deadline_at=row.ring_deadline_at,
        connected_at=row.connected_at,
        picked_up_at=row.picked_up_at,
        reached=Reached(row.reached) if row.reached else None,
        outcome=Outcome(row.outcome) if row.outcome else None,
        winner_in_team=shown_agent(row.winner_name) if row.winner_is_teammate else None,
        behind_seconds=None if row.behind_ms is None else round(row.behind_ms / 1000),
        pin=row.pin,
        refusals=tuple(Refusal(refusal) for refusal in row.refusals or ()),
        talked=row.talked,
        matter=_matter(row),
        area_time_zone=row.area_time_zone,
        teammates=row.teammates,
        rivals=row.rivals,
        off=tuple(channel for channel in Channel if channel in row.off),
        terms_are_set=row.terms_are_set,
        now=at,
    )


def _matter(row: Row[tuple[object, ...]]) -> Matter:
    return Matter(
        row.client_id,
        row.referral_id,
        row.client_phone,
        row.client_email,
        row.area_time_zone,
        row.state,
        row.client_time_zone,
        Way(row.client_prefers) if row.client_prefers else None,
    )


def _tag(row: Row[tuple[object, ...]], at: datetime) -> str:
    late = "x" if row.expires_at <= at else ""
    overdue = "d" if row.ring_deadline_at is not None and row.ring_deadline_at <= at else ""
    declined = "n" if row.decline_at is not None and row.decline_at <= at else ""
    waits = "w" if row.call_status == CallStatus.REQUESTED and row.requested_at <= at - UNSERVED_AFTER else ""
    return f"{row.rows}{late}{overdue}{declined}{waits}"
