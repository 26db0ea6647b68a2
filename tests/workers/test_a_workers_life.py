"""A worker ends by itself after its share of jobs: whatever they leak ends with it."""

import subprocess
import sys

import redis
from rq import Queue

from app.core.queue.jobs import SERIALIZER, Job
from deploy.processes import ROOT
from tests.support.world.network import Network
from tests.support.world.product import Product

THREE_AT_MOST = "import sys, worker; worker._most_jobs = lambda: 3; sys.exit(worker.main('messages'))"


def test_a_worker_leaves_after_its_share_and_the_next_goes_on(product: Product, network: Network) -> None:
    connection = redis.Redis.from_url(product.env["REDIS_URL"])
    jobs = Queue("messages", connection=connection, serializer=SERIALIZER)
    with product.without("messages"):
        jobs.enqueue_many([Queue.prepare_data(Job.DELIVER.value, args=(None,), result_ttl=0) for _ in range(7)])
        for left in (4, 1):
            worker = [sys.executable, "-c", THREE_AT_MOST]
            subprocess.run(worker, cwd=ROOT, env=product.env, check=True, timeout=40, capture_output=True)
            assert jobs.count == left
    network.refer(agent_id=(sam := network.add_agent()).id)
    sam.phone.gets_text("Seller in")
