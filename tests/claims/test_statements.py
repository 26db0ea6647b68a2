"""What a claim waits for is compiled once: a statement without a cache key is compiled anew with each key 1."""

import pytest
from sqlalchemy.sql import ClauseElement

from app.calls.gate import FACTS
from app.claims.losers import TELL_LOST
from app.claims.race import LOCK_OFFERS, LOCK_REFERRAL, WIN


@pytest.mark.parametrize("statement", [LOCK_REFERRAL, LOCK_OFFERS, FACTS, WIN, TELL_LOST])
def test_each_statement_of_a_claim_is_kept_compiled(statement: ClauseElement) -> None:
    assert statement._generate_cache_key() is not None
