"""Texts that come in. The carrier answers STOP, START and HELP itself, and the product hears of them as well.

Words and answers: https://help.twilio.com/articles/223134027 (support for opt-out keywords)
"""

import threading
from xml.sax.saxutils import unescape

import requests

from sandbox.callbacks import Poster
from sandbox.sms.segments import segments
from sandbox.voice.twiml import MESSAGE_VERBS, InvalidTwiml, parse
from sandbox.world import Message, World, new_sid, utc_now

STOP_WORDS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
START_WORDS = frozenset({"START", "YES", "UNSTOP"})
HELP_WORDS = frozenset({"HELP", "INFO"})
STOPPED = (
    "You have successfully been unsubscribed. You will not receive any more messages from this number. "
    "Reply START to resubscribe."
)
STARTED = (
    "You have successfully been re-subscribed to messages from this number. Reply HELP for help. "
    "Reply STOP to unsubscribe. Msg&Data Rates May Apply."
)
HELPED = "Reply STOP to unsubscribe. Msg&Data Rates May Apply."


def own_answer(body: str) -> str:
    """What the carrier itself answers; nothing unless the text is one of its words and no more."""
    word = body.strip().upper()
    if word in STOP_WORDS:
        return STOPPED
    if word in START_WORDS:
        return STARTED
    return HELPED if word in HELP_WORDS else ""


class Texts:
    """What the carrier does with texts to our numbers."""

    def __init__(self, world: World, poster: Poster) -> None:
        self._world, self._poster = world, poster

    def come_in(self, message: Message) -> None:
        """Answers it, if that is the carrier's to do, and gives it to the product."""
        own = own_answer(message.body)
        with self._world.changed:
            phone = self._world.phone(message.sender)
            if own in (STOPPED, STARTED):
                phone.opted_out = own == STOPPED
            self._world.messages.append(message)
            if own:
                self._world.messages.append(_reply(message, own, by_carrier=True))
            self._world.reporting(+1)
        threading.Thread(target=self._forward, args=(message,), daemon=True).start()

    def _forward(self, message: Message) -> None:
        try:
            answered = self._poster.fetch(f"{self._world.settings.public_url}/hooks/twilio/sms", self._params(message))
            verbs = parse(answered.text, MESSAGE_VERBS) if answered.text.strip() else []
            for verb in verbs:
                self._answer(message, unescape(verb.text or " ".join(child.text for child in verb.children)))
        except (requests.RequestException, InvalidTwiml) as error:
            self._world.error(f"sms hook: {error}")
        finally:
            self._world.reporting(-1)

    def _answer(self, message: Message, body: str) -> None:
        """The product's answer, on the handset, unless the carrier would keep it back."""
        if self._world.phone(message.sender).opted_out:
            self._world.error(f"sms hook: 21610 {message.sender} has opted out, and was answered {body!r}")
            return
        if own_answer(message.body):
            self._world.error(
                f"sms hook: the carrier answers {message.body.strip()} itself, a second answer is {body!r}"
            )
        self._world.update(lambda: self._world.messages.append(_reply(message, body)))

    def _params(self, message: Message) -> dict[str, str]:
        """https://www.twilio.com/docs/messaging/guides/webhook-request"""
        return {
            "MessageSid": message.sid,
            "SmsMessageSid": message.sid,
            "SmsSid": message.sid,
            "SmsStatus": "received",
            "AccountSid": self._world.settings.account_sid,
            "From": message.sender,
            "To": message.to,
            "Body": message.body,
            "NumMedia": "0",
            "NumSegments": str(message.segments),
            "ApiVersion": "2010-04-01",
        }


def _reply(message: Message, body: str, *, by_carrier: bool = False) -> Message:
    return Message(
        new_sid("SM"), message.sender, message.to, body, "outbound-reply", "delivered", segments(body), utc_now(),
        by_carrier=by_carrier,
    )  # fmt: skip
