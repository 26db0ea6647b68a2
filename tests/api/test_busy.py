"""What waits for a lock in vain has written nothing, and may be sent again: 503, and when."""

import psycopg

from tests.support.world.network import Network
from tests.support.world.product import Product
from tests.support.world.rows import rows

AGENT = {"name": "Ana Ruiz", "email": "ana@agents.example", "phone": "+15125559071", "time_zone": "America/Chicago",
         "takes": ["buyer"]}  # fmt: skip


def test_a_lock_of_any_kind_that_is_not_to_be_had_is_a_moments_wait(network: Network, product: Product) -> None:
    url = product.env["DATABASE_URL"].replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(url) as somebody:
        somebody.execute("LOCK TABLE agent IN SHARE MODE")
        inserted = network.post("/agents", AGENT)
    with psycopg.connect(url) as somebody:
        somebody.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(id::text || ':again', 0)) FROM api_key ORDER BY id"
        )
        keyed = network.post("/teams", {"name": "Lakeline"}, **{"Idempotency-Key": "again"})
    for answer in (inserted, keyed):
        assert (answer.status_code, answer.json()["detail"], answer.headers["Retry-After"]) == (
            503,
            "Busy; try again.",
            "2",
        )
    assert rows(product) == {}
    assert network.post("/teams", {"name": "Lakeline"}, **{"Idempotency-Key": "again"}).status_code == 201
