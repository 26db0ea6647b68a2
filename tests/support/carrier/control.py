"""The sandbox's control API: its state, waiting for what is to come, and acting."""

from collections.abc import Callable
from typing import Any

import requests

PATIENCE = 12.0


class Control:
    """The sandbox, over HTTP."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = requests.Session()

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = self._http.get(f"{self.url}/control/state", timeout=30).json()
        return found

    def wait(self, look: Callable[[dict[str, Any]], Any], what: str, patience: float = PATIENCE) -> Any:
        """Asks until `look` finds something true in the state."""
        since, left = -1, patience
        while True:
            params: dict[str, float] = {"since": since, "wait": left}
            answer = self._http.get(f"{self.url}/control/state", params=params, timeout=patience + 20)
            left -= answer.elapsed.total_seconds()
            state = answer.json()
            found = look(state)
            if found:
                return found
            if left <= 0:
                raise AssertionError(f"never came: {what}\n{_told(state)}")
            since = state["version"]

    def act(self, path: str, **body: Any) -> Any:
        """Does something; what it was answered."""
        answer = self._http.post(f"{self.url}/control/{path}", json=body, timeout=20)
        answer.raise_for_status()
        return answer.json()


def _told(state: dict[str, Any]) -> str:
    lines = [f"{c['direction']} {c['phone']} {c['status']}: {c['transcript']}" for c in state["calls"]]
    lines += [f"text to {m['to']} {m['status']}" for m in state["messages"]]
    lines += [f"mail to {m['to']}: {m['subject']}" for m in state["mails"]]
    lines += [f"push {p['data']}" for p in state["pushes"]]
    lines += [
        f"callback {c['url'].rpartition('/')[2]} {c['params'].get('CallStatus')} -> {c['answer']}"
        for c in state["callbacks"]
    ]
    return "\n".join([*lines, *state["errors"]])
