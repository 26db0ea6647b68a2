"""Runs one call from the first ring to the last callback, in a thread of its own."""

import contextlib
import queue
import threading
import time
from functools import partial
from urllib.parse import urljoin

import requests

from app.sandbox.callbacks import Poster
from app.sandbox.leg import IN_PROGRESS, RINGING, Leg, LegEnded, Updated
from app.sandbox.machines import GREETING_SECONDS, MACHINES, answered_by
from app.sandbox.twiml import InvalidTwiml, Verb, parse
from app.sandbox.world import World, new_sid

APPLICATION_ERROR = "We are sorry, an application error has occurred. Goodbye."
WORDS_PER_SECOND = 2.6
BAD_STATUS = 400
REORDER_SECONDS = 0.4
LONGEST_CALL = 4 * 3600.0
DEFAULT_TIMEOUT = 60


class Runner:
    """What the carrier does with calls."""

    def __init__(self, world: World, poster: Poster) -> None:
        self._world = world
        self._poster = poster

    # -- starting

    def place(self, leg: Leg) -> None:
        """Queues an outbound call: the carrier places so many per second."""
        world = self._world
        with world.changed:
            slot = max(time.monotonic(), world.next_slot)
            world.next_slot = slot + 1 / world.settings.calls_per_second
            world.calls[leg.sid] = leg
            world.phone(leg.party)
            world.wake()
        threading.Thread(target=self._outbound, args=(leg, slot), daemon=True).start()

    def incoming(self, leg: Leg) -> None:
        """A handset rings one of our numbers."""
        self._world.update(lambda: self._world.calls.__setitem__(leg.sid, leg))
        threading.Thread(target=self._inbound, args=(leg,), daemon=True).start()

    # -- one call

    def _outbound(self, leg: Leg, slot: float) -> None:
        reports = _Reports(self._world, self._poster)
        try:
            leg.wait(lambda: False, max(0.0, slot - time.monotonic()))
            reports.send(leg, "initiated")
            if self._ring(leg, reports, float(leg.urls.get("timeout", DEFAULT_TIMEOUT))):
                self._amd(leg)
                self._run_document(leg, leg.urls.get("url"), leg.urls.get("twiml"))
                leg.set_status("completed")
        except LegEnded:
            leg.set_status("completed" if leg.started else "canceled")
        except Updated:
            leg.set_status("canceled")
        reports.send(leg, "completed")
        reports.close()

    def _inbound(self, leg: Leg) -> None:
        reports = _Reports(self._world, self._poster)
        try:
            leg.set_status(RINGING)
            self._run_document(leg, leg.urls["url"], None)
            leg.set_status("completed")
        except (LegEnded, Updated):
            leg.set_status("completed")
        reports.send(leg, "completed")
        reports.close()

    def _ring(self, leg: Leg, reports: "_Reports", timeout: float) -> bool:
        """Rings the handset; whether it was answered. The leg's status says how it ended else."""
        phone = self._world.phone(leg.party)
        leg.set_status(RINGING)
        reports.send(leg, "ringing")
        if phone.mode == "busy":
            leg.set_status("busy")
            return False
        leg.wait(lambda: leg.answered or leg.declined is not None, self._patience(leg, phone.mode, timeout))
        if leg.declined is not None:
            leg.set_status(leg.declined)
            return False
        if not leg.answered and not self._answers_by_itself(leg):
            leg.set_status("no-answer")
            return False
        leg.set_status(IN_PROGRESS)
        reports.send(leg, "answered")
        return True

    def _patience(self, leg: Leg, mode: str, timeout: float) -> float:
        by_itself = self._answers_after(leg)
        if mode == "answers" or mode in MACHINES:
            return min(timeout, 0.2)
        return min(timeout, by_itself) if by_itself is not None else timeout

    def _answers_by_itself(self, leg: Leg) -> bool:
        mode = self._world.phone(leg.party).mode
        if mode in MACHINES:
            leg.hear("phone", MACHINES[mode].says)
        return mode == "answers" or mode in MACHINES or self._answers_after(leg) is not None

    def _answers_after(self, leg: Leg) -> float | None:
        rule = self._world.settings.client_answers
        return rule[1] if rule is not None and leg.party.startswith(rule[0]) else None

    def _amd(self, leg: Leg) -> None:
        """Tells beside the call who answered; of a machine, when its greeting has ended, if that was asked for."""
        url = leg.urls.get("amd_url")
        if not url:
            return
        mode, waits = self._world.phone(leg.party).mode, leg.urls.get("amd") == "DetectMessageEnd"
        seconds = GREETING_SECONDS / self._world.settings.speed if mode in MACHINES and waits else 0
        who = {
            "AnsweredBy": answered_by(mode, waits_for_end=waits),
            "MachineDetectionDuration": f"{seconds * 1000:.0f}",
        }
        report = partial(self._poster.report, url, leg.params() | who, event="amd")
        timer = threading.Timer(seconds, report)
        timer.daemon = True
        timer.start()

    # -- documents

    def _run_document(self, leg: Leg, url: str | None, twiml: str | None, extra: dict[str, str] | None = None) -> None:
        """Runs documents until one ends the call; a new one given over REST takes over. Raises LegEnded."""
        while True:
            try:
                verbs, base = (self._parse(twiml), url or "") if twiml else self._fetch(leg, url or "", extra)
                self._run(leg, verbs, base)
                return
            except _GoTo as target:
                url, twiml, extra = target.url, None, target.params
            except Updated:
                with self._world.changed:
                    given, leg.update = leg.update or {}, None
                url, twiml, extra = given.get("Url"), given.get("Twiml"), None
            except InvalidTwiml as error:
                self._world.error(f"{leg.sid}: {error}")
                leg.hear("voice", APPLICATION_ERROR)
                return

    def _parse(self, document: str) -> list[Verb]:
        return parse(document)

    def _fetch(self, leg: Leg, url: str, extra: dict[str, str] | None) -> tuple[list[Verb], str]:
        """The document at `url`, or at the call's fallback when that fails. Raises InvalidTwiml when both do."""
        try:
            return self._get(leg, url, extra), url
        except (requests.RequestException, InvalidTwiml) as error:
            fallback = leg.urls.get("fallback_url")
            if isinstance(error, InvalidTwiml):
                self._world.error(f"{leg.sid}: {error}")
            if not fallback:
                raise InvalidTwiml(f"11200 {url} could not be had") from error
            params = (extra or {}) | {"ErrorCode": "11200", "ErrorUrl": url}
        try:
            return self._get(leg, fallback, params), fallback
        except requests.RequestException as error:
            raise InvalidTwiml(f"11200 the fallback {fallback} could not be had either") from error

    def _get(self, leg: Leg, url: str, extra: dict[str, str] | None) -> list[Verb]:
        response = self._poster.fetch(url, leg.params() | (extra or {}))
        if response.status_code >= BAD_STATUS:
            raise requests.HTTPError(f"{response.status_code}")
        return parse(response.text) if response.text.strip() else []

    def _run(self, leg: Leg, verbs: list[Verb], base: str) -> None:
        for verb in verbs:
            if verb.name == "Reject":
                leg.set_status("busy" if verb.attributes.get("reason") == "busy" else "no-answer")
                raise LegEnded
            if leg.status == RINGING:  # an incoming call is answered by the first verb
                leg.set_status(IN_PROGRESS)
            self._one(leg, verb, base)

    def _one(self, leg: Leg, verb: Verb, base: str) -> None:
        match verb.name:
            case "Hangup":
                leg.hung_up_by = "document"
                raise LegEnded
            case "Redirect":
                raise _GoTo(urljoin(base, verb.text), {})
            case "Gather":
                self._gather(leg, verb, base)
            case "Dial":
                self._dial(leg, verb, base)
            case _:
                self._speak(leg, verb)

    def _speak(self, leg: Leg, verb: Verb) -> None:
        seconds = self._say(leg, verb)
        leg.wait(lambda: False, seconds)

    def _say(self, leg: Leg, verb: Verb) -> float:
        """Puts it into the transcript; how long it takes to hear."""
        speed = self._world.settings.speed
        if verb.name == "Pause":
            return verb.number("length", 1) / speed
        if verb.name == "Play":
            leg.hear("voice", f"(plays {verb.attributes.get('digits') or verb.text})")
            return 1 / speed
        leg.hear("voice", verb.text)
        return len(verb.text.split()) / WORDS_PER_SECOND / speed

    def _gather(self, leg: Leg, verb: Verb, base: str) -> None:
        wanted = int(verb.number("numDigits", 0))
        finish = verb.attributes.get("finishOnKey", "#")
        with self._world.changed:
            leg.keys.clear()
            leg.gathering = True
        try:
            for child in verb.children:
                if leg.wait(lambda: bool(leg.keys), self._say(leg, child)):
                    break
            digits = self._collect(leg, wanted, finish, verb.number("timeout", 5) / self._world.settings.speed)
        finally:
            with self._world.changed:
                leg.gathering = False
        if digits or verb.attributes.get("actionOnEmptyResult") == "true":
            target = urljoin(base, verb.attributes.get("action", base))
            raise _GoTo(target, {"Digits": digits, "msg": "Gather End", "FinishedOnKey": ""})

    def _collect(self, leg: Leg, wanted: int, finish: str, timeout: float) -> str:
        while True:
            have = len(leg.keys)
            if finish and finish in leg.keys:
                return "".join(leg.keys[: leg.keys.index(finish)])
            if wanted and have >= wanted:
                return "".join(leg.keys[:wanted])
            if not leg.wait(lambda have=have: len(leg.keys) > have, timeout):  # type: ignore[misc]
                return "".join(leg.keys)

    # -- bridging

    def _dial(self, leg: Leg, verb: Verb, base: str) -> None:
        number = verb.children[0] if verb.children else Verb("Number", {}, verb.text)
        child = self._child(leg, verb, number, base)
        reports = _Reports(self._world, self._poster)
        params = {"DialCallSid": child.sid, "DialBridged": "false"}
        interrupted: Exception | None = None
        try:
            reports.send(child, "initiated")
            threading.Thread(target=self._follow, args=(leg, child), daemon=True).start()
            if self._ring(child, reports, verb.number("timeout", 30)):
                self._whisper(child, number, base)
                params["DialBridged"] = "true"
                leg.hear("call", f"connected to {child.party}")
                child.hear("call", f"connected to {leg.party}")
                child.wait(lambda: False, verb.number("timeLimit", LONGEST_CALL))
        except LegEnded:
            pass
        if not child.over:
            child.set_status("completed" if child.started else "canceled")
        reports.send(child, "completed")
        reports.close()
        if leg.update is not None:
            interrupted = Updated()
        params |= {"DialCallStatus": child.status, "DialCallDuration": str(child.duration())}
        self._after_dial(leg, verb, base, params, interrupted)

    def _child(self, leg: Leg, verb: Verb, number: Verb, base: str) -> Leg:
        caller = verb.attributes.get("callerId", leg.ours)
        child = Leg(self._world, new_sid("CA"), number.text, caller, "outbound-dial", parent_sid=leg.sid)
        url = number.attributes.get("statusCallback")
        child.urls = {
            "status_url": urljoin(base, url) if url else None,
            "events": number.attributes.get("statusCallbackEvent", "completed").split(),
        }
        with self._world.changed:
            self._world.calls[child.sid] = child
            self._world.phone(child.party)
            self._world.wake()
        return child

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
        if "url" in number.attributes:
            self._run_document(child, urljoin(base, number.attributes["url"]), None)

    def _after_dial(
        self, leg: Leg, verb: Verb, base: str, params: dict[str, str], interrupted: Exception | None
    ) -> None:
        """The Dial's action is asked first, even of a call that is over; then what interrupted it goes on."""
        action = verb.attributes.get("action")
        if leg.hung_up_by is not None:
            leg.set_status("completed")
        if interrupted is None and leg.hung_up_by is None:
            if action:
                raise _GoTo(urljoin(base, action), params)
            return
        if action:
            with contextlib.suppress(requests.RequestException):
                self._poster.fetch(urljoin(base, action), leg.params() | params)
        raise interrupted or LegEnded()


