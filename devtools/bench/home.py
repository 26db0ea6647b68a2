"""Two signed-in agents, with 5 and with 400 clients: their home, and its polls."""

from http.cookiejar import CookieJar
from urllib.request import HTTPCookieProcessor, Request, build_opener

from devtools.bench.world import World

FEW, MANY = 5, 400
GIVE = """
    WITH whose AS (SELECT id FROM agent WHERE name = '{name}'),
    known AS (
        INSERT INTO client (id, name, phone, email, created_at)
        SELECT uuidv7(), 'Client ' || n, '+1915' || (5550000 + n), 'c' || n || '@mail.example', now()
          FROM generate_series({first}, {first} + {count} - 1) n RETURNING id
    ), r AS (
        INSERT INTO referral (id, client_id, agent_id, kind, status, city, state, zip_code, time_zone, price_min,
                              price_max, claimed_at, created_at)
        SELECT uuidv7(), known.id, whose.id, 'seller', 'claimed', 'Austin', 'TX', '78704', 'America/Chicago', 400000,
               400000, now(), now() FROM known, whose RETURNING id, agent_id
    ), o AS (
        INSERT INTO offer (id, referral_id, agent_id, wave, status, expires_at, ended_at, letter, created_at)
        SELECT uuidv7(), r.id, r.agent_id, 1, 'claimed', now(), now(), 'A', now() FROM r RETURNING *
    )
    INSERT INTO claim (id, referral_id, offer_id, agent_id, via, at)
    SELECT uuidv7(), referral_id, id, agent_id, 'key', now() FROM o
"""


def homes(world: World) -> dict[int, str]:
    """The cookies of both agents, by how many clients they have."""
    cookies = {}
    for n, count in enumerate((FEW, MANY)):
        name = f"Agent {n}"
        world.postgres.query("dibs", GIVE.format(name=name, first=n * 1000, count=count))
        cookies[count] = _cookie(world, name)
    world.postgres.query("dibs", "ANALYZE")
    return cookies


def a_client(world: World) -> str:
    """The page of a client whom the second of them has."""
    of = "SELECT referral_id FROM claim JOIN agent ON agent.id = claim.agent_id WHERE agent.name = 'Agent 1' LIMIT 1"
    return f"/referrals/{world.postgres.query('dibs', of)[0][0]}"


def _cookie(world: World, name: str) -> str:
    from sqlalchemy import select

    from app import create_app
    from app.access.sign_in import make_link
    from app.core.clock import now
    from app.core.runtime import Purpose, runtime
    from app.extensions import db
    from app.people.models import Agent

    with create_app().app_context():
        agent = db.session.scalars(select(Agent).where(Agent.name == name)).one()
        link = make_link(db.session(), account=agent.account, next_path=None, at=now())
        db.session.commit()
        path = f"/sign-in/{runtime().signer.sign(Purpose.SIGN_IN, link.id)}"
    jar = CookieJar()
    address = f"http://127.0.0.1:{world.web_port}{path}"
    build_opener(HTTPCookieProcessor(jar)).open(Request(address, data=b"", headers={"Sec-Fetch-Site": "same-origin"}))
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)
