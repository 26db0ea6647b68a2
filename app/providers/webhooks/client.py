"""Posts to endpoints of the network's software: to the IP address that was checked, without following redirects."""

import socket
from collections.abc import Callable, Mapping

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.exceptions import HTTPError, LocationValueError

from app.config.webhook_hosts import Place, is_public
from app.core.errors import Permanent, Retryable

CONNECT_SECONDS, READ_SECONDS = 5.0, 10.0
SUCCESS = range(200, 300)
GONE = 410


class EndpointClient:
    """Safe to share between threads. `place_of` parses a URL; it returns None if webhooks may not go there."""

    def __init__(self, place_of: Callable[[str], Place | None]) -> None:
        self._place_of = place_of

    def post(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> int:
        """Posts, and returns the status, which is 2xx. Raises Retryable, and Permanent for 410 Gone.

        A request that may have arrived is sent again as well: receivers recognize the event by its id.
        """
        place = self._place_of(url)
        if place is None:
            raise Retryable("address not allowed")
        pool = _pool(place, _address(place))
        try:
            answer = pool.request(
                "POST",
                place.path,
                body=body,
                headers={**headers, "Host": place.authority},
                retries=False,
                redirect=False,
                preload_content=False,
                assert_same_host=False,
            )
            status, wait = answer.status, answer.headers.get("Retry-After", "")
        except (HTTPError, LocationValueError, OSError) as error:
            raise Retryable(_words(error)) from error
        finally:
            pool.close()
        if status in SUCCESS:
            return status
        if status == GONE:
            raise Permanent(str(status))
        raise Retryable(str(status), retry_after=float(wait) if wait.isdigit() and len(wait) <= 6 else None)  # noqa: PLR2004


def _address(place: Place) -> str:
    """The IP address to connect to: the one we checked, since a name may resolve differently a moment later."""
    try:
        found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Retryable("host not found") from error
    addresses = [str(one[4][0]) for one in found]
    usable = addresses if place.named else [one for one in addresses if is_public(one)]
    if not usable:
        raise Retryable("address not public")
    return usable[0]


def _pool(place: Place, address: str) -> HTTPConnectionPool:
    timeout = Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
    if place.scheme == "http":
        return HTTPConnectionPool(address, place.port, timeout=timeout)
    return HTTPSConnectionPool(
        address, place.port, timeout=timeout, server_hostname=place.host, assert_hostname=place.host
    )


def _words(error: Exception) -> str:
    """A short reason why there was no answer. The exception's own message may contain the address."""
    name = type(error).__name__
    if "Timeout" in name:
        return "timed out"
    if "SSL" in name or "Certificate" in name:
        return "TLS failed"
    if name in ("NewConnectionError", "ConnectionRefusedError"):
        return "no connection"
    return "no answer"
