"""What the rows of referrals, offers, claims and calls explain."""

from collections.abc import Iterator, Sequence

from app.claims.losers import LOSS_IS_NEWS
from app.core.tokens import Purpose
from app.inbound.missed_client import TOLD_EVERY
from tests.support.ledger.due import Due, on_each_channel
from tests.support.ledger.facts import ON_THE_WAY, Facts, Row, moment
from tests.support.ledger.kinds import Kind, Way
from tests.support.ledger.legs import missed_clients
from tests.support.ledger.sent import Sent, link


def about_referrals(facts: Facts, seen: Sequence[Sent], calls: Sequence[Row]) -> Iterator[Due]:
    """Of what was told before, and of calls that came in, the sandbox itself is the witness."""
    yield from _offers(facts)
    yield from _losses(facts, seen)
    yield from _claims(facts)
    yield from _to_clients(facts)
    yield from _asked_by_clients(facts)
    yield from _missed_clients(facts, calls)
    yield from _without_agent(facts, seen)
    yield from _held(facts)
    yield from _follow_ups(facts)
    yield from _not_worked(facts)
    yield from _by_desk(facts)
    yield from _reported(facts)
    yield from _passed_on(facts)
    yield from _ceilings(facts)
    yield from _webhooks(facts)
    yield from _unplaced(facts)


def _offers(facts: Facts) -> Iterator[Due]:
    for offer in facts.all("offer"):
        agent = facts.one("agent", offer["agent_id"])
        because, until = f"the offer to {agent['name']}", moment(offer["ended_at"])
        mark = link(Purpose.OFFER, offer["id"])
        yield from on_each_channel(facts, agent, Kind.OFFER, mark, because, until=until)


def _losses(facts: Facts, seen: Sequence[Sent]) -> Iterator[Due]:
    """To those who had been told, by what they had been told, unless they had just declined."""
    for claim in facts.all("claim"):
        at = moment(claim["at"])
        assert at is not None
        for offer in facts.all("offer", referral_id=claim["referral_id"], status="lost", decline_at=None):
            agent, mark = facts.one("agent", offer["agent_id"]), link(Purpose.OFFER, offer["id"])
            told = {(sent.way, sent.to) for sent in seen if sent.kind is Kind.OFFER and mark in sent.words}
            winner = facts.one("agent", claim["agent_id"])["name"]
            because = f"the loss of {agent['name']} to {winner}"
            for due in on_each_channel(facts, agent, Kind.LOST, mark, because, since=at, until=at + LOSS_IS_NEWS):
                if any(way is due.way and (way is not Way.PUSH or to in due.to) for way, to in told):
                    yield due


def _claims(facts: Facts) -> Iterator[Due]:
    for claim in facts.all("claim"):
        agent = facts.one("agent", claim["agent_id"])
        because, mark = f"the claim of {agent['name']}", f"/referrals/{claim['referral_id']}"
        to, since = facts.addresses(agent["account_id"]), moment(claim["at"])
        yield Due(Way.MAIL, Kind.DETAILS, to, mark, because, since=since)
        if claim["via"] == "pin":
            yield from on_each_channel(facts, agent, Kind.CLAIMED_BY_PIN, mark, because, since=since)


def _to_clients(facts: Facts) -> Iterator[Due]:
    """With each claim, and before each booked call, by mail and text; each only as often as the gate has allowed."""
    for claim in facts.all("claim"):
        client = facts.one("client", facts.one("referral", claim["referral_id"])["client_id"])
        mark, booked = link(Purpose.CLIENT, claim["referral_id"]), _times_booked(facts, claim)
        asked = {"referral_id": claim["referral_id"], "act": "message", "allowed": True}
        for way, name, contact in ((Way.MAIL, "email", "email"), (Way.TEXT, "text", "phone")):
            allowed, to = len(facts.all("gate_answer", **asked, way=name)), frozenset({client[contact]})
            because, since = f"the client {client['name']}, who is to be told", moment(claim["at"])
            for reply in facts.all("client_reply", referral_id=claim["referral_id"]) if allowed else ():
                yield Due(way, Kind.AGENT_REPLY, to, reply["body"], because, since=moment(reply["at"]))
            if allowed:
                yield Due(way, Kind.PREPARED, to, mark, because, since=since)
                yield Due(way, Kind.CLIENT_BOOKED, to, mark, because, min(allowed, booked), since=since)


