"""The people of the network: 600 teams of five, two agents on their own, and five admins, at every size."""

from dataclasses import dataclass

from devtools.scale.rows import DAY, Rows

TEAMS, MEMBERS, ADMINS = 600, 5, 5
IDLE_EVERY = 10
"""One team in this many has had no referral for IDLE_DAYS."""
IDLE_DAYS = 60
ZONES = ("America/Chicago", "America/Denver", "America/Los_Angeles", "America/New_York")
FIRST = (
    "Maria", "James", "Wei", "Priya", "Diego", "Anna", "Kofi", "Elena", "Noah", "Sara", "Tom", "Olga", "Liam", "Mona",
)  # fmt: skip
LAST = (
    "Delgado", "Smith", "Chen", "Patel", "Ortiz", "Novak", "Mensah", "Rossi", "Brown", "Haddad", "Kim", "Petrov",
)  # fmt: skip
ADMIN_EMAIL = "admin0@dibs.example"
FIVE, MANY = "Five Claims", "Fourhundred Claims"
"""Names of two agents who have 5 and 400 claims whatever the size of the network."""


@dataclass(frozen=True)
class Agent:
    """An agent, as far as referrals need them."""

    id: str
    account_id: str
    phone: str
    subscription_id: str | None
    """A browser that receives push messages."""


@dataclass(frozen=True)
class Team:
    """A team; `weight` is its share of referrals relative to the other teams."""

    id: str
    members: tuple[Agent, ...]
    weight: float
    idle: bool


@dataclass(frozen=True)
class People:
    """Everybody in the network."""

    teams: tuple[Team, ...]
    five: Agent
    many: Agent
    admin_account_ids: tuple[str, ...]
    api_key_id: str


def make_people(rows: Rows, born: int) -> People:
    """Writes everybody, created at `born`."""
    admins = tuple(_account(rows, born, f"admin{n}@dibs.example", is_admin=True) for n in range(ADMINS))
    teams = tuple(_team(rows, born, n) for n in range(TEAMS))
    alone = TEAMS * MEMBERS
    key_id = rows.id(born)
    rows.add("api_key", key_id, "scale", f"\\\\x{rows.hex(64)}", rows.moment(born))
    return People(
        teams,
        five=_agent(rows, born, alone, None, FIVE),
        many=_agent(rows, born, alone + 1, None, MANY),
        admin_account_ids=admins,
        api_key_id=key_id,
    )


def _team(rows: Rows, born: int, number: int) -> Team:
    id_ = rows.id(born)
    rows.add("team", id_, f"Team {number:04d}", rows.moment(born))
    names = (f"{rows.dice.choice(FIRST)} {rows.dice.choice(LAST)}" for _ in range(MEMBERS))
    members = tuple(_agent(rows, born, number * MEMBERS + place, id_, name) for place, name in enumerate(names))
    return Team(id_, members, weight=1 / (1 + number) ** 0.3, idle=number % IDLE_EVERY == IDLE_EVERY - 1)


def _account(rows: Rows, born: int, email: str, *, is_admin: bool) -> str:
    id_ = rows.id(born)
    rows.add("account", id_, email, is_admin, rows.id(born), rows.moment(born))
    return id_


def _agent(rows: Rows, born: int, number: int, team_id: str | None, name: str) -> Agent:
    account_id, id_ = _account(rows, born, f"agent{number}@agents.example", is_admin=False), rows.id(born)
    phone, since = f"+1512{5_000_000 + number}", rows.moment(born)
    rows.add("agent", id_, account_id, team_id, name, phone, rows.dice.choice(ZONES), "en", True, True, since, "scale",
             since, since)  # fmt: skip
    browsers = [_browser(rows, born, account_id) for _ in range(rows.dice.choice((0, 1, 1, 2, 3)))]
    return Agent(id_, account_id, phone, next((id_ for id_ in browsers if id_ is not None), None))


def _browser(rows: Rows, born: int, account_id: str) -> str | None:
    """Half of them are gone by now."""
    id_, gone = rows.id(born), rows.dice.choice((True, False))
    since = rows.moment(born)
    rows.add("push_subscription", id_, account_id, f"https://fcm.googleapis.com/fcm/send/{rows.hex(152)}", rows.hex(87),
             rows.hex(22), "Chrome on Android", since, since, rows.moment(born + DAY) if gone else None,
             "gone" if gone else None)  # fmt: skip
    return None if gone else id_
