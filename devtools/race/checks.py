"""What must be true after a race. Each question finds what is wrong: nothing, when all is well."""

from collections.abc import Sequence
from dataclasses import dataclass

import psycopg

from devtools.race.rows import CLIENT, Race
from devtools.race.running import Press

ONE_CLAIMED_OFFER = "one claimed offer per referral"
ONE_CLAIM = "one claim per referral, by the key, of the claimed offer"
OTHERS_LOST = "all other offers are lost"
CLAIMED_REFERRAL = "every referral is claimed"
LOSERS_TOLD = "each loser is told once on each channel that told them of the offer"
WINNER_NOT_TOLD = "no winner is told of a loss"
LATE_ONCE = "each loser's press is kept as late once, no winner's"
ONE_ACCEPTED_CALL = "the winner's call is accepted, everybody else's is lost"
ANSWERS = "the winner hears whose it is and is put through, the others who was first"

QUESTIONS = {
    ONE_CLAIMED_OFFER: """
        SELECT referral_id FROM offer GROUP BY referral_id
        HAVING count(*) FILTER (WHERE status = 'claimed') <> 1
    """,
    ONE_CLAIM: """
        SELECT r.id FROM referral r LEFT JOIN claim c ON c.referral_id = r.id
        LEFT JOIN offer o ON o.id = c.offer_id AND o.agent_id = c.agent_id AND o.referral_id = r.id
        GROUP BY r.id
        HAVING count(c.id) <> 1
            OR count(*) FILTER (WHERE o.status = 'claimed' AND c.via = 'key' AND c.ended_at IS NULL) <> 1
    """,
    OTHERS_LOST: """
        SELECT referral_id FROM offer GROUP BY referral_id
        HAVING count(*) FILTER (WHERE status = 'lost') <> count(*) - 1 OR count(*) <> %(members)s
    """,
    CLAIMED_REFERRAL: "SELECT id FROM referral WHERE status <> 'claimed'",
    LOSERS_TOLD: """
        SELECT o.id FROM offer o LEFT JOIN notification n ON n.offer_id = o.id
        WHERE o.status = 'lost' GROUP BY o.id
        HAVING array_agg(n.channel ORDER BY n.channel) FILTER (WHERE n.kind = 'lost')
            IS DISTINCT FROM array_agg(n.channel ORDER BY n.channel)
                FILTER (WHERE n.kind = 'offer' AND n.taken_at IS NOT NULL)
            OR count(*) FILTER (WHERE n.kind = 'lost') <> 2
    """,
    WINNER_NOT_TOLD: """
        SELECT o.id FROM offer o JOIN notification n ON n.offer_id = o.id
        WHERE o.status = 'claimed' AND n.kind = 'lost'
    """,
    LATE_ONCE: """
        SELECT o.id FROM offer o LEFT JOIN late_claim l ON l.offer_id = o.id
        GROUP BY o.id HAVING count(l.id) <> CASE o.status WHEN 'lost' THEN 1 ELSE 0 END
    """,
    ONE_ACCEPTED_CALL: """
        SELECT c.id FROM call c JOIN offer o ON o.id = c.offer_id
        WHERE CASE o.status WHEN 'claimed' THEN c.status <> 'accepted' ELSE c.reason IS DISTINCT FROM 'lost' END
    """,
}


@dataclass(frozen=True)
class Check:
    """One thing that must be true, and what speaks against it."""

    name: str
    against: list[str]


def all_checks(database_url: str, races: Sequence[Race], presses: Sequence[Press]) -> list[Check]:
    """Asks the database, then looks at what the carrier was answered."""
    with psycopg.connect(database_url.replace("postgresql+psycopg", "postgresql")) as connection:
        values = {"members": len(races[0].members)}
        checks = [
            Check(name, [str(row[0]) for row in connection.execute(question.encode(), values)])
            for name, question in QUESTIONS.items()
        ]
        claimed = connection.execute("SELECT id FROM offer WHERE status = 'claimed'").fetchall()
    return [*checks, Check(ANSWERS, _wrong_answers(presses, {str(id_) for (id_,) in claimed}))]


def _wrong_answers(presses: Sequence[Press], claimed: set[str]) -> list[str]:
    won = {p.race.referral_id: p.member.first_name for p in presses if str(p.member.offer_id) in claimed}
    wrong = []
    for press in presses:
        body = press.answer.body.decode()
        winner = won.get(press.race.referral_id, "nobody")
        if str(press.member.offer_id) in claimed:
            right = f"Connecting you to {CLIENT}" in body and f">{press.race.client_phone}</Number></Dial>" in body
        else:
            right = f">{winner} was first" in body and "<Hangup" in body and "<Dial" not in body
        if press.answer.status != 200 or not right:  # noqa: PLR2004
            wrong.append(f"{press.member.first_name} ({winner} has it): {press.answer.status} {body[-160:]}")
    return wrong
