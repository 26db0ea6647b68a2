"""Each offer has a letter that no other open one of its agent has."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from flask import Flask

from app.core.clock import now
from app.extensions import db
from app.offers.service import open_offers_of
from tests.support.phone.texts import Texts
from tests.support.world.database import Database
from tests.support.world.network import AgentInTest, Network

LETTERS = "SELECT letter FROM offer WHERE agent_id = %s ORDER BY id"


def letters(database: Database, agent: AgentInTest) -> str:
    """Of this agent's offers, oldest first."""
    return "".join(letter for (letter,) in database.rows(LETTERS, agent.id))


def test_the_first_is_a_and_the_next_is_b(network: Network, database: Database, sam: AgentInTest) -> None:
    for _ in range(3):
        network.refer(agent_id=sam.id)
    assert letters(database, sam) == "ABC"


def test_each_agent_counts_alone(network: Network, database: Database) -> None:
    team = network.add_team()
    sam, priya = network.add_agent("Sam Ortiz", team), network.add_agent("Priya Raman", team)
    network.refer(agent_id=priya.id)
    network.refer(team_id=team)
    assert (letters(database, sam), letters(database, priya)) == ("A", "AB")


def test_a_letter_is_free_again_when_its_offer_is_over(
    network: Network, texts: Texts, database: Database, sam: AgentInTest
) -> None:
    network.offered(sam)
    network.refer(agent_id=sam.id)
    texts.sent(sam.phone, "1A")
    sam.phone.rings().answer().press("1").hears("It's yours").hang_up()
    network.refer(agent_id=sam.id)
    assert letters(database, sam) == "ABA"


def test_when_all_letters_are_taken_it_is_z(network: Network, database: Database, sam: AgentInTest) -> None:
    for _ in range(28):
        network.refer(agent_id=sam.id)
    assert letters(database, sam) == "ABCDEFGHIJKLMNOPQRSTUVWXYZZZ"


def test_referrals_that_come_at_once_have_letters_of_their_own(network: Network, database: Database) -> None:
    team, other = network.add_team(), network.add_team()
    agents = [network.add_agent(name, team) for name in ("Sam Ortiz", "Priya Raman", "Dale Whitcomb")]
    network.add_agent("Ana Lucas", other)
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda i: network.refer(**({"team_id": team} if i % 2 else {"agent_id": agents[0].id})), range(16))
        )
    assert len(answers) == 16
    assert sorted(letters(database, agents[0])) == list("ABCDEFGHIJKLMNOP")
    for agent in agents[1:]:
        assert sorted(letters(database, agent)) == list("ABCDEFGH")


def test_an_offer_being_declined_is_open_no_more(
    app: Flask, network: Network, texts: Texts, database: Database, sam: AgentInTest
) -> None:
    def open_letters() -> list[str]:
        db.session.rollback()
        found = open_offers_of(db.session(), [UUID(sam.id)], at=now())[UUID(sam.id)]
        return sorted(letter for id_, letter in database.rows("SELECT id, letter FROM offer") if id_ in found)

    network.offered(sam)
    assert open_letters() == ["A"]
    _, newer = network.offered(sam)
    assert open_letters() == ["A", "B"]
    texts.sent(sam.phone, "2B")
    assert open_letters() == ["A"]
    newer.press("undo")
    assert open_letters() == ["A", "B"]
    database.time_passes(minutes=31)
    assert open_letters() == []
