"""Dial: rings a second phone and joins it to the call, or joins a conference.

https://www.twilio.com/docs/voice/twiml/dial
"""

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin

import requests

from sandbox.callbacks import Poster
from sandbox.voice.conference import Conferences
from sandbox.voice.detection import Detection
from sandbox.voice.leg import IN_PROGRESS, RINGING, GoTo, Leg, LegEnded, Updated
from sandbox.voice.reports import Reports
from sandbox.voice.ringing import Ringer
from sandbox.voice.twiml import Verb
from sandbox.world import PHONE, World, new_sid

LONGEST_CALL = 4 * 3600.0
DIAL_SECONDS = 30


@dataclass
class _Race:
    """Between the phones of one Dial."""

    winner: Leg | None = None

    def wins(self, world: World, child: Leg) -> bool:
        """Whether this one is first."""
        with world.changed:
            if self.winner is not None or child.hung_up_by is not None:
                return False
            self.winner = child
            world.wake()
            return True


class Bridge:
    """What the carrier does with Dial. `run` runs a document on a leg: the whisper."""

    def __init__(self, world: World, poster: Poster, ringer: Ringer, run: Callable[[Leg, GoTo], None]) -> None:
        self._world, self._poster, self._ringer, self._run = world, poster, ringer, run
        self._conferences = Conferences(world, poster)

    def dial(self, leg: Leg, verb: Verb, base: str) -> None:
        """Rings, joins, waits for the end; then the Dial's action is asked. Raises GoTo, LegEnded, Updated.

        Several phones ring at once: the first that is picked up, and has heard its whisper out, is joined.
        """
        numbers = verb.children or [Verb("Number", {}, verb.text)]
        if numbers[0].name == "Conference":
            self._conferences.sit(leg, verb, numbers[0], base)
            self._after(leg, verb, base, {"DialCallStatus": "answered"})
            return
        caller = verb.attributes.get("callerId", leg.sender)
        wrong = next(filter(None, (self._wrong(leg, number.text, caller) for number in numbers)), None)
        if wrong is not None:
            leg.goes_wrong(wrong)
            self._after(leg, verb, base, {"DialCallStatus": "failed", "DialBridged": "false"})
            return
        children = [self._child(leg, number, caller, base) for number in numbers]
        joined = self._talk(leg, list(zip(children, numbers, strict=True)), verb, base)
        told_of = joined or children[-1]
        told = {
            "DialCallSid": told_of.sid,
            "DialCallStatus": told_of.status,
            "DialCallDuration": str(told_of.duration()),
            "DialBridged": "true" if joined else "false",
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

    def _talk(self, leg: Leg, dialed: list[tuple[Leg, Verb]], verb: Verb, base: str) -> Leg | None:
        """From the first ring to the end; the leg that was joined, if one was."""
        race = _Race()
        attempts = [
            threading.Thread(target=self._attempt, args=(child, number, verb, base, race), daemon=True)
            for child, number in dialed
        ]
        for attempt in attempts:
            attempt.start()
        children = [child for child, _ in dialed]
        self._wait(leg, lambda: race.winner is not None or all(child.over for child in children))
        if race.winner is not None:
            self._let_go([child for child in children if child is not race.winner])
            if not self._is_gone(leg):
                self._join(leg, race.winner)
            self._wait(leg, lambda: race.winner is not None and race.winner.over)
        self._let_go(children)
        for attempt in attempts:
            attempt.join()
        return race.winner

    def _attempt(self, child: Leg, number: Verb, verb: Verb, base: str, race: "_Race") -> None:
        """One phone rings, hears its whisper, and is joined unless another was first."""
        reports = Reports(self._world, self._poster)
        try:
            reports.send(child, "initiated")
            if self._ringer.ring(child, reports, verb.number("timeout", DIAL_SECONDS)):
                self._detect(child, number, base)
                self._whisper(child, number, base)
                if race.wins(self._world, child):
                    child.wait(lambda: False, verb.number("timeLimit", LONGEST_CALL))
        except (LegEnded, Updated):
            pass
        if not child.over:
            child.set_status("completed" if child.started else "canceled")
        reports.send(child, "completed")
        reports.close()

    def _wait(self, leg: Leg, until: Callable[[], bool]) -> None:
        with self._world.changed:
            self._world.changed.wait_for(lambda: until() or self._is_gone(leg))

    def _is_gone(self, leg: Leg) -> bool:
        """The first party hung up, or is given a new document."""
        return leg.hung_up_by is not None or leg.update is not None

    def _let_go(self, children: list[Leg]) -> None:
        with self._world.changed:
            for child in children:
                if not child.over and child.hung_up_by is None:
                    child.hung_up_by = "other side"
            self._world.wake()

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
