"""Web push: one encrypted message to one browser, by way of the service its maker runs (RFC 8030, 8291, 8292)."""

import re
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from py_vapid import Vapid02
from pywebpush import WebPusher, WebPushException
from requests import RequestException, Response, Session
from requests.adapters import HTTPAdapter

from app.core.errors import Permanent, ProviderError, Retryable, Unknown
from app.providers.fate import error_for
from app.providers.http import read_environment_once
from app.providers.webpush.codes import push_code
from app.providers.webpush.message import Push

PUSH_SECONDS = 8.0
CONNECTIONS = 32
SIGNED_FOR = 12 * 3600
"""Seconds a signature stands; services allow 24 hours at most."""
SIGN_AGAIN_AFTER = 3600
LONGEST_TTL = 28 * 24 * 3600
CREATED = range(200, 203)
WHOLE_SECONDS = re.compile(r"\d{1,5}")


class _NoRedirects(Session):
    """We post to the hosts we allow, and to no other that one of them may name."""

    def request(self, *args: Any, **kwargs: Any) -> Response:
        return super().request(*args, **{**kwargs, "allow_redirects": False})


class Pusher:
    """Safe to share between threads."""

    def __init__(self, private_key: str, subject: str, allowed: Callable[[str], bool]) -> None:
        self._key = Vapid02.from_string(private_key)
        self._subject = subject
        self._allowed = allowed
        self._session = _NoRedirects()
        self._session.mount("https://", HTTPAdapter(CONNECTIONS, CONNECTIONS))
        self._session.mount("http://", HTTPAdapter(CONNECTIONS, CONNECTIONS))
        read_environment_once(self._session)
        self._signed: dict[str, tuple[float, dict[str, str]]] = {}
        self._lock = threading.Lock()

    def push(self, message: Push) -> None:
        """Hands it to the browser's service. Raises Retryable, Permanent, or Unknown when it may have been taken."""
        if not self._allowed(message.endpoint):
            raise Permanent("host")
        browser = {"endpoint": message.endpoint, "keys": {"p256dh": message.p256dh, "auth": message.auth}}
        headers = {
            **self._signature(message.endpoint),
            "Content-Type": "application/octet-stream",
            "Urgency": "high",
            "Topic": message.topic,
            "TTL": str(max(0, min(message.ttl, LONGEST_TTL))),
        }
        try:
            answer = WebPusher(browser, requests_session=self._session).send(
                message.payload, headers, timeout=PUSH_SECONDS
            )
        except (WebPushException, ValueError) as error:  # keys that are none
            raise Permanent("keys") from error
        except RequestException as error:
            raise Unknown("no-answer") from error
        _check(answer)

    def _signature(self, endpoint: str) -> dict[str, str]:
        """The VAPID header for the service of `endpoint`; made once an hour, since signing costs more than sending."""
        url = urlsplit(endpoint)
        audience, at = f"{url.scheme}://{url.netloc}", time.time()
        with self._lock:
            made, headers = self._signed.get(audience, (0.0, {}))
            if at - made > SIGN_AGAIN_AFTER:
                claims = {"aud": audience, "sub": self._subject, "exp": int(at) + SIGNED_FOR}
                headers = dict(self._key.sign(claims))
                self._signed[audience] = (at, headers)
        return headers


def _check(answer: Any) -> None:
    if answer.status_code in CREATED:
        return
    error: ProviderError = error_for(str(answer.status_code), push_code(answer.status_code))
    wait = answer.headers.get("Retry-After", "")
    if isinstance(error, Retryable) and WHOLE_SECONDS.fullmatch(wait):
        error.retry_after = float(wait)
    raise error
