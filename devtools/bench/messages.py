"""Figures of messages: 100 referrals to a team of 10 on three channels, and a tap while 10,000 wait."""

import statistics
import time
from functools import partial

from redis import Redis
from rq import Queue, SimpleWorker

from devtools.bench.messages_rows import fill_the_queue, offers_to_agents_of_their_own
from devtools.bench.messages_world import REFERRALS, TEAM, MessagesWorld, held, running, until
from devtools.load import request_bytes, send

MESSAGES = REFERRALS * TEAM * 3
NO_OPS = 1500
"""Fewer than a worker does in its life."""
BACKLOG = 10_000
TAPS = 25
NOTIFY_PER_SECOND = 218
"""GOV.UK Notify (alphagov/notifications-api): one process, SMS to a loopback stub, on a machine like this one."""


def print_messages() -> None:
    """One run of them all."""
    with running() as world:
        no_op = _no_ops(world)
        for ms, goal in ((0, f"{0.8 * no_op:,.0f} (0.8 of a no-op)"), (100, "200")):
            rate = _deliveries(world, ms)
            ratio = f"{rate / no_op:5.2f}x of a no-op"
            print(f"{f'deliveries, provider takes {ms} ms':<34} {rate:>14,.0f} /s {ratio:>20}   goal {goal} or more")
        print(f"{'RQ, jobs that do nothing':<34} {no_op:>14,.0f} /s")
        print(f"{'GOV.UK Notify, deliver (FACTS)':<34} {NOTIFY_PER_SECOND:>14,.0f} /s")
        _live(world)
        _taps(world)


def _no_ops(world: MessagesWorld) -> float:
    """RQ's own jobs per second, by its worker as it comes."""
    queue = Queue("bare", connection=Redis.from_url(world.redis_url))
    queue.enqueue_many([Queue.prepare_data("devtools.bench.bare_job.nothing", result_ttl=0) for _ in range(NO_OPS)])
    began = time.monotonic()
    SimpleWorker([queue]).work(burst=True, logging_level="WARNING")
    return NO_OPS / (time.monotonic() - began)


def _deliveries(world: MessagesWorld, ms: int) -> float:
    """From the moment the worker may, until each row has been taken, sent, written and receipted."""
    world.forget()
    world.providers_take(ms)
    with held(world):
        world.refer()
    began = time.monotonic()
    until(lambda: sum(map(len, world.taken()["taken"].values())) >= MESSAGES, "the messages", every=0.2)
    handed: float = max(max(moments) for moments in world.taken()["taken"].values()) - began
    until(lambda: world.unsettled() == 0, "the receipts", every=0.1)
    print(f"    the last handed over after {handed:.1f} s")
    return MESSAGES / (time.monotonic() - began)


def _live(world: MessagesWorld) -> None:
    """The time to the first and to the last message, while the referrals are being posted."""
    world.forget()
    world.providers_take(100)
    began = world.refer()
    posted = time.monotonic() - began
    until(lambda: sum(map(len, world.taken()["taken"].values())) >= MESSAGES, "the messages", every=0.2)
    moments = sorted(moment for each in world.taken()["taken"].values() for moment in each)
    first, last = (moments[0] - began) * 1000, moments[-1] - began
    print(f"{'first message after its referral':<34} {first:>14,.0f} ms")
    print(f"{f'last of {MESSAGES:,}, as they are posted':<34} {last:>14.1f} s   (the posting took {posted:.1f} s)")


def _taps(world: MessagesWorld) -> None:
    """From the tap to the carrier's request for the call: with nothing else to do, and while a backlog is sent."""
    world.forget()
    world.providers_take(100)
    with held(world):
        links = offers_to_agents_of_their_own(2 * TAPS + 2)
        world.postgres.query("dibs", "TRUNCATE notification CASCADE")
    idle = _median_tap(world, links[: TAPS + 1])
    with held(world):
        fill_the_queue(world.team_id, BACKLOG)
    until(lambda: len(world.taken()["taken"].get("sms", [])) > 0, "the first of the backlog")
    busy = _median_tap(world, links[TAPS + 1 :])
    left = world.unsettled()
    assert left > 0, "the backlog was gone before the taps were over"
    print(f"{'tap to the carrier, nothing waits':<34} {idle:>14.1f} ms")
    print(f"{f'tap, {BACKLOG:,} messages queued':<34} {busy:>14.1f} ms {busy / idle:>14.2f}x of idle   goal 2x or less"
          f"   ({left:,} unsettled at the end)")  # fmt: skip


def _called(world: MessagesWorld, times: int) -> bool:
    return len(world.calls()) >= times


def _median_tap(world: MessagesWorld, links: list[str]) -> float:
    """Milliseconds; the first is not counted."""
    taken = []
    for link in links:
        before = len(world.calls())
        post = request_bytes("POST", f"{link}/call", b"x=1", Sec_Fetch_Site="same-origin", HX_Request="true")
        began = time.monotonic()
        assert send(world.web_port, [post], threads=1).failed(200) == 0
        until(partial(_called, world, before + 1), "the call", every=0.005)
        taken.append((world.calls()[-1] - began) * 1000)
    return statistics.median(taken[1:])
