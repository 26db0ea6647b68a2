"""Our server calls the address that a browser names: only at known push services, however it is spelled."""

import pytest

from app.config.push_hosts import push_hosts
from app.http.devices import device_name

KNOWN = push_hosts("")
OURS = push_hosts("push.example, *.push.apple.com, 127.0.0.1:8001")


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc:APA91", "https://updates.push.services.mozilla.com/wpush/v2/gAAA",
        "https://web.push.apple.com/QGuQ", "https://wns2-by3p.notify.windows.com/w/?token=BQ%3d", "https://fcm.googleapis.com:443/x",
        "https://FCM.googleapis.com/x", "https://eu.autopush.push.services.mozilla.com/x",
    ],
)  # fmt: skip
def test_the_services_of_the_browsers_in_use_are_known(endpoint: str) -> None:
    assert KNOWN.allowed(endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x", "https://fcm.googleapis.com:8443/x", "https://fcm.googleapis.com",
        "https://fcm.googleapis.com.evil.example/x", "https://evilfcm.googleapis.com/x", "https://evil.example/fcm.googleapis.com/",
        "https://fcm.googleapis.com@evil.example/x", "https://evil.example\\@fcm.googleapis.com/x",
        "https://fcm.googleapis.com\\@evil.example/x", "https://evil.example#@fcm.googleapis.com/x",
        "https://fcm.googleapis.com\n.evil.example/x", "https://fcm.googleapis.com/x\r\nHost: evil", "https://fcm.googleapis.com./x",
        "https://notify.windows.com/x", "https://xnotify.windows.com/x", "//fcm.googleapis.com/x", "https://",
        "https://169.254.169.254/latest/meta-data", "http://127.0.0.1:8001/push/x",
        "https://fcm.googleapis.com/" + "x" * 1000,
        "https://fcm.googleapis.cöm/x", "",
    ],
)  # fmt: skip
def test_nothing_else_is(endpoint: str) -> None:
    assert not KNOWN.allowed(endpoint)


@pytest.mark.parametrize(
    ("endpoint", "allowed"),
    [
        ("https://push.example/x", True), ("https://a.b.push.apple.com/x", True),
        ("http://127.0.0.1:8001/push/x", True),
        ("https://fcm.googleapis.com/x", False), ("https://push.apple.com/x", False),
        ("https://127.0.0.1:8001/x", False),
        ("http://127.0.0.1:8002/x", False), ("http://127.0.0.1:80011/x", False), ("http://127.0.0.1/x", False),
        ("http://push.example/x", False), ("http://a.push.apple.com/x", False), ("http://localhost:8001/x", False),
    ],
)  # fmt: skip
def test_an_operator_may_name_others(endpoint: str, allowed: bool) -> None:
    assert OURS.allowed(endpoint) is allowed


SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5"
CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (f"Mozilla/5.0 (Linux; Android 10; K) {CHROME} Mobile Safari/537.36", "Chrome on Android"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36 Edg/143.0", "Edge on Windows"),
        (f"{SAFARI} Mobile/15E148 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:144.0) Gecko/20100101 Firefox/144.0", "Firefox on Mac"),
        (f"Mozilla/5.0 (X11; Linux x86_64) {CHROME} Safari/537.36", "Chrome on Linux"),
        ("curl/8", "A browser"), ("", "A browser"), ("<script>" * 100, "A browser"),
    ],
)  # fmt: skip
def test_a_browser_has_a_name(user_agent: str, name: str) -> None:
    assert device_name(user_agent) == name
