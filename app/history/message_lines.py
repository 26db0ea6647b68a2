"""What became of a message, and why nothing was sent, in the words of the desk. Pure."""

from collections.abc import Sequence
from datetime import datetime

from app.notifications.channels.rules import CHANNELS, Channel, OffReason
from app.notifications.channels.suppression import Suppression
from app.notifications.models import Notification
from app.notifications.rules import NotificationStatus
from app.offers.notices import OFFER
from app.offers.rules import UNDO_FOR
from app.providers.smtp.codes import mail_code
from app.providers.twilio.codes import CARRIER
from app.providers.webpush.codes import PUSH

S = NotificationStatus
BECAME = {
    S.QUEUED: "is waiting to go out",
    S.SENDING: "is going out",
    S.SENT: "went out",
    S.DELIVERED: "was delivered",
    S.FAILED: "failed",
    S.DROPPED: "was not sent",
}
TRIED_AGAIN = "is waiting to be tried again"
WAITS_FOR_QUIET_TO_END = "is waiting for the end of their quiet hours"
WHY: dict[str, str] = {
    OffReason.STOPPED: "they had texted STOP",
    OffReason.LANDLINE: "their number is a landline",
    OffReason.NO_SUCH_NUMBER: "their number is not in service",
    OffReason.BOUNCED: "mail to their address had come back",
    OffReason.UNSUBSCRIBED: "they had unsubscribed",
    OffReason.GONE: "the last browser of theirs that took push is gone",
    Suppression.TOGETHER: "another mail said it, with others",
    Suppression.PAUSED: "they were paused",
    Suppression.NOT_AGREED: "they have not agreed to texts",
    Suppression.UNWANTED: "they want no offers by it",
    Suppression.NO_DEVICE: "no device of theirs takes push",
    Suppression.BROWSER_GONE: "that browser takes push no more",
    Suppression.QUIET_HOURS: "their quiet hours end too late for it",
    "no_consent": "there is no consent to write to them this way",
    "lapsed": "their consent has run out",
    "wish": "they asked not to be written to this way",
    "hours": "it was not the hour for it",
    "channel-off": "the channel was off",  # of rows from before there were reasons
}
OURS = {
    "not-worded": "it could not be put into words",
    "never-heard-of": "nobody knows whether it went out",
    "unexpected": "a mistake of ours",
    "no-vapid-key": "we have no key for push",
}
"""What no provider said."""


def message_line(message: Notification, whom: str, at: datetime) -> str:
    """`Text to Sam Ortiz with the offer failed: a landline, or an operator that takes no texts (30006)`."""
    words = f"{CHANNELS[message.channel]} to {whom} {message.kind.line} {_became(message, at)}"
    why = _why(message)
    return f"{words}: {why}" if why else words


def offer_line(whom: str, suppressed: Sequence[Notification], *, all_of_them: bool) -> str:
    """`Offered to Sam Ortiz. Not by text: they had texted STOP`. `untold`: what was not to be sent, from the start."""
    words = f"Offered to {whom}" + (", and nothing can tell them of it" if all_of_them else "")
    reasons = [f"Not by {CHANNELS[one.channel].lower()}: {WHY[one.error_code or '']}" for one in suppressed]
    return ". ".join([words, *reasons])


def never_to_be_sent(message: Notification) -> bool:
    """Whether it was decided with the offer that this channel would not bring it."""
    return _was_dropped_for_a_reason(message) and message.kind is OFFER and message.taken_at is None


def told_nothing(message: Notification) -> bool:
    """Whether it has failed its agent: tried in vain, or not sent though the offer stood."""
    return message.status is S.FAILED or _was_dropped_for_a_reason(message)


def _was_dropped_for_a_reason(message: Notification) -> bool:
    """And not because its subject was over, which may have found it waiting to be tried again."""
    return message.status is S.DROPPED and message.error_code in WHY


def _became(message: Notification, at: datetime) -> str:
    if message.status is S.QUEUED and message.error_code is not None:
        return TRIED_AGAIN
    if message.status is S.QUEUED and message.due_at > at + UNDO_FOR:  # a decline holds it for less
        return WAITS_FOR_QUIET_TO_END
    return BECAME[message.status]


def _why(message: Notification) -> str | None:
    code = message.error_code
    if message.status is S.DROPPED:
        return WHY.get(code or "", message.kind.over)
    if code is None:
        return None
    meaning = OURS.get(code) or _meaning(message.channel, code)
    return f"{meaning} ({code})" if meaning else code


def _meaning(channel: Channel, code: str) -> str | None:
    """What the provider means by it, as far as our table knows."""
    if channel is Channel.EMAIL:
        return mail_code(code).meaning if code[:1].isdigit() else None
    known = (PUSH if channel is Channel.PUSH else CARRIER).get(code)
    return known.meaning if known is not None else None
