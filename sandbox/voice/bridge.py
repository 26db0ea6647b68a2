"""Dial: rings a second phone and joins it to the call. https://www.twilio.com/docs/voice/twiml/dial"""

import contextlib
import threading
from collections.abc import Callable
from urllib.parse import urljoin

import requests

from sandbox.callbacks import Poster
from sandbox.voice.detection import Detection
from sandbox.voice.leg import IN_PROGRESS, RINGING, GoTo, Leg, LegEnded, Updated
from sandbox.voice.reports import Reports
from sandbox.voice.ringing import Ringer
from sandbox.voice.twiml import Verb
from sandbox.world import PHONE, World, new_sid

LONGEST_CALL = 4 * 3600.0
DIAL_SECONDS = 30


class Bridge:
    """What the carrier does with Dial. `run` runs a document on a leg: the whisper."""

    def __init__(self, world: World, poster: Poster, ringer: Ringer, run: Callable[[Leg, GoTo], None]) -> None:
        self._world, self._poster, self._ringer, self._run = world, poster, ringer, run

    def dial(self, leg: Leg, verb: Verb, base: str) -> None:
        """Rings, joins, waits for the end; then the Dial's action is asked. Raises GoTo, LegEnded, Updated."""
        number = verb.children[0] if verb.children else Verb("Number", {}, verb.text)
        caller = verb.attributes.get("callerId", leg.sender)
        wrong = self._wrong(leg, number.text, caller)
        if wrong is not None:
            leg.goes_wrong(wrong)
            self._after(leg, verb, base, {"DialCallStatus": "failed", "DialBridged": "false"})
            return
        child = self._child(leg, number, caller, base)
        bridged = self._talk(leg, child, verb, number, base)
        told = {
            "DialCallSid": child.sid,
            "DialCallStatus": child.status,
            "DialCallDuration": str(child.duration()),
            "DialBridged": "true" if bridged else "false",
        }
        self._after(leg, verb, base, told)

    def _wrong(self, leg: Leg, number: str, caller: str) -> str | None:
        """Why this cannot be dialed. A caller id is a number of the account, or that of the caller."""
        if not PHONE.fullmatch(number):
            return f"13223 Dial: Invalid phone number format: {number!r}"
        if caller not in (*self._world.settings.numbers, leg.sender):
            return f"13214 Dial: Invalid callerId value: {caller!r}"
        return None

    def _child(self, leg: Leg, number: Verb, caller: str, base: str) -> Leg:
        child = Leg(self._world, new_sid("CA"), number.text, caller, "outbound-dial", parent_sid=leg.sid)
        url = number.attributes.get("statusCallback")
        child.urls = {
            "status_url": urljoin(base, url) if url else None,
            "status_method": number.attributes.get("statusCallbackMethod"),
            "events": number.attributes.get("statusCallbackEvent", "completed").split(),
        }
        with self._world.changed:
            self._world.calls[child.sid] = child
            self._world.phone(child.party)
            self._world.wake()
        return child

    def _talk(self, leg: Leg, child: Leg, verb: Verb, number: Verb, base: str) -> bool:
        """From the first ring to the end; whether the two were joined."""
        reports = Reports(self._world, self._poster)
        bridged = False
        try:
            reports.send(child, "initiated")
            threading.Thread(target=self._follow, args=(leg, child), daemon=True).start()
            if self._ringer.ring(child, reports, verb.number("timeout", DIAL_SECONDS)):
                self._detect(child, number, base)
                self._whisper(child, number, base)
                bridged = True
                self._join(leg, child)
                child.wait(lambda: False, verb.number("timeLimit", LONGEST_CALL))
        except LegEnded:
            pass
        if not child.over:
            child.set_status("completed" if child.started else "canceled")
        reports.send(child, "completed")
        reports.close()
        return bridged

    def _detect(self, child: Leg, number: Verb, base: str) -> None:
        """Beside the call: the two are joined meanwhile."""
        wanted, url = number.attributes.get("machineDetection"), number.attributes.get("amdStatusCallback")
        if wanted is not None:
            method = number.attributes.get("amdStatusCallbackMethod", "POST")
            Detection(wanted, urljoin(base, url) if url else None, method).begin(self._world, self._poster, child)

    def _join(self, leg: Leg, child: Leg) -> None:
        if leg.status == RINGING:  # answerOnBridge: it rang on until here
            leg.set_status(IN_PROGRESS)
        leg.hear("call", f"connected to {child.party}")
        child.hear("call", f"connected to {leg.party}")

    def _follow(self, leg: Leg, child: Leg) -> None:
        """When the first party hangs up, or is given a new document, the second is let go."""
        with self._world.changed:
            self._world.changed.wait_for(
                lambda: child.over or child.hung_up_by or leg.hung_up_by is not None or leg.update is not None
            )
            if not child.over and child.hung_up_by is None:
                child.hung_up_by = "other side"
                self._world.wake()

    def _whisper(self, child: Leg, number: Verb, base: str) -> None:
        """What the second party alone hears before the two are joined; hanging up there joins nobody."""
        if "url" in number.attributes:
            self._run(child, GoTo(urljoin(base, number.attributes["url"]), method=number.method))

    def _after(self, leg: Leg, verb: Verb, base: str, told: dict[str, str]) -> None:
        """The action is asked first, even of a call that is over; then what interrupted the Dial goes on."""
        action = verb.attributes.get("action")
        if leg.hung_up_by is not None and not leg.over:
            leg.set_status("completed" if leg.started else "canceled")
        if leg.update is None and leg.hung_up_by is None:
            if action:
                raise GoTo(urljoin(base, action), told, verb.method)
            return
        if action:
            with contextlib.suppress(requests.RequestException):
                self._poster.fetch(urljoin(base, action), leg.params() | told, verb.method)
        raise LegEnded if leg.hung_up_by is not None else Updated
