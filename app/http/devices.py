"""What a browser is called to its owner: "Chrome on Android". From the User-Agent, which is good enough for a name."""

from app.core.language import gettext as _
from app.core.language import mark

ON = " on "
BROWSERS = (
    ("Edg", "Edge"), ("SamsungBrowser", "Samsung Internet"), ("OPR", "Opera"), ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
"""What to look for, the more special first: nearly all of them also say Chrome and Safari."""
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Macintosh", "Mac"),
    ("CrOS", "Chromebook"), ("Linux", "Linux"),
)  # fmt: skip


def device_name(user_agent: str) -> str:
    """The browser and the system, as far as they can be told."""
    browser = next((name for word, name in BROWSERS if word in user_agent), mark("A browser"))
    system = next((name for word, name in SYSTEMS if word in user_agent), None)
    return f"{browser}{ON}{system}" if system else browser


def device_words(device: str) -> str:
    """The name that was kept, in the language of the moment."""
    browser, on, system = device.partition(ON)
    return _("%(browser)s on %(system)s", browser=_(browser), system=system) if on else _(browser)
