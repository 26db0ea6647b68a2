"""A look at the rows themselves, for what no surface shows."""

from typing import Any

import psycopg

from tests.support.world.product import Product

NOT_COUNTED = ("alembic_version", "heartbeat", "api_key", "agent_record", "offer_fact")


def select(product: Product, query: str) -> list[tuple[Any, ...]]:
    """What a query finds."""
    with psycopg.connect(_url(product), autocommit=True) as connection:
        return connection.execute(query.encode()).fetchall()


def change(product: Product, statement: str) -> None:
    """Changes rows as time or another program would."""
    with psycopg.connect(_url(product), autocommit=True) as connection:
        connection.execute(statement.encode())


def rows(product: Product) -> dict[str, int]:
    """How many rows each table has; those that have none are left out."""
    found = select(product, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    names = sorted(name for (name,) in found if name not in NOT_COUNTED)
    counted = {name: int(select(product, f'SELECT count(*) FROM "{name}"')[0][0]) for name in names}
    return {name: count for name, count in counted.items() if count}


def _url(product: Product) -> str:
    return product.env["DATABASE_URL"].replace("postgresql+psycopg", "postgresql")
