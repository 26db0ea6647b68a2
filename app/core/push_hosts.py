"""stub"""

from collections.abc import Callable


def push_hosts(setting: str) -> Callable[[str], bool]:
    return lambda _endpoint: True
