"""Messages to clients: the gate is asked right before each goes out, and its answer is kept."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.clients.asking import ask_to_write, keep_answer
from app.clients.consent import Way
from app.clients.gate import Act, Answer, Gate
from app.notifications.channels.rules import Channel
from app.notifications.models import Notification
from app.referrals.models import Referral

WAYS = {Channel.SMS: Way.TEXT, Channel.EMAIL: Way.EMAIL}


def ask_to_send(session: Session, notification: Notification, gate: Gate, at: datetime) -> Answer:
    """May this message go to its client now? The answer is stored."""
    way, matter = WAYS[notification.channel], session.get_one(Referral, notification.referral_id).matter
    wrote_lately = notification.kind.answers_client(session, notification, at)
    answer = ask_to_write(session, way=way, matter=matter, gate=gate, at=at, wrote_lately=wrote_lately)
    keep_answer(session, answer, way=way, matter=matter, act=Act.MESSAGE, call_id=None, at=at)
    return answer
