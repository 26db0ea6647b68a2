"""Record as Twilio documents it: a tone, then what is said, and the two callbacks about it."""

import requests

from tests.sandbox.account import PHONE, ring
from tests.support.carrier.carrier import Carrier
from tests.support.carrier.documents import Documents
from tests.support.world.product import Product
from tests.support.world.waiting import eventually

RECORD = "<Record action='/done' maxLength='120' recordingStatusCallback='/recorded'/>"


def recorded(documents: Documents) -> dict[str, str]:
    eventually(lambda: any(asked.path == "/recorded" for asked in documents.requests), "the recording")
    return documents.asked("/recorded").params


def test_a_key_ends_it_and_both_addresses_hear_of_it(carrier: Carrier, documents: Documents, product: Product) -> None:
    documents.write("/done", "<Say>Thank you</Say>")
    caller = ring(carrier, documents.write("/start", RECORD)).answer().hears("(beep)").speaks(42)
    caller.press("#").hears("Thank you").is_over("completed")
    told, done = recorded(documents), documents.asked("/done").params
    assert (told["RecordingStatus"], told["RecordingSource"]) == ("completed", "RecordVerb")
    assert int(told["RecordingDuration"]) >= 42
    assert (done["RecordingSid"], done["Digits"]) == (told["RecordingSid"], "#")
    account = (product.env["TWILIO_ACCOUNT_SID"], product.env["TWILIO_AUTH_TOKEN"])
    audio = requests.get(f"{told['RecordingUrl']}.mp3", auth=account, timeout=10)
    assert audio.headers["Content-Type"] == "audio/mpeg"
    assert requests.get(f"{told['RecordingUrl']}.mp3", timeout=10).status_code == 401
    assert requests.delete(f"{told['RecordingUrl']}.json", auth=account, timeout=10).status_code == 204
    assert requests.get(f"{told['RecordingUrl']}.mp3", auth=account, timeout=10).status_code == 404


def test_hanging_up_ends_it_too_and_the_action_is_asked_all_the_same(carrier: Carrier, documents: Documents) -> None:
    documents.write("/done", "<Say>Nobody hears this</Say>")
    ring(carrier, documents.write("/start", RECORD)).answer().hears("(beep)").speaks(5).hang_up().is_over("completed")
    assert recorded(documents)["CallSid"] == next(c["sid"] for c in carrier.state()["calls"] if c["phone"] == PHONE)
    eventually(lambda: any(asked.path == "/done" for asked in documents.requests), "the action")
    assert documents.asked("/done").params["Digits"] == "hangup"
