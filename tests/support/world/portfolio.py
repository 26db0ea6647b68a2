"""An agent in the middle of a career: forty clients at every stage, 23 offers that moved on."""

from app.core.database.ids import new_id
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest

CLIENTS = 40
PAST = 23
FIRST = ("Maria", "James", "Aaliyah", "Wei", "José", "Priya", "Noah", "Chloé", "Omar", "Grace")
LAST = ("Delgado", "Whitfield", "Okafor", "Nguyen", "Ramírez", "Abernathy-Schultz", "Kim", "Haddad")
CITIES = (("Austin", "78704"), ("Round Rock", "78664"), ("Cedar Park", "78613"), ("Pflugerville", "78660"))
# Stage, days since the claim, days since anything was done.
STANDINGS: tuple[tuple[str | None, int, int], ...] = (
    (None, 0, 0),
    ("left_voicemail", 1, 1),
    ("left_voicemail", 4, 2),
    ("connected", 6, 1),
    ("meeting", 12, 3),
    ("connected", 20, 9),
    ("met", 30, 16),
    ("coming_soon", 45, 2),
    ("listing", 60, 5),
    ("in_escrow", 80, 1),
    ("closed", 140, 40),
    ("failed", 90, 60),
)
CLIENT = """
    INSERT INTO client (id, name, phone, email, created_at)
    VALUES (%s, %s, %s, %s, now() - %s * interval '1 day') RETURNING id
"""
REFERRAL = """
    INSERT INTO referral (id, client_id, agent_id, kind, status, city, state, zip_code, time_zone, price_min, price_max,
                          claimed_at, created_at)
    VALUES (%s, %s, %s, %s, %s, %s, 'TX', %s, 'America/Chicago', %s, %s,
            CASE WHEN %s = 'claimed' THEN now() - %s * interval '1 day' END, now() - %s * interval '1 day')
    RETURNING id
"""
OFFER = """
    INSERT INTO offer (id, referral_id, agent_id, wave, status, expires_at, ended_at, letter, created_at)
    VALUES (%s, %s, %s, 1, %s, now() - %s * interval '1 day' + interval '30 minutes',
            now() - %s * interval '1 day', 'A', now() - %s * interval '1 day') RETURNING id
"""
CLAIM = """
    INSERT INTO claim (id, referral_id, offer_id, agent_id, via, at)
    VALUES (%s, %s, %s, %s, 'key', now() - %s * interval '1 day') RETURNING id
"""
DEAL = """
    INSERT INTO deal (referral_id, stage, stage_at, stage_by_call, contact_at, touched_at)
    VALUES (%s, %s, now() - %s * interval '1 day', false, now() - %s * interval '1 day', now() - %s * interval '1 day')
    RETURNING referral_id
"""


def give_portfolio(
    database: Database, agent: AgentInTest, *, clients: int = CLIENTS, past: int = PAST, start: int = 0
) -> None:
    """Gives the agent clients and a past; none of it was ever told to anybody."""
    for n in range(start, start + clients):
        _client(database, agent, n)
    for n in range(past):
        ended = ("lost", "expired", "withdrawn")[n % 3]
        referral_id = _referral(database, agent, n, name="Somebody Else", status="closed", days=n % 20)
        database.rows(OFFER, new_id(), referral_id, agent.id, ended, n % 20, n % 20, n % 20)


def _client(database: Database, agent: AgentInTest, n: int) -> None:
    stage, claimed, touched = STANDINGS[n % len(STANDINGS)]
    name = f"{FIRST[n % len(FIRST)]} {LAST[n % len(LAST)]}"
    referral_id = _referral(database, agent, n, name=name, status="claimed", days=claimed)
    offer_id = new_id()
    database.rows(OFFER, offer_id, referral_id, agent.id, "claimed", claimed, claimed, claimed)
    database.rows(CLAIM, new_id(), referral_id, offer_id, agent.id, claimed)
    if stage is not None:
        database.rows(DEAL, referral_id, stage, touched, touched, touched)


def _referral(database: Database, agent: AgentInTest, n: int, *, name: str, status: str, days: int) -> object:
    client_id, referral_id = new_id(), new_id()
    (city, zip_code), price = CITIES[n % len(CITIES)], 250_000 + 37_000 * n
    email = f"{name.split(maxsplit=1)[0].lower()}{n}@mail.example"
    database.rows(CLIENT, client_id, name, f"+1512556{1000 + n}", email, days)
    kind = "buyer" if n % 2 else "seller"
    values = (referral_id, client_id, agent.id, kind, status, city, zip_code, price, price, status, days, days)
    database.rows(REFERRAL, *values)
    return referral_id
