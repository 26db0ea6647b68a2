"""What the rows of agents and their accounts explain."""

from collections.abc import Iterator
from uuid import UUID

from app.core.tokens import Purpose
from tests.support.ledger.due import CHANNELS, Due, addresses_of
from tests.support.ledger.facts import Facts, moment, times_asked
from tests.support.ledger.kinds import Kind, Way
from tests.support.ledger.sent import SIGNER, link


def about_people(facts: Facts) -> Iterator[Due]:
    """Numbers, sign-ins, tests, first texts, answers, and who asks to join."""
    yield from _welcomes(facts)
    yield from _numbers(facts)
    yield from _sign_ins(facts)
    yield from _tests(facts)
    yield from _answers(facts)
    yield from _joins(facts)


def _welcomes(facts: Facts) -> Iterator[Due]:
    """To each agent who was added with their consent to texts, where they are welcomed at all."""
    for agent in facts.all("agent"):
        if agent["sms_consent_at"]:
            because = f"{agent['name']}, who was added"
            yield Due(Way.TEXT, Kind.WELCOME, facts.phones(agent), "", because, since=moment(agent["created_at"]))


def _numbers(facts: Facts) -> Iterator[Due]:
    """The code as often as it was asked for, which is not sooner than after half a minute; then who is to know."""
    for change in facts.all("number_change"):
        agent = facts.one("agent", change["agent_id"])
        because, to_new = f"the change of {agent['name']}'s number", frozenset({change["new_phone"]})
        times = times_asked(change, "sent_at")
        yield Due(Way.TEXT, Kind.NUMBER_CODE, to_new, change["code"] or "", because, times)
        proven, reverted = moment(change["proven_at"]), moment(change["reverted_at"])
        if proven is None:
            continue
        if agent["sms_consent_at"] is not None:
            mark = link(Purpose.NUMBER_REVERT, change["id"])
            to_old = frozenset({change["old_phone"]})
            yield Due(Way.TEXT, Kind.NUMBER_CHANGED, to_old, mark, because, since=proven, until=reverted)
        if change["confirmed_at"] != change["proven_at"]:
            mark, to = link(Purpose.NUMBER_CONFIRM, change["id"]), facts.addresses(agent["account_id"])
            until = reverted or moment(change["confirmed_at"])
            yield Due(Way.MAIL, Kind.NUMBER_CONFIRM, to, mark, because, since=proven, until=until)


def _sign_ins(facts: Facts) -> Iterator[Due]:
    for row in facts.all("sign_in_link"):
        to, mark = facts.addresses(row["account_id"]), link(Purpose.SIGN_IN, row["id"])
        yield Due(Way.MAIL, Kind.SIGN_IN, to, mark, "the wish to sign in", since=moment(row["created_at"]))
        agent = facts.agent_of(row["account_id"])
        if agent is not None:
            code = SIGNER.code(Purpose.SIGN_IN, UUID(row["id"]))
            mark, to = f"{code[:3]} {code[3:]}", dict(addresses_of(facts, agent))[Way.TEXT]
            yield Due(Way.TEXT, Kind.SIGN_IN, to, mark, "the wish to sign in", since=moment(row["created_at"]))


def _tests(facts: Facts) -> Iterator[Due]:
    """What an agent asks for on the page of their channels is kept in the outbox only."""
    for row in facts.all("notification", kind="test"):
        agent, mark = facts.agent_of(row["account_id"]), link(Purpose.ARRIVED, row["id"])
        assert agent is not None
        because = f"the test that {agent['name']} asked for"
        for way, to in addresses_of(facts, agent):
            if CHANNELS[way] == row["channel"]:
                yield Due(way, Kind.TEST, to, mark, because)


def _answers(facts: Facts) -> Iterator[Due]:
    for text in facts.all("inbound_text"):
        if text["answer"] is not None:
            to, because = frozenset({text["phone"]}), f"the answer to {text['body']!r}"
            yield Due(Way.ANSWER, None, to, text["answer"], because, since=moment(text["received_at"]))


def _joins(facts: Facts) -> Iterator[Due]:
    """Each lead, or the admin who invited, hears of each who asks; who was let in hears so by mail."""
    for asked in facts.all("join_request"):
        since, until = moment(asked["created_at"]), moment(asked["decided_at"])
        because = f"{asked['name']} asks to join"
        for lead in facts.all("agent", team_id=asked["team_id"], is_lead=True):
            for way, to in addresses_of(facts, lead):
                if way is not Way.TEXT:
                    yield Due(way, Kind.JOIN_ASKED, to, "", because, since=since, until=until)
        invitation = facts.one("invitation", asked["invitation_id"])
        if invitation["account_id"] is not None:
            admin = facts.addresses(invitation["account_id"])
            yield Due(Way.MAIL, Kind.JOIN_ASKED, admin, "", because, since=since, until=until)
        if asked["agent_id"] is not None:
            agent = facts.one("agent", asked["agent_id"])
            yield Due(Way.MAIL, Kind.JOINED, facts.addresses(agent["account_id"]), "", because, since=until)
