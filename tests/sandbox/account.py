"""The account at the sandbox, and a call from it."""

from twilio.rest import Client

from tests.support.carrier.carrier import Carrier
from tests.support.phone.phone import Phone

OURS = "+15125550100"
PHONE = "+15125557777"
ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "tests-auth-token"
HOOK_KEY = "tests-mail-hook-key"


def client(carrier: Carrier) -> Client:
    """Twilio's own SDK, on the sandbox."""
    made = Client(ACCOUNT, TOKEN)
    made.api.base_url = carrier.url
    return made


def ring(carrier: Carrier, url: str, **more: object) -> Phone:
    """Calls the phone with the document at `url`."""
    client(carrier).calls.create(to=PHONE, from_=OURS, url=url, **more)
    return carrier.phone(PHONE).rings()


def heard(carrier: Carrier, number: str = PHONE) -> list[str]:
    """What the voice said on the only call of this phone."""
    (call,) = [call for call in carrier.state()["calls"] if call["phone"] == number]
    return [line["text"] for line in call["transcript"] if line["who"] == "voice"]
