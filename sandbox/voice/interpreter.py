"""Runs the product's TwiML on a leg, one document after the other. https://www.twilio.com/docs/voice/twiml"""

import contextlib
from urllib.parse import urljoin

import requests

from sandbox.callbacks import Poster
from sandbox.voice.bridge import Bridge
from sandbox.voice.leg import IN_PROGRESS, RINGING, GoTo, Leg, LegEnded, Updated
from sandbox.voice.recording import Recorder
from sandbox.voice.ringing import Ringer
from sandbox.voice.speech import gather, speak
from sandbox.voice.twiml import InvalidTwiml, Verb, parse
from sandbox.world import World

APPLICATION_ERROR = "We are sorry, an application error has occurred. Goodbye."
BAD_STATUS = 400


class Documents:
    """What the carrier does with documents."""

    def __init__(self, world: World, poster: Poster, ringer: Ringer) -> None:
        self._world, self._poster = world, poster
        self._bridge = Bridge(world, poster, ringer, self.run)
        self._recorder = Recorder(world, poster)

    def run(self, leg: Leg, start: GoTo, twiml: str | None = None) -> None:
        """Runs documents until one comes to its end; a new one given over REST takes over. Raises LegEnded."""
        target = start
        while True:
            try:
                verbs, base = (parse(twiml), target.url) if twiml else self._fetch(leg, target)
                self._verbs(leg, verbs, base)
                return
            except GoTo as following:
                target, twiml = following, None
            except Updated:
                with self._world.changed:
                    given, leg.update = leg.update or {}, None
                target, twiml = GoTo(given.get("Url", ""), method=given.get("Method", "POST")), given.get("Twiml")
            except InvalidTwiml as error:
                leg.goes_wrong(str(error))
                leg.hear("voice", APPLICATION_ERROR)
                leg.hung_up_by = "error"
                raise LegEnded from error

    def _fetch(self, leg: Leg, target: GoTo) -> tuple[list[Verb], str]:
        """The document, or the call's fallback when that fails. Raises InvalidTwiml when both do."""
        try:
            return self._get(leg, target), target.url
        except (requests.RequestException, InvalidTwiml) as error:
            fallback = leg.urls.get("fallback_url")
            if isinstance(error, InvalidTwiml):
                leg.goes_wrong(str(error))
            if not fallback:
                raise InvalidTwiml(f"11200 {target.url} could not be had") from error
            told = target.params | {"ErrorCode": "11200", "ErrorUrl": target.url}
        try:
            return self._get(leg, GoTo(fallback, told, leg.urls.get("fallback_method") or "POST")), fallback
        except requests.RequestException as error:
            raise InvalidTwiml(f"11200 the fallback {fallback} could not be had either") from error

    def _get(self, leg: Leg, target: GoTo) -> list[Verb]:
        response = self._poster.fetch(target.url, leg.params() | target.params, target.method)
        if response.status_code >= BAD_STATUS:
            raise requests.HTTPError(f"{response.status_code}")
        return parse(response.text) if response.text.strip() else []

    def _verbs(self, leg: Leg, verbs: list[Verb], base: str) -> None:
        for verb in verbs:
            if verb.name == "Reject":
                self._reject(leg, verb)
            if not (verb.name == "Dial" and verb.attributes.get("answerOnBridge") == "true"):
                _pick_up(leg)  # an incoming call is answered by the first verb
            self._one(leg, verb, base)
        if not verbs:
            _pick_up(leg)

    def _reject(self, leg: Leg, verb: Verb) -> None:
        """Ends the call; one that nobody has picked up yet ends as busy or unanswered."""
        if leg.started is None:
            leg.set_status("busy" if verb.attributes.get("reason") == "busy" else "no-answer")
        leg.hung_up_by = "document"
        raise LegEnded

    def _one(self, leg: Leg, verb: Verb, base: str) -> None:
        match verb.name:
            case "Hangup":
                leg.hung_up_by = "document"
                raise LegEnded
            case "Redirect":
                raise GoTo(urljoin(base, verb.text), method=verb.method)
            case "Gather":
                self._gather(leg, verb, base)
            case "Record":
                self._record(leg, verb, base)
            case "Dial" if leg.parent_sid is not None:
                raise InvalidTwiml("13201 Dial: Cannot Dial out from a Dial Call Segment")
            case "Dial":
                self._bridge.dial(leg, verb, base)
            case _:
                speak(leg, verb)

    def _record(self, leg: Leg, verb: Verb, base: str) -> None:
        """Asks the action, even of a call that is over; where nothing was said, the document goes on."""
        told = self._recorder.record(leg, verb, base)
        action = verb.attributes.get("action", base)
        if told is not None and leg.hung_up_by is None:
            raise GoTo(urljoin(base, action), told, verb.method)
        if told is not None:
            with contextlib.suppress(requests.RequestException):
                self._poster.fetch(urljoin(base, action), leg.params() | told, verb.method)
        if leg.hung_up_by is not None:
            raise LegEnded

    def _gather(self, leg: Leg, verb: Verb, base: str) -> None:
        """Asks the action with the keys; without any, only where that is wanted."""
        digits, finished = gather(leg, verb)
        if digits or verb.attributes.get("actionOnEmptyResult") == "true":
            told = {"Digits": digits, "msg": "Gather End", "FinishedOnKey": finished}
            raise GoTo(urljoin(base, verb.attributes.get("action", base)), told, verb.method)


def _pick_up(leg: Leg) -> None:
    if leg.status == RINGING:
        leg.set_status(IN_PROGRESS)