def _asked_by_clients(facts: Facts) -> Iterator[Due]:
    """To the agent: each thing that their client asked for, and each call that is near."""
    for claim in facts.all("claim"):
        agent, times = facts.one("agent", claim["agent_id"]), _times_booked(facts, claim)
        asked = [r for r in facts.all("client_response", referral_id=claim["referral_id"]) if r["response"] != "looked"]
        because, mark = f"what the client of {agent['name']} asks for", f"/referrals/{claim['referral_id']}"
        yield from on_each_channel(facts, agent, Kind.CLIENT_ASKS, mark, because, times=len(asked))
        texts = [t for t in facts.all("inbound_text", offer_id=claim["offer_id"]) if t["agent_id"] is None]
        because, mark = f"the texts of the client of {agent['name']}", f"/referrals/{claim['referral_id']}"
        yield from on_each_channel(facts, agent, Kind.CLIENT_TEXTED, mark, because, times=len(texts))
        rang = {call["id"] for call in facts.all("client_call", offer_id=claim["offer_id"])}
        left = [message for message in facts.all("voicemail") if message["client_call_id"] in rang]
        because, mark = f"the messages of the client of {agent['name']}", f"/referrals/{claim['referral_id']}"
        yield from on_each_channel(facts, agent, Kind.CLIENT_VOICEMAIL, mark, because, times=len(left))
        because, mark = f"the booked call of {agent['name']}", link(Purpose.OFFER, claim["offer_id"])
        yield from on_each_channel(facts, agent, Kind.BOOKED_SOON, mark, because, times=times)


def _follow_ups(facts: Facts) -> Iterator[Due]:
    """To the agent, for each time that a reminder was planned and the two had not talked."""
    for claim in facts.all("claim"):
        agent, mark = facts.one("agent", claim["agent_id"]), f"/referrals/{claim['referral_id']}"
        because, times = f"the client whom {agent['name']} has not reached", claim["follow_ups"] or 0
        for due in on_each_channel(facts, agent, Kind.FOLLOW_UP, mark, because, times=times):
            if due.way is not Way.TEXT and times:
                yield due


def _not_worked(facts: Facts) -> Iterator[Due]:
    """Where the network looks: two warnings after the claim and after each word of the agent; and what came of it."""
    if not any(version["rules"]["work_within_hours"] for version in facts.all("routing_rules")):
        return
    for claim in facts.all("claim"):
        agent, mark = facts.one("agent", claim["agent_id"]), f"/referrals/{claim['referral_id']}"
        of_referral = {"referral_id": claim["referral_id"]}
        words = sum(len(facts.all(table, **of_referral)) for table in ("deal_event", "note", "client_reply"))
        words += len(facts.all("call", offer_id=claim["offer_id"])) + (claim["follow_ups"] or 0)
        because = f"the client of {agent['name']} who hears nothing"
        yield from on_each_channel(facts, agent, Kind.UNWORKED, mark, because, times=2 * (1 + words))
        if claim["ended_how"] == "not_worked":
            since = moment(claim["ended_at"])
            yield from on_each_channel(facts, agent, Kind.WENT_ON, mark, because, since=since)
            for admin in facts.all("account", is_admin=True):
                mark = f"/admin/referrals/{claim['referral_id']}"
                yield Due(Way.MAIL, Kind.NOT_WORKED, facts.addresses(admin["id"]), mark, because, since=since)


def _by_desk(facts: Facts) -> Iterator[Due]:
    """To who was given a client by an admin, and to whom one was taken from."""
    for claim in facts.all("claim"):
        agent, mark = facts.one("agent", claim["agent_id"]), f"/referrals/{claim['referral_id']}"
        because = f"what an admin did with the client of {agent['name']}"
        if claim["via"] == "desk":
            yield from on_each_channel(facts, agent, Kind.ASSIGNED, mark, because, since=moment(claim["at"]))
        if claim["ended_how"] == "by_desk":
            yield from on_each_channel(facts, agent, Kind.TAKEN_BACK, mark, because, since=moment(claim["ended_at"]))


def _times_booked(facts: Facts, claim: Row) -> int:
    """How many calls were booked, those that were moved by the client counted once more."""
    moved = facts.all("client_response", referral_id=claim["referral_id"], response="call_at")
    return len(facts.all("booking", offer_id=claim["offer_id"])) + len(moved)


def _missed_clients(facts: Facts, calls: Sequence[Row]) -> Iterator[Due]:
    """A client rang back and did not get through: word of it, not more often than every five minutes."""
    for claim in facts.all("claim"):
        agent = facts.one("agent", claim["agent_id"])
        client = facts.one("client", facts.one("referral", claim["referral_id"])["client_id"])
        times, last = 0, None
        for at in missed_clients(facts, calls, client["phone"]):
            if last is None or at - last >= TOLD_EVERY - ON_THE_WAY:
                times, last = times + 1, at
        because, mark = f"the client {client['name']} who rang {agent['name']}", f"/referrals/{claim['referral_id']}"
        yield from on_each_channel(facts, agent, Kind.CLIENT_CALLED, mark, because, times=times)


