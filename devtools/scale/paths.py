"""What is measured: a referral from its post to the end of the call, and every page, poll and sweep."""

from collections.abc import Callable, Iterator
from uuid import UUID

from werkzeug.test import TestResponse

from app.workers.calls.jobs import place_call
from app.workers.messages.jobs import dispatcher
from app.workers.sweeper import Sweeper
from devtools.sample import referral_to
from devtools.scale.people import FIVE, IDLE_EVERY, MANY
from devtools.scale.site import Site, Visitor

OURS = "+15125550100"
MEMBERS = """
    SELECT o.id, o.agent_id, a.phone FROM offer o JOIN agent a ON a.id = o.agent_id
     WHERE o.referral_id = %s ORDER BY o.id
"""
FIRST_SIDS = 7 * 10**8


def lives(site: Site) -> Iterator[None]:
    """One referral per step, each to a team with nothing else open; every other one is claimed by PIN."""
    teams = [row["id"] for row in site.rows("SELECT id FROM team ORDER BY name")][IDLE_EVERY - 1 :: IDLE_EVERY]
    for number, team_id in enumerate(teams):
        _life(site, number, team_id)
        yield


def _life(site: Site, number: int, team_id: UUID) -> None:
    timed = site.timed
    body = referral_to(team_id)
    posted = timed("API: post to a team of five", lambda: site.asks("POST", "referrals", body, f"scale-{number}"))
    timed("API: the same post again", lambda: site.asks("POST", "referrals", body, f"scale-{number}"))
    timed("API: a referral", lambda: site.asks("GET", f"referrals/{posted['id']}"))
    timed("worker: send what is due", lambda: site.works(lambda: dispatcher().run()))
    receipted = site.rows(
        "SELECT n.id, n.provider_id FROM notification n JOIN offer o ON o.id = n.offer_id"
        " WHERE o.referral_id = %s AND n.channel = 'sms' AND n.provider_id IS NOT NULL",
        posted["id"],
    )[0]
    receipt = {"MessageSid": receipted["provider_id"], "MessageStatus": "delivered"}
    timed("callback: receipt of a text", lambda: site.hears(f"messages/{receipted['id']}?attempt=1", **receipt))
    first, second, third, fourth, fifth = (_Member(site, **row) for row in site.rows(MEMBERS, posted["id"]))
    timed("claim page, offered", lambda: site.anybody.get(first.link))
    site.anybody.polls(f"{first.link}/panel")
    timed("poll, nothing new", lambda: site.anybody.polls(f"{first.link}/panel"))
    first.is_rung()
    timed("poll, something new", lambda: site.anybody.polls(f"{first.link}/panel"))
    timed("callback: ringing", lambda: first.reports("ringing", 1))
    timed("callback: picked up", lambda: first.asks("menu"))
    timed("callback: a machine heard", lambda: first.asks("machine", AnsweredBy="human"))

    second.is_rung()
    timed("callback: no answer", lambda: second.reports("no-answer", 2))
    timed("text: 1", lambda: third.texts("1"))
    timed("text: hello", lambda: third.texts("hello"))
    timed("decline", lambda: site.anybody.post(f"{fourth.link}/decline", reason="too_far"))
    timed("undo", lambda: site.anybody.post(f"{fourth.link}/undo"))
    if number % 2:
        _by_pin(site, fifth, caller=f"+1737{2_000_000 + number}")
    else:
        timed("callback: key 1 claims", lambda: first.asks("key", Digits="1"))
        timed("callback: the client's leg", lambda: first.client_reports("in-progress"))
        timed(
            "callback: the bridge is over", lambda: first.asks("bridge", DialCallStatus="completed", DialBridged="true")
        )
    _check_claimed(site, posted["id"])
    timed("callback: the call is over", lambda: first.reports("completed", 3))
    timed("claim page, claimed", lambda: site.anybody.get(first.link if number % 2 == 0 else fifth.link))
    timed("claim page, lost", lambda: site.anybody.get(second.link))
    site.rows("DELETE FROM pin RETURNING id")


def _check_claimed(site: Site, referral_id: str) -> None:
    """Makes sure that what was timed as a claim really was one."""
    if not site.rows("SELECT id FROM claim WHERE referral_id = %s", referral_id):
        raise RuntimeError("nobody has claimed it")


def _by_pin(site: Site, fifth: "_Member", *, caller: str) -> None:
    """The fifth agent misses a call, then claims by PIN from somebody else's phone."""
    fifth.is_rung()
    fifth.reports("no-answer", 2)
    digits = site.rows("SELECT digits FROM pin WHERE offer_id = %s", fifth.id)[0]["digits"]
    own = {"CallSid": next(_sids), "From": fifth.phone, "To": OURS, "StirVerstat": "TN-Validation-Passed-A"}
    site.timed("callback: an agent calls back", lambda: site.hears("voice", **own))
    site.hears("status", **own, CallStatus="completed", SequenceNumber="1")
    call = {"CallSid": next(_sids), "From": caller, "To": OURS, "StirVerstat": "TN-Validation-Passed-C"}
    site.timed("callback: a call to our number", lambda: site.hears("voice", **call))
    site.timed("callback: a wrong PIN", lambda: site.hears("pin?tried=0", **call, Digits="000000"))
    site.timed("callback: the PIN claims", lambda: site.hears("pin?tried=1", **call, Digits=digits))


