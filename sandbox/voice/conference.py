"""Conference: several calls in one room. https://www.twilio.com/docs/voice/twiml/conference"""

import queue
import threading
from dataclasses import dataclass, field
from email.utils import format_datetime
from urllib.parse import urljoin

from sandbox.callbacks import Poster
from sandbox.voice.leg import Leg, LegEnded, Updated
from sandbox.voice.twiml import Verb
from sandbox.world import World, new_sid, utc_now

STAR = "*"
QUORUM = 2
"""Participants it takes for a conference to start."""
NEVER = 4 * 3600.0


@dataclass
class _Member:
    """A call in a room, and what its document asked for."""

    leg: Leg
    noun: Verb

    @property
    def label(self) -> str:
        return self.noun.attributes.get("participantLabel", self.leg.party)

    @property
    def starts(self) -> bool:
        return self.noun.attributes.get("startConferenceOnEnter", "true") == "true"

    @property
    def ends(self) -> bool:
        return self.noun.attributes.get("endConferenceOnExit", "false") == "true"


@dataclass
class _Room:
    """One conference, from the first participant to the last. Its callbacks go where the first one's document says."""

    name: str
    first: _Member
    base: str
    sid: str = field(default_factory=lambda: new_sid("CF"))
    members: list[_Member] = field(default_factory=list)
    started: bool = False
    ended: bool = False
    sequence: int = 0


class Conferences:
    """The rooms of the account, by name."""

    def __init__(self, world: World, poster: Poster) -> None:
        self._world, self._poster = world, poster
        self._rooms: dict[str, _Room] = {}
        self._callbacks: queue.SimpleQueue[tuple[str, dict[str, str]]] = queue.SimpleQueue()
        threading.Thread(target=self._deliver, daemon=True).start()

    def sit(self, leg: Leg, dial: Verb, noun: Verb, base: str) -> None:
        """Puts the call into the room, until it or the room ends, it is given a new document, or its star is heard."""
        member = _Member(leg, noun)
        room = self._enter(member, base)
        by_star = dial.attributes.get("hangupOnStar") == "true"
        with self._world.changed:
            leg.keys.clear()
            leg.gathering = by_star
        try:
            leg.wait(lambda: room.ended or (by_star and STAR in leg.keys), NEVER)
        except (LegEnded, Updated):
            pass  # what comes next is the Dial's to say
        finally:
            with self._world.changed:
                leg.gathering = False
            self._leave(room, member)

    def _enter(self, member: _Member, base: str) -> _Room:
        with self._world.changed:
            room = self._rooms.get(member.noun.text)
            if room is None or room.ended:
                room = self._rooms[member.noun.text] = _Room(member.noun.text, member, base)
            room.members.append(member)
            starts = not room.started and len(room.members) >= QUORUM and any(one.starts for one in room.members)
            room.started = room.started or starts
            self._world.wake()
        self._tell(room, "participant-join", member)
        if starts:
            self._tell(room, "conference-start", member)
        if room.started:
            self._introduce(room, member, everybody=starts)
        return room

    def _introduce(self, room: _Room, newcomer: _Member, *, everybody: bool) -> None:
        """Who is heard by whom, on each handset."""
        for one in list(room.members):
            others = sorted(self._name(other) for other in room.members if other is not one)
            if one is newcomer or everybody:
                one.leg.hear("call", f"in a conference with {', '.join(others)}")
            else:
                one.leg.hear("call", f"{self._name(newcomer)} has joined")

    def _name(self, member: _Member) -> str:
        """What stands on the handset, or its number."""
        return self._world.phone(member.leg.party).label or member.leg.party

    def _leave(self, room: _Room, member: _Member) -> None:
        with self._world.changed:
            room.members.remove(member)
            over = not room.ended and (member.ends or not room.members)
            room.ended = room.ended or over
            left = list(room.members)
            self._world.wake()
        for one in left if not over else ():
            one.leg.hear("call", f"{self._name(member)} has left")
        self._tell(room, "participant-leave", member)
        if over:
            self._tell(room, "conference-end", member)

    def _tell(self, room: _Room, event: str, member: _Member) -> None:
        """Queues one callback, if it was asked for."""
        attributes = room.first.noun.attributes
        wanted = attributes.get("statusCallbackEvent", "").split()
        if "statusCallback" not in attributes or event.rpartition("-")[2] not in wanted:
            return
        with self._world.changed:
            room.sequence += 1
            told = {
                "ConferenceSid": room.sid,
                "FriendlyName": room.name,
                "AccountSid": self._world.settings.account_sid,
                "Timestamp": format_datetime(utc_now()),
                "StatusCallbackEvent": event,
                "SequenceNumber": str(room.sequence),
            }
            if event.startswith("participant"):
                told |= {
                    "CallSid": member.leg.sid,
                    "ParticipantLabel": member.label,
                    "Muted": "false",
                    "Hold": "false",
                    "StartConferenceOnEnter": str(member.starts).lower(),
                    "EndConferenceOnExit": str(member.ends).lower(),
                }
            self._world.reporting(+1)
            self._callbacks.put((urljoin(room.base, attributes["statusCallback"]), told))

    def _deliver(self) -> None:
        while True:
            url, told = self._callbacks.get()
            self._poster.report(url, told, event=told["StatusCallbackEvent"])
            self._world.reporting(-1)
