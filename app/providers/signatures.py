"""Is this request really the carrier's? https://www.twilio.com/docs/usage/security"""

from collections.abc import Mapping
from typing import Any

from twilio.request_validator import RequestValidator


class SignatureCheck:
    """Checks against the configured public URL, never against what the request says its host is."""

    def __init__(self, auth_token: str, public_url: str) -> None:
        self._validator = RequestValidator(auth_token)
        self._public_url = public_url

    def accepts(self, path_and_query: str, form: Mapping[str, Any], signature: str) -> bool:
        """Whether `signature` is the carrier's over our URL and `form`; the raw query bytes count."""
        return bool(signature) and self._validator.validate(self._public_url + path_and_query, form, signature)
