"""What the carrier posts to the product: signed, in order, or not, when told to misbehave.

https://www.twilio.com/docs/usage/security#validating-requests and .../usage/webhooks/webhooks-overview
"""

import time
from typing import Any

import requests
from twilio.request_validator import RequestValidator

from sandbox.world import World, new_sid

HOOK_SECONDS = 15.0


class Poster:
    """Posts to the product as the carrier would."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._validator = RequestValidator(world.settings.auth_token)

    def fetch(self, url: str, params: dict[str, str], method: str = "POST") -> requests.Response:
        """Asks for a document. Raises requests.RequestException."""
        response = self._post(url, params, method)
        with self._world.changed:
            if self._world.behaviour.lose_answers > 0:
                self._world.behaviour.lose_answers -= 1
                raise requests.ConnectionError("the answer got lost")
        return response

    def _post(self, url: str, params: dict[str, str], method: str) -> requests.Response:
        """One signed request. Raises requests.RequestException."""
        headers = {
            "X-Twilio-Signature": self._sign(url, params, method),
            "I-Twilio-Idempotency-Token": new_sid("")[:36],
            "User-Agent": "TwilioProxy/1.1",
        }
        started = time.monotonic()
        try:
            if method == "GET":
                response = requests.get(url, params=params, headers=headers, timeout=HOOK_SECONDS)
            else:
                response = requests.post(url, data=params, headers=headers, timeout=HOOK_SECONDS)
        except requests.RequestException as error:
            self._record(url, params, type(error).__name__, started)
            raise
        self._record(url, params, response.status_code, started)
        return response

    def report(self, url: str, params: dict[str, str], *, event: str, method: str = "POST") -> None:
        """A status callback: nobody reads the answer, and it is not tried again."""
        behaviour = self._world.behaviour
        if event in behaviour.lose or "all" in behaviour.lose:
            self._record(url, params, "lost", time.monotonic())
            return
        if behaviour.delay:
            time.sleep(behaviour.delay)
        for _ in range(2 if behaviour.repeat else 1):
            try:
                self._post(url, params, method)
            except requests.RequestException:
                continue

    def _sign(self, url: str, params: dict[str, str], method: str) -> str:
        if method == "GET":
            prepared = requests.Request("GET", url, params=params).prepare()
            return str(self._validator.compute_signature(prepared.url, {}))
        return str(self._validator.compute_signature(url, params))

    def _record(self, url: str, params: dict[str, str], answer: int | str, started: float) -> None:
        entry: dict[str, Any] = {
            "url": url,
            "params": dict(params),
            "answer": answer,
            "ms": round((time.monotonic() - started) * 1000),
        }
        self._world.update(lambda: self._world.callbacks.append(entry))
