"""Everything that can happen to a referral, in any order."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.support.carrier.loose_carrier import Mood
from tests.support.carrier.true_call import Urls
from tests.support.world.in_process import URL
from tests.support.world.order_ground import Ground

HOOKS = f"{URL}/hooks/twilio"
OUR_NUMBER = Urls(f"{HOOKS}/voice", f"{HOOKS}/fallback", f"{HOOKS}/status")
ANY = st.sampled_from([0, 0, 0, 1, 2, 2, 3, 5])
"""Which of several, counted around and around: rather the first, so that much happens to few. With two members, 0 and 2
are the two offers of one of them; of calls and reports 0 is the newest."""
MOSTLY_WELL = st.sampled_from([Mood.WELL] * 6 + list(Mood))
TAPS = ("call", "call", "call", "stop", "undo", "decline")
HEARD = st.sampled_from(["human", "machine_end_beep", "machine_end_other", "fax", "unknown"])
CLIENT = ("ringing", "in-progress", "busy", "no-answer", "failed", "canceled", "completed")


class EveryOrder(Ground):
    """What people, carrier, workers, sweeper and time may do."""

    # People

    @rule(which=ANY, tap=st.sampled_from(TAPS))
    def taps(self, which: int, tap: str) -> None:
        offer = self._pick(which, self.offers)
        answer = self._tap(offer, tap)
        if tap == "call":
            self._somebody_calls(offer, answer)

    @rule(which=ANY, told=st.booleans())
    def is_in_the_menu(self, which: int, told: bool) -> None:
        """The usual way there, all at once; with or without the reports of it."""
        offer = self._pick(which, self.offers)
        self._tap(offer, "call")
        for row in self._rows("requested", offer):
            self.product.does("place", row["id"])
        for row in self._rows("dialing", offer):
            call = next((c for c in self.carrier.calls if c.sid == row["sid"]), None)
            if call is not None and call.status == "queued":
                call.rings()
                call.picks_up()
                self._answered(call)
        if told:
            self._all_reports_arrive()

    @rule(which=ANY, told=st.booleans())
    @precondition(lambda self: self._those(lambda c: c.keys_to and "/key" in c.keys_to))
    def reaches_the_client(self, which: int, told: bool) -> None:
        """The usual way on from there: 1, and the client picks up."""
        call = self._one(which, lambda c: c.keys_to and "/key" in c.keys_to)
        call.press("1")
        self._answered(call)
        if call.client == "initiated":
            call.client_becomes("ringing")
            call.client_becomes("in-progress")
            call.client_sounds_like("human")
        if told:
            self._all_reports_arrive()

    @rule(which=ANY, key=st.sampled_from(["1", "1", "1", "2", "7", ""]), at_once=st.booleans())
    @precondition(lambda self: self._those(lambda c: c.keys_to))
    def presses(self, which: int, key: str, at_once: bool) -> None:
        call = self._one(which, lambda c: c.keys_to)
        if "pin" in call.keys_to.split("/")[-1]:
            key = self._pin(int(key)) if key in ("1", "2") else key * 6
        call.press(key)
        if at_once:
            self._answered(call)

    @rule(which=ANY, at_once=st.booleans())
    @precondition(lambda self: self._outbound("ringing"))
    def picks_up(self, which: int, at_once: bool) -> None:
        call = self._pick(which, self._outbound("ringing"))
        call.picks_up()
        if at_once:
            self._answered(call)

    @rule(which=ANY)
    @precondition(lambda self: self._those(lambda c: c.status == "in-progress"))
    def hangs_up(self, which: int) -> None:
        self._one(which, lambda c: c.status == "in-progress").ends()

    @rule(which=ANY, whose=st.sampled_from(["own", "own", "other", "hidden", "client"]), attested=st.booleans())
    def rings_our_number(self, which: int, whose: str, attested: bool) -> None:
        own = f"+1512555100{which % 3}"
        sender = {"own": own, "other": "+15125559000", "hidden": "+266696687", "client": "+15125557001"}[whose]
        self._answered(self.carrier.calls_us(sender, OUR_NUMBER, attested))

    @rule(which=ANY, what=st.sampled_from(CLIENT))
    @precondition(lambda self: self._those(lambda c: c.client in ("initiated", "ringing", "in-progress")))
    def client(self, which: int, what: str) -> None:
        call = self._one(which, lambda c: c.client in ("initiated", "ringing", "in-progress"))
        if (what == "completed") == (call.client == "in-progress") or what == "failed":
            call.client_becomes(what)

    @rule(which=ANY, tap=st.sampled_from(["looked", "call", "call", "rather-text", "no-calls"]))
    def client_taps(self, which: int, tap: str) -> None:
        """They ask for a call, or for none: from then on nobody rings them."""
        answer = self.product.client_taps(self._pick(which, self.offers), tap)
        assert answer.status in (204, 303)

    # The carrier

    @rule(which=ANY, heard=HEARD)
    @precondition(lambda self: self._those(lambda c: c.client == "in-progress"))
    def hears_the_client(self, which: int, heard: str) -> None:
        """A person, a voicemail, a call screener; or it cannot tell."""
        self._one(which, lambda c: c.client == "in-progress").client_sounds_like(heard)

    @rule(which=ANY)
    @precondition(lambda self: self._outbound("queued"))
    def rings(self, which: int) -> None:
        self._pick(which, self._outbound("queued")).rings()

    @rule(which=ANY, heard=HEARD)
    @precondition(lambda self: self._outbound("in-progress"))
    def hears_a_machine(self, which: int, heard: str) -> None:
        """Or takes somebody for one."""
        self._pick(which, self._outbound("in-progress")).sounds_like(heard)

    @rule(which=ANY, how=st.sampled_from(["busy", "no-answer", "failed", "canceled"]))
    @precondition(lambda self: self._outbound("queued", "ringing"))
    def is_not_reached(self, which: int, how: str) -> None:
        self._pick(which, self._outbound("queued", "ringing")).ends(how)

    @rule(which=ANY, arrives=st.sampled_from([True, True, True, False]))
    @precondition(lambda self: self._those(lambda c: c.asking))
    def asks(self, which: int, arrives: bool) -> None:
        """The request for a document arrives, or is lost."""
        call = self._one(which, lambda c: c.asking)
        if arrives:
            self._answered(call)
        else:
            call.is_not_answered()

    @rule(which=st.integers(0, 30), again=st.booleans())
    @precondition(lambda self: self.carrier.waiting)
    def report_arrives(self, which: int, again: bool) -> None:
        """Any that is on its way; and perhaps it comes once more, later."""
        waiting = self.carrier.waiting
        request = waiting[-1 - which % len(waiting)]
        if not again:
            waiting.remove(request)
        self._deliver(request)

    @rule()
    @precondition(lambda self: self.carrier.waiting)
    def reports_arrive(self) -> None:
        self._all_reports_arrive()

    @rule(which=st.integers(0, 30))
    @precondition(lambda self: self.carrier.waiting)
    def report_is_lost(self, which: int) -> None:
        self.carrier.waiting.pop(-1 - which % len(self.carrier.waiting))

    # Our own processes

    @rule(which=ANY, mood=MOSTLY_WELL, meanwhile=st.sampled_from([None, None, "stop", "decline", "reports"]))
    @precondition(lambda self: self._rows("requested"))
    def worker_places(self, which: int, mood: Mood, meanwhile: str | None) -> None:
        row = self._pick(which, self._rows("requested"))
        self.carrier.mood = mood
        if meanwhile == "reports":
            self.carrier.meanwhile = self._all_reports_arrive
        elif meanwhile is not None:
            self.carrier.meanwhile = lambda: self._tap(row["offer_id"], meanwhile)
        self.product.does("place", row["id"])
        self.carrier.mood, self.carrier.meanwhile = Mood.WELL, None

    @rule(which=ANY, job=st.sampled_from(["place", "end", "end", "end"]), mood=MOSTLY_WELL)
    @precondition(lambda self: self.now.calls)
    def worker_works(self, which: int, job: str, mood: Mood) -> None:
        """Any job there can be: late, again, or long after its row is over; the newest call first."""
        self.carrier.mood = mood
        self.product.does(job, self._pick(which, list(reversed(self.now.calls))))
        self.carrier.mood = Mood.WELL

    @rule(mood=MOSTLY_WELL)
    def sweeper_turns(self, mood: Mood) -> None:
        self.carrier.mood = mood
        self.product.sweeps()
        self.carrier.mood = Mood.WELL

    @rule(seconds=st.sampled_from([1, 3, 6, 8, 10, 14, 20, 20, 21, 30, 90, 1790]), swept=st.booleans())
    def time_passes(self, seconds: int, swept: bool) -> None:
        """With the sweeper at work, or without."""
        for _ in range(5):
            self.product.passes(seconds / 5)
            if swept:
                self.product.sweeps()
                self.now.look()
