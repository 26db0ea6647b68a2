"""The carrier's own requests, signed, for those that a phone cannot bring about: repeated ones, above all."""

import requests
from twilio.request_validator import RequestValidator


class Hooks:
    """Posts to the product as the carrier does."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        self._validator = RequestValidator(token)

    def post(self, path: str, **params: str) -> requests.Response:
        """One request to an address below /hooks/twilio."""
        url = f"{self._url}/hooks/twilio/{path}"
        headers = {"X-Twilio-Signature": self._validator.compute_signature(url, params)}
        return requests.post(url, params, headers=headers, timeout=10)