def _without_agent(facts: Facts, seen: Sequence[Sent]) -> Iterator[Due]:
    """To each admin, once no offer stands, or when nobody could be told of one."""
    offered = [sent.words for sent in seen if sent.kind is Kind.OFFER]
    for referral in facts.all("referral"):
        if referral["status"] == "held":
            continue
        offers = facts.all("offer", referral_id=referral["id"])
        told = any(link(Purpose.OFFER, offer["id"]) in words for offer in offers for words in offered)
        claimed = facts.all("claim", referral_id=referral["id"], ended_at=None)
        if told and (claimed or any(offer["ended_at"] is None for offer in offers)):
            continue
        since = max((moment(offer["ended_at"]) or moment(offer["created_at"]) for offer in offers), default=None)
        for admin in facts.all("account", is_admin=True):
            because = f"the referral in {referral['city']} that nobody has"
            mark = f"/admin/referrals/{referral['id']}"
            to = facts.addresses(admin["id"])
            yield Due(Way.MAIL, Kind.NO_AGENT, to, mark, because, since=since if told else None)


def _held(facts: Facts) -> Iterator[Due]:
    """To each admin, for each referral that is, or was, held."""
    for referral in facts.all("referral"):
        if referral["duplicate_of"] is not None:
            for admin in facts.all("account", is_admin=True):
                because, mark = (
                    f"the referral in {referral['city']} that was sent twice",
                    f"/admin/referrals/{referral['id']}",
                )
                yield Due(Way.MAIL, Kind.HELD, facts.addresses(admin["id"]), mark, because)


def _passed_on(facts: Facts) -> Iterator[Due]:
    """To teammates: a client they are to take over, and what they said. To each admin: a client who was given back."""
    for asked in facts.all("handover"):
        mark = f"/referrals/{asked['referral_id']}"
        giver, taker = facts.one("agent", asked["from_agent_id"]), facts.one("agent", asked["to_agent_id"])
        because = f"the client whom {giver['name']} hands over"
        yield from on_each_channel(facts, taker, Kind.HANDOVER_ASKED, mark, because, since=moment(asked["asked_at"]))
        if asked["status"] in ("accepted", "refused"):
            since = moment(asked["ended_at"])
            yield from on_each_channel(facts, giver, Kind.HANDOVER_ANSWERED, "", because, since=since)
    for claim in facts.all("claim", ended_how="released"):
        for admin in facts.all("account", is_admin=True):
            because, mark = "the referral that was given back", f"/admin/referrals/{claim['referral_id']}"
            to, since = facts.addresses(admin["id"]), moment(claim["ended_at"])
            yield Due(Way.MAIL, Kind.RELEASED, to, mark, because, since=since)


def _reported(facts: Facts) -> Iterator[Due]:
    """To each admin, for each referral that an agent has reported."""
    for referral_id in {event["referral_id"] for event in facts.all("deal_event", kind="report")}:
        for admin in facts.all("account", is_admin=True):
            because, mark = "the report about a referral", f"/admin/referrals/{referral_id}"
            yield Due(Way.MAIL, Kind.BAD_REFERRAL, facts.addresses(admin["id"]), mark, because)


def _ceilings(facts: Facts) -> Iterator[Due]:
    """To each admin, when a call was not placed, or a text had to wait, for a ceiling."""
    texts = [text for text in facts.all("notification", channel="sms") if text["attempts"] > 1]
    if facts.all("call", reason="ceiling") or texts:
        for admin in facts.all("account", is_admin=True):
            because = "calls or texts reached their ceiling"
            yield Due(Way.MAIL, Kind.CEILING, facts.addresses(admin["id"]), "", because)


def _webhooks(facts: Facts) -> Iterator[Due]:
    """To each admin, when an endpoint of the network's software has failed for an hour, and when it is turned off."""
    failed = {
        row["endpoint_id"] for row in facts.all("webhook_delivery") if row["attempts"] > 1 or row["answer"] == "410"
    }
    for endpoint in facts.all("webhook_endpoint"):
        for admin in facts.all("account", is_admin=True) if endpoint["id"] in failed else ():
            to, because = facts.addresses(admin["id"]), "an endpoint that fails"
            yield Due(Way.MAIL, Kind.WEBHOOK_DOWN, to, "", because, times=2)


def _unplaced(facts: Facts) -> Iterator[Due]:
    """Once for each offer for which a call was asked for by text and failed."""
    asked = {text["offer_id"] for text in facts.all("inbound_text", meaning="call", answer=None)} - {None}
    for call in facts.all("call", status="failed"):
        if call["offer_id"] not in asked:
            continue
        asked.remove(call["offer_id"])
        agent = facts.one("agent", call["agent_id"])
        because = f"the call that {agent['name']} asked for by text"
        since = moment(call["requested_at"])
        yield Due(Way.TEXT, Kind.UNPLACED, facts.phones(agent), "", because, since=since)
