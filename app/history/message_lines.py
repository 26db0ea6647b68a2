"""What became of a message, and why nothing was sent, in plain words."""

from collections.abc import Sequence
from datetime import datetime

from app.core.language import gettext as _
from app.core.language import mark
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
    S.QUEUED: mark("is waiting to go out"),
    S.SENDING: mark("is going out"),
    S.SENT: mark("went out"),
    S.DELIVERED: mark("was delivered"),
    S.FAILED: mark("failed"),
    S.DROPPED: mark("was not sent"),
}
TRIED_AGAIN = mark("is waiting to be tried again")
WAITS_FOR_QUIET_TO_END = mark("is waiting for the end of their quiet hours")
WHY: dict[str, str] = {
    OffReason.STOPPED: mark("they had texted STOP"),
    OffReason.LANDLINE: mark("their number is a landline"),
    OffReason.NO_SUCH_NUMBER: mark("their number is not in service"),
    OffReason.BOUNCED: mark("mail to their address had come back"),
    OffReason.UNSUBSCRIBED: mark("they had unsubscribed"),
    OffReason.GONE: mark("the last browser of theirs that took push is gone"),
    Suppression.TOGETHER: mark("another mail said it, with others"),
    Suppression.PAUSED: mark("they were paused"),
    Suppression.NOT_AGREED: mark("they have not agreed to texts"),
    Suppression.UNWANTED: mark("they want no offers by it"),
    Suppression.NO_DEVICE: mark("no device of theirs takes push"),
    Suppression.BROWSER_GONE: mark("that browser takes push no more"),
    Suppression.QUIET_HOURS: mark("their quiet hours end too late for it"),
    "no_consent": mark("there is no consent to write to them this way"),
    "lapsed": mark("their consent has run out"),
    "wish": mark("they asked not to be written to this way"),
    "hours": mark("it was not the hour for it"),
    "channel-off": mark("the channel was off"),  # of rows from before there were reasons
}
OURS = {
    "not-worded": mark("it could not be put into words"),
    "never-heard-of": mark("nobody knows whether it went out"),
    "unexpected": mark("a mistake of ours"),
    "no-vapid-key": mark("we have no key for push"),
}
"""What no provider said."""


def message_line(message: Notification, whom: str, at: datetime) -> str:
    """`Text to Sam Ortiz with the offer failed: a landline, or an operator that takes no texts (30006)`."""
    words = _(
        "%(channel)s to %(whom)s %(about)s %(became)s",
        channel=_(CHANNELS[message.channel]),
        whom=whom,
        about=_(message.kind.line) if message.kind.line else "",
        became=_(_became(message, at)),
    )
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
        return _(WHY.get(code or "", message.kind.over))
    if code is None:
        return None
    meaning = OURS.get(code) or _meaning(message.channel, code)
    return f"{_(meaning)} ({code})" if meaning else code


def _meaning(channel: Channel, code: str) -> str | None:
    """What the provider means by it, as far as our table knows."""
    if channel is Channel.EMAIL:
        return mail_code(code).meaning if code[:1].isdigit() else None
    known = (PUSH if channel is Channel.PUSH else CARRIER).get(code)
    return known.meaning if known is not None else None