class _GoTo(Exception):
    """The next document."""

    def __init__(self, url: str, params: dict[str, str]) -> None:
        super().__init__(url)
        self.url, self.params = url, params


class _Reports:
    """The status callbacks of one call, one after the other, beside the call."""

    def __init__(self, world: World, poster: Poster) -> None:
        self._world, self._poster = world, poster
        self._queue: queue.SimpleQueue[tuple[str, dict[str, str], str, str] | None] = queue.SimpleQueue()
        self._swap = False
        self._later: threading.Timer | None = None
        threading.Thread(target=self._deliver, daemon=True).start()

    def send(self, leg: Leg, event: str) -> None:
        """Queues one event, if it was asked for."""
        url = leg.urls.get("status_url")
        if not url or event not in leg.urls.get("events", ["completed"]):
            return
        params = leg.event_params()
        if event == "initiated":
            params["CallStatus"] = "initiated"
        entry = (url, params, event, leg.urls.get("status_method") or "POST")
        if self._world.behaviour.reorder:
            self._swap = not self._swap
            if self._swap:  # every other event comes a little later than the one after it
                self._later = threading.Timer(REORDER_SECONDS, self._queue.put, (entry,))
                self._later.start()
                return
        self._queue.put(entry)

    def close(self) -> None:
        """No more events."""
        if self._later is not None:
            self._later.join()
        self._queue.put(None)

    def _deliver(self) -> None:
        while (entry := self._queue.get()) is not None:
            url, params, event, method = entry
            self._poster.report(url, params, event=event, method=method)
