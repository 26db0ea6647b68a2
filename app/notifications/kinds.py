"""The registry of message kinds: each is declared once, in the `notices.py` of the noun it belongs to.

Queueing, wording, delivery, the admins' preview, the timeline and the database's checks all read these declarations,
and none of them names a kind. A new kind is one declaration, its templates, and a migration for the checks.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, StrEnum, auto
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ColumnElement, String
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator

from app.core.urls import Links
from app.notifications.cast import Players
from app.notifications.channels.rules import Channel
from app.notifications.channels.suppression import SuppressionReason

if TYPE_CHECKING:
    from app.notifications.models import Notification

ON_THREE = (Channel.EMAIL, Channel.SMS, Channel.PUSH)
LONGEST_NAME = 20


class Subject(StrEnum):
    """What a message is about, by the column of its row that names it. Every column but one's own is NULL."""

    OFFER = "offer_id"
    REFERRAL = "referral_id"
    SIGN_IN_LINK = "sign_in_link_id"
    NUMBER_CHANGE = "number_change_id"
    ACCOUNT = "account_id"
    """Whom it is for, and nothing else."""


class Carried(Enum):
    """When a channel of the agent carries a kind."""

    ALWAYS = auto()
    """Somebody asked for it just now: it is tried on a channel that is off, too."""
    WHILE_ON = auto()
    """On a channel that works, whatever they want of offers: it is about a client of theirs."""
    WHILE_WANTED = auto()
    """On a channel that works and by which they want offers."""


@dataclass(frozen=True)
class Draft:
    """A message that is about to be worded, and what its values are read from."""

    session: Session
    notification: "Notification"
    links: Links
    open_offers: Collection[UUID]
    """What its reader can act on now; read for many messages at once."""
    at: datetime


@dataclass(frozen=True)
class Sample:
    """A message to nobody: for the admins' preview, and to measure words."""

    channel: Channel
    cast: Players
    links: Links
    at: datetime


@dataclass(frozen=True)
class Button:
    """What can be done from a notification itself."""

    action: str
    """What the service worker calls it."""
    title: str


@dataclass(frozen=True, eq=False)
class Digest:
    """How a kind of admin mail reads when one mail covers many referrals."""

    headline: Callable[[int], str]
    """The headline for this many referrals."""
    still: ColumnElement[bool]
    """The condition under which a referral still belongs in the mail."""


def _nothing_to_read(_session: Session, _subjects: Collection[UUID]) -> Sequence[object]:
    return ()


def _is_no_answer(_session: Session, _notification: "Notification", _at: datetime) -> bool:
    return False


def _still_wanted(_session: Session, _notification: "Notification", _at: datetime) -> None:
    return None


@dataclass(frozen=True, eq=False)
class Kind:
    """One kind of message. `str()` of it is its name, which rows, templates and addresses use."""

    name: str
    subject: Subject
    channels: tuple[Channel, ...]
    """By what it can be sent: for these there are templates, templates/<mail|sms|push|voice>/<name>."""
    title: str
    """What admins call it."""
    when: str
    """When it goes out and to whom, for admins."""
    place: int
    """Where it stands among the others on the admins' page."""
    values: Callable[[Draft], Mapping[str, Any]]
    """What its templates are given."""
    sample: Callable[[Sample], Mapping[str, Any]]
    """The same names, of people who do not exist."""
    line: str | None = None
    """`Text to Sam Ortiz ... was delivered`, in a referral's timeline; None: it is in none."""
    over: str = "it was too late for it"
    """What the timeline says where it was dropped because its subject was over."""
    to_client: bool = False
    """Its reader is the client: it goes out only if the gate lets it."""
    answers_client: Callable[[Session, "Notification", datetime], bool] = _is_no_answer
    """Whether it answers what they have texted us lately."""
    awaited: bool = False
    """Somebody sits before a page and waits for it: it goes before what has waited for longer."""
    quiet_hours: bool = False
    """It waits for the end of its agent's quiet hours."""
    carried: Carried = Carried.ALWAYS
    repeats: bool = False
    """Its subject may have more than one on a channel."""
    shows_client: bool = False
    """Its mail shows who the client is: that it was read is kept."""
    asks_for_key: bool = False
    """By phone it asks for the key 1 instead of reading something out."""
    buttons: tuple[Button, ...] = ()
    prefetch: Callable[[Session, Collection[UUID]], Sequence[object]] = _nothing_to_read
    """Reads the subjects of many messages at once. They are held: what is worded is what was looked at, whoever changes
    it meanwhile."""
    why_drop: Callable[[Session, "Notification", datetime], SuppressionReason | None] = _still_wanted
    """Why it is not to be sent any more, right before it would be; None: it is."""
    waits_until: Callable[[Session, "Notification", datetime], datetime | None] = _still_wanted
    """When to look again at one that is wanted, but not yet; None: now."""
    digest: Digest | None = None
    """How many are combined into one mail (digest.py); None if each gets its own."""
    phone: Callable[[Session, "Notification"], str] | None = None
    """The phone a text or call goes to, in E.164; None: the agent's own."""

    def __str__(self) -> str:
        return self.name


@dataclass
class Registry:
    """All kinds by name, and how to read what an agent can act on."""

    by_name: dict[str, Kind] = field(default_factory=dict)
    open_offers: Callable[[Session, Sequence[UUID], datetime], Mapping[UUID, Collection[UUID]]] = (
        lambda _session, _agent_ids, _at: {}
    )
    """By agent, their open offers: the badge on a notification counts them."""

    def declare(self, kind: Kind) -> Kind:
        """Adds a kind, and returns it. Raises ValueError when its name is taken or too long for its column."""
        if kind.name in self.by_name or len(kind.name) > LONGEST_NAME:
            raise ValueError(f"no name for a message kind: {kind.name}")
        self.by_name[kind.name] = kind
        return kind

    def __getitem__(self, name: str) -> Kind:
        return self.by_name[name]

    def __iter__(self) -> Iterator[Kind]:
        return iter(sorted(self.by_name.values(), key=lambda kind: kind.place))

    def about(self, subject: Subject) -> list[Kind]:
        """The kinds with this subject."""
        return [kind for kind in self if kind.subject is subject]

    def in_quiet_hours(self) -> list[Kind]:
        """The kinds that wait for the end of quiet hours."""
        return [kind for kind in self if kind.quiet_hours]


KINDS = Registry()


class KindColumn(TypeDecorator[Kind]):
    """A column that holds a kind's name, and reads as its declaration."""

    impl = String(LONGEST_NAME)
    cache_ok = True

    def process_bind_param(self, value: Kind | str | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Kind | None:
        return None if value is None else KINDS[value]
