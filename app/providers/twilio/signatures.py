"""Is this request really the carrier's? https://www.twilio.com/docs/usage/security"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from twilio.request_validator import RequestValidator

SHAPE = re.compile(r"[A-Za-z0-9+/]{27}=")
"""Base64 of the 20 bytes of a SHA-1."""


def looks_signed(signature: str) -> bool:
    """Whether it has the shape of a signature, so that the form is worth parsing."""
    return SHAPE.fullmatch(signature) is not None


class SignatureCheck:
    """Checks against the configured public URL, never against what the request says its host is."""

    def __init__(self, auth_tokens: Iterable[str], public_url: str) -> None:
        self._validators = [RequestValidator(token) for token in auth_tokens]
        self._public_url = public_url

    def accepts(self, path_and_query: str, form: Mapping[str, Any], signature: str) -> bool:
        """Whether `signature` is the carrier's over our URL and `form`; the raw query bytes count."""
        url = self._public_url + path_and_query
        return any(known.validate(url, form, signature) for known in self._validators)