class _Member:
    """An agent of the team, and their phone."""

    def __init__(self, site: Site, id: UUID, agent_id: UUID, phone: str) -> None:
        self._site, self.id, self.agent_id, self.phone = site, id, agent_id, phone
        self.link = site.link(id)
        self.call_id, self.sid = UUID(int=0), ""

    def is_rung(self) -> None:
        site = self._site
        site.timed("tap", lambda: site.anybody.post(f"{self.link}/call"))
        self.call_id = site.rows("SELECT id FROM call WHERE offer_id = %s", self.id)[0]["id"]
        site.timed("worker: place a call", lambda: site.works(lambda: place_call(str(self.call_id), None)))
        self.sid = site.rows("SELECT sid FROM call WHERE id = %s", self.call_id)[0]["sid"]

    def reports(self, status: str, sequence: int) -> TestResponse:
        return self.asks("status", CallStatus=status, SequenceNumber=str(sequence))

    def client_reports(self, status: str) -> TestResponse:
        sid = {"CallSid": next(_sids), "ParentCallSid": self.sid}
        return self._site.hears(f"calls/{self.call_id}/client", CallStatus=status, SequenceNumber="1", **sid)

    def asks(self, step: str, **form: str) -> TestResponse:
        form = {"CallStatus": "in-progress", "From": OURS, "To": self.phone, "CallSid": self.sid, **form}
        return self._site.hears(f"calls/{self.call_id}/{step}", **form)

    def texts(self, words: str) -> TestResponse:
        return self._site.hears("sms", MessageSid=f"SM{next(_sids)[2:]}", From=self.phone, To=OURS, Body=words)


def _numbered() -> Iterator[str]:
    number = FIRST_SIDS
    while True:
        number += 1
        yield f"CA{number:032x}"


_sids = _numbered()


def rounds(site: Site) -> dict[str, Callable[[], object]]:
    """Requests and jobs that change nothing and can be repeated, by name."""
    admin = site.admin()
    claimed = site.rows("SELECT id FROM referral WHERE status = 'claimed' ORDER BY id DESC LIMIT 1")[0]["id"]
    oldest = site.rows("SELECT id FROM referral ORDER BY id OFFSET 30 LIMIT 1")[0]["id"]
    teams = site.rows("SELECT id FROM team ORDER BY name LIMIT 1")[0]["id"]
    pages = {f"portal: {name}": pages for name, pages in _portals(site).items()}
    desk = {
        "desk: the newest": "/admin/",
        "desk: open": "/admin/?show=open",
        "desk: claimed": "/admin/?show=claimed",
        "desk: the last page": f"/admin/?show=all&after={oldest}",
        "desk: everything": "/admin/?show=all",
        "desk: nobody has it": "/admin/?show=nobody",
        "desk: searched by name": "/admin/?q=delgado",
        "desk: searched by phone": "/admin/?q=5557",
        "desk: searched by place and name": "/admin/?q=austin+maria",
        "desk: a referral": f"/admin/referrals/{claimed}",
        "desk: agents": "/admin/agents",
        "desk: agents, searched": "/admin/agents?q=smith",
        "desk: teams": "/admin/teams",
        "desk: a team": f"/admin/teams/{teams}",
        "desk: a new referral": "/admin/referrals/new",
        "desk: whom to": "/admin/referrals/targets?q=mar",
    }
    polls = {"desk: the list's poll": "/admin/list", "desk: a timeline's poll": f"/admin/referrals/{claimed}/timeline"}
    return {
        **pages,
        **{name: _page(admin, path) for name, path in desk.items()},
        **{name: _poll(admin, path) for name, path in polls.items()},
        "sign-in page": _page(site.anybody, "/sign-in"),
        "sweeper: a turn with nothing to do": lambda: _sweep(site),
        "worker: nothing is due": lambda: site.works(lambda: dispatcher().run()),
    }


def _portals(site: Site) -> dict[str, Callable[[], object]]:
    found: dict[str, Callable[[], object]] = {}
    for words, name in (("5 claims", FIVE), ("400 claims", MANY)):
        agent = site.rows(
            "SELECT a.id, c.email FROM agent a JOIN account c ON c.id = a.account_id WHERE a.name = %s", name
        )[0]
        visitor = site.signed_in(agent["email"])
        referral_id = site.rows("SELECT referral_id FROM claim WHERE agent_id = %s ORDER BY id LIMIT 1", agent["id"])
        found |= {
            f"{words}": _page(visitor, "/referrals"),
            f"{words}, the poll": _poll(visitor, "/referrals/list"),
            f"{words}, a client": _page(visitor, f"/referrals/{referral_id[0]['referral_id']}"),
            f"{words}, channels": _page(visitor, "/channels"),
        }
    return found


def _page(visitor: Visitor, path: str) -> Callable[[], object]:
    return lambda: visitor.get(path)


def _poll(visitor: Visitor, path: str) -> Callable[[], object]:
    return lambda: visitor.polls(path)


def _sweep(site: Site) -> None:
    sweeper = Sweeper(site.app)
    sweeper.turn()
    sweeper.finish()
