"""A push all the way: from the network's post, encrypted by us, to a real browser's screen, and to a ringing phone."""

import json

from tests.support.browser.subscriber import subscribed
from tests.support.carrier.carrier import Carrier
from tests.support.world.database import Database
from tests.support.world.network import Network
from tests.support.world.waiting import eventually
from tests.web.pwa.conftest import HandOut

PUSHES = "SELECT status FROM notification WHERE channel = 'push'"


def test_from_the_networks_post_to_a_ringing_phone(
    network: Network, carrier: Carrier, database: Database, device: HandOut
) -> None:
    sam = network.add_agent()
    phone = device(sam)
    service = subscribed(carrier, database, sam.id, shows=False)
    network.refer(agent_id=sam.id)
    decrypted = service.gets_push("Seller in").payload
    eventually(lambda: database.rows(PUSHES) == [("sent",)], "taken by the service, and not yet shown")
    (shown,) = phone.gets_push(json.dumps(decrypted))
    assert shown["title"] == "Seller in Austin, 78704"
    eventually(lambda: database.rows(PUSHES) == [("delivered",)], "shown, as the worker says")
    phone.taps(decrypted["tag"], "call")
    sam.phone.rings()
