"""Whether a dialed leg was joined: by `DialBridged` where it is sent, else by either of the carrier's words."""

import pytest
from flask import Flask

from app.hooks.twilio.reported import were_joined


@pytest.mark.parametrize(
    ("told", "joined"),
    [
        ({"DialBridged": "true", "DialCallStatus": "answered"}, True),
        ({"DialBridged": "false", "DialCallStatus": "completed"}, False),
        ({"DialCallStatus": "answered", "DialCallDuration": "42"}, True),
        ({"DialCallStatus": "answered"}, True),
        ({"DialCallStatus": "completed", "DialCallDuration": "42"}, True),
        ({"DialCallStatus": "completed", "DialCallDuration": "0"}, False),
        ({"DialCallStatus": "no-answer"}, False),
        ({"DialCallStatus": "busy"}, False),
        ({}, False),
    ],
)
def test_a_leg_was_joined_or_not(told: dict[str, str], *, joined: bool) -> None:
    with Flask(__name__).test_request_context("/", method="POST", data=told):
        assert were_joined() is joined
