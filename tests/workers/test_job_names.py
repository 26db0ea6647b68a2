"""Jobs are queued by name: those of this release, and for one release those of the one before."""

from pathlib import Path

import pytest
from redis import Redis
from rq import Callback, Queue
from rq.serializers import DefaultSerializer, JSONSerializer
from rq.utils import import_attribute

from app.core.queue.jobs import Job
from tests.support.world.network import AgentInTest, Network
from tests.support.world.product import Product
from tests.support.world.waiting import eventually

BEFORE = {
    Job.PLACE_CALL: "app.jobs.calls.place_call",
    Job.END_CALL: "app.jobs.calls.end_call",
    Job.DELIVER: "app.jobs.messages.deliver",
}


@pytest.mark.parametrize("job", Job)
def test_a_name_leads_to_its_job(job: Job) -> None:
    assert callable(import_attribute(job.value))


@pytest.mark.parametrize("job", BEFORE)
def test_a_name_of_the_release_before_leads_to_the_same(job: Job) -> None:
    assert import_attribute(BEFORE[job]) is import_attribute(job.value)


@pytest.mark.process
@pytest.mark.parametrize("serializer", [JSONSerializer, DefaultSerializer], ids=["json", "pickle"])
def test_a_job_that_names_anything_else_is_not_run(
    network: Network, sam: AgentInTest, product: Product, tmp_path: Path, serializer: type
) -> None:
    made, redis = tmp_path / "made", Redis.from_url(product.env["REDIS_URL"])
    queue = Queue("voice", connection=redis, serializer=serializer)
    job = queue.enqueue("pathlib.Path.write_text", Path(made) if serializer is DefaultSerializer else str(made), "x")
    queue.enqueue("app.workers.calls.jobs.place_call", "x", on_success=Callback("os.abort"))
    eventually(lambda: job.get_status(refresh=True) == "failed", "the job fails")
    assert not made.exists()
    _, page = network.offered(sam)
    page.press("call")
    sam.phone.rings()
